"""When a device sends: at once and again when it has something new to say, otherwise at its heartbeat.

In its first minute after power-up the heartbeat is fast, as after a change of batteries: whoever begins to listen late
still hears everybody within seconds. Responsible for the instants of one device. Values in, values out: time comes as
an argument, and a device's phase is drawn from its name.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import MINUTE_MS, SECOND_MS

RADIO_BURST_MS: Final = (0, 150, 350, 600, 950)
"""When an advertisement is said, and said again: it is not acknowledged, repeating is all a sensor can do."""

HEARTBEAT_MS: Final = MINUTE_MS
POWER_UP_MS: Final = MINUTE_MS
POWER_UP_BEAT_MS: Final = 5 * SECOND_MS
"""Divides every heartbeat, so that the fast beats lead into the slow ones."""

COMING_UP_MS: Final = 4 * SECOND_MS
"""Devices come up one after the other within this time."""


class Rhythm:
    """The instants of the device ``name``, switched on at ``on_ms``.

    Attributes:
        due_ms: When it sends next, UTC milliseconds.
        beats: Whether that is a heartbeat, and so a new message; if not, a burst is going on.
    """

    def __init__(
        self, name: str, on_ms: int, burst_ms: tuple[int, ...] = RADIO_BURST_MS, heartbeat_ms: int = HEARTBEAT_MS
    ) -> None:
        self._burst_ms = burst_ms
        self._heartbeat_ms = heartbeat_ms
        self._awake_until_ms = on_ms + POWER_UP_MS
        # The history lets each sensor speak in the same second of the minute.
        self._phase_ms = chance_of("stagger", name).randrange(heartbeat_ms)
        self._left: deque[int] = deque()
        self._again_ms: int | None = None
        self.say(on_ms + self._phase_ms % COMING_UP_MS)

    def say(self, at_ms: int, again_ms: int | None = None) -> None:
        """There is something new to say at ``at_ms``, and perhaps the same once more, as a new message, later."""
        self._again_ms = again_ms
        self._left = deque(at_ms + offset_ms for offset_ms in self._burst_ms)
        self.beats = False
        self.due_ms = self._left.popleft()

    def sent(self, now_ms: int) -> None:
        """What was due has been sent."""
        self.beats = not self._left
        if self._left:
            self.due_ms = self._left.popleft()
        elif self._again_ms is not None:
            self.due_ms, self._again_ms = self._again_ms, None
        else:
            self.due_ms = self._next_beat_ms(now_ms)

    def _next_beat_ms(self, now_ms: int) -> int:
        """The next instant of this device's own phase, a second or more away."""
        earliest = now_ms + SECOND_MS
        apart_ms = POWER_UP_BEAT_MS if earliest < self._awake_until_ms else self._heartbeat_ms
        return earliest + (self._phase_ms - earliest) % apart_ms
