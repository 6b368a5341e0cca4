"""States that a device says once, when they change, held up for as long as the broker knows that it is connected.

ESPHome and Shelly say nothing while nothing changes; what they said would soon be unknown. But the broker keeps their
last will: a topic that says whether they are connected, right within a minute or two. A connected device that would
have said a change has not changed.

Responsible for which states to say again, and when. Pure; refuses to hold anything up that was not heard fresh, or over
a break in our own connection, in which a change may have passed unheard.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from shigotoba_wire.readings import Reading


class Repeating:
    """The devices that are held up."""

    def __init__(self) -> None:
        self._connected: set[str] = set()
        self._last: dict[tuple[str, str], tuple[Reading, float]] = {}

    def connected(self, device: str, *, yes: bool) -> None:
        """The broker says whether a device is connected; of one that is not, nothing is known any more."""
        if yes:
            self._connected.add(device)
            return
        self._connected.discard(device)
        for key in [key for key in self._last if key[0] == device]:
            del self._last[key]

    def heard(self, readings: Iterable[Reading], keep_alive_s: float) -> None:
        """A device said these itself; states are held up, events and numbers are not."""
        for reading in readings:
            if isinstance(reading.value, bool):
                self._last[reading.device, reading.point] = reading, keep_alive_s

    def due(self, now_ms: int) -> list[Reading]:
        """The states to say again now: those of connected devices that are a keep-alive old."""
        again: list[Reading] = []
        for key, (reading, keep_alive_s) in self._last.items():
            if reading.device in self._connected and now_ms - reading.at_ms >= keep_alive_s * 1000:
                renewed = msgspec.structs.replace(reading, at_ms=now_ms)
                self._last[key] = renewed, keep_alive_s
                again.append(renewed)
        return again

    def forget(self) -> None:
        """Our own connection broke: what happened meanwhile is not known."""
        self._connected.clear()
        self._last.clear()
