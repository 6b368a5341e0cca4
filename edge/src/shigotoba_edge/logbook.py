"""What a driver tells the agent: what it heard, what it dropped and why, and whether it is at work.

Responsible for counting per driver. Refuses to store readings: it hands each sighting on at once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

import msgspec

from shigotoba_wire.health import DriverHealth, DriverState
from shigotoba_wire.readings import Reading, Value

log = logging.getLogger(__name__)


class Sighting(msgspec.Struct, frozen=True):
    """One message of one device, understood.

    Attributes:
        device: Identity of the device.
        at_ms: When it was heard, UTC milliseconds.
        readings: What was new in it; empty when it only shows that the device is alive.
        rssi_dbm: Signal strength, where there is a radio.
        note: What a person should look at; empty when all is well.
        introduces: For a learn telegram the profile that it names or probably has, empty if it tells none; None for
            every other message.
    """

    device: str
    at_ms: int
    readings: tuple[Reading, ...] = ()
    rssi_dbm: int | None = None
    note: str = ""
    introduces: str | None = None


def sighting_of(
    device: str,
    at_ms: int,
    values: tuple[tuple[str, Value], ...] = (),
    rssi_dbm: int | None = None,
    note: str = "",
) -> Sighting:
    """A sighting whose readings are the (point, value) pairs ``values``, all as of ``at_ms``."""
    readings = tuple(Reading(device, point, value, at_ms) for point, value in values)
    return Sighting(device, at_ms, readings, rssi_dbm, note)


def _nobody(_device: str, _reason: str, _times: int) -> None:
    """Nobody counts errors by device."""


class Logbook:
    """One driver's counters and state since the agent started.

    Args:
        driver: Its name.
        on_sighting: Is handed each sighting.
        on_dropped: Is handed what a known device said in vain: device, reason, times.
    """

    def __init__(
        self,
        driver: str,
        on_sighting: Callable[[Sighting], None],
        on_dropped: Callable[[str, str, int], None] = _nobody,
    ) -> None:
        self.driver = driver
        self.state = DriverState.STARTING
        self._on_sighting = on_sighting
        self._on_dropped = on_dropped
        self._frames = 0
        self._dropped: Counter[str] = Counter()
        self._restarts = 0
        self._last_error = ""
        self._unease = ""

    def ready(self) -> None:
        """The driver listens now."""
        if self.state is not DriverState.RUNNING:
            log.info("%s: listening", self.driver)
        self.state = DriverState.RUNNING

    def sighted(self, sighting: Sighting) -> None:
        """A message was understood."""
        self._frames += 1
        self._on_sighting(sighting)

    def dropped(self, reason: str, times: int = 1, device: str = "") -> None:
        """Something was not understood, or not wanted; of ``device``, where it is known whose it was."""
        self._dropped[reason] += times
        if device:
            self._on_dropped(device, reason, times)

    def failed(self, error: str) -> None:
        """The driver cannot go on and waits to be started again."""
        self.state = DriverState.WAITING
        self._restarts += 1
        self._last_error = error

    def uneasy(self, about: str) -> None:
        """The driver goes on, but a person should know of this; empty when it is over."""
        self._unease = about

    def stopped(self) -> None:
        """The agent has ended the driver."""
        self.state = DriverState.STOPPED

    def health(self) -> DriverHealth:
        """All of it as a message."""
        return DriverHealth(
            self.driver, self.state, self._frames, dict(self._dropped), self._restarts, self._unease or self._last_error
        )
