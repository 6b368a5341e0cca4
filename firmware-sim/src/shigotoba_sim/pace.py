"""How fast time passes in the building, against the clock on the wall.

Devices always speak by the wall clock; at a pace other than 1 it is what happens to them that comes faster. The two
clocks agree at the instant the building comes to life, so a process that was killed finds its time again.

Responsible for the two conversions. Refuses to be a clock.
"""

from __future__ import annotations

import msgspec


class Pace(msgspec.Struct, frozen=True):
    """``speed`` seconds of the building per second on the wall, from ``origin_ms`` on; before it, they are the same."""

    origin_ms: int
    speed: float = 1.0

    def inside(self, wall_ms: int) -> int:
        """The time in the building when it is ``wall_ms`` on the wall, both UTC milliseconds."""
        passed_ms = wall_ms - self.origin_ms
        return wall_ms if passed_ms <= 0 else self.origin_ms + round(passed_ms * self.speed)

    def on_the_wall(self, inside_ms: int) -> int:
        """The time on the wall when it is ``inside_ms`` in the building."""
        passed_ms = inside_ms - self.origin_ms
        return inside_ms if passed_ms <= 0 else self.origin_ms + round(passed_ms / self.speed)
