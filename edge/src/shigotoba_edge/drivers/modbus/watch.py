"""What one wired input says, poll by poll: states when they change and now and then, presses once each.

A press is counted by the module (a latching counter), so one that is shorter than a poll, or happens while the module
does not answer, is not missed. A latched input is on once after a press, however short. Without either it is a rise
of the input between two polls.

Responsible for that arithmetic. Refuses to read modules (see ``bus``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.drivers.modbus.settings import Input
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.readings import Quality, Reading

MOST_PRESSES: Final = 50
"""Nobody presses more often between two polls: the counter has been restarted."""

LATE_MS: Final = 10_000
"""A press found after a longer silence happened some time within it: its reading is marked as uncertain."""


class Watch:
    """One input, followed from poll to poll."""

    def __init__(self, wired: Input, say_again_ms: int) -> None:
        self._wired = wired
        self._say_again_ms = say_again_ms
        self._level: bool | None = None
        self._count: int | None = None
        self._heard_ms = 0
        self._said_ms: int | None = None
        self.restarts = 0
        """How often the counter began again, so that presses before that are not known."""

    def take(self, level: bool | None, count: int | None, at_ms: int) -> Sighting | None:
        """What is to be said after a poll; None if that is nothing.

        Args:
            level: Of the input, if there is one.
            count: Of the counter, if there is one.
            at_ms: When it was read.
        """
        readings = self._presses(level, count, at_ms) if self._wired.point == "button" else self._state(level, at_ms)
        self._level, self._count, self._heard_ms = level, count, at_ms
        if not readings and not self._silent_too_long(at_ms):
            return None
        self._said_ms = at_ms
        return Sighting(self._wired.device, at_ms, readings)

    def _silent_too_long(self, at_ms: int) -> bool:
        # The clock may have been set back since.
        return self._said_ms is None or not 0 <= at_ms - self._said_ms < self._say_again_ms

    def _state(self, level: bool | None, at_ms: int) -> tuple[Reading, ...]:
        if level is None or (level == self._level and not self._silent_too_long(at_ms)):
            return ()
        return (Reading(self._wired.device, self._wired.point, level != self._wired.inverted, at_ms),)

    def _presses(self, level: bool | None, count: int | None, at_ms: int) -> tuple[Reading, ...]:
        presses = self._rises(level) if count is None else self._counted(count)
        quality = Quality.UNCERTAIN if at_ms - self._heard_ms > LATE_MS else Quality.GOOD
        device, says = self._wired.device, self._wired.says
        # One millisecond apart, so that they are as many readings as presses.
        return tuple(Reading(device, "button", says, at_ms - late, quality) for late in reversed(range(presses)))

    def _rises(self, level: bool | None) -> int:
        if level is None or self._level is None:
            return 0
        pressed, before = level != self._wired.inverted, self._level != self._wired.inverted
        return int(pressed and (self._wired.latched or not before))

    def _counted(self, count: int) -> int:
        if self._count is None:
            return 0
        presses = (count - self._count) % (1 << 16 * self._wired.counter_words)
        if presses > MOST_PRESSES:
            self.restarts += 1
            return 0
        return presses
