"""Drivers at work for a person who looks on: nothing is stored and nothing is sent.

Responsible for running them and for what is known of each device meanwhile. Refuses to show anything.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from random import Random

from shigotoba_edge.driver import Driver
from shigotoba_edge.fleet import Fleet
from shigotoba_edge.logbook import Logbook, Sighting
from shigotoba_edge.roster import Roster
from shigotoba_wire.health import DeviceHealth, DriverHealth


class Ear:
    """What was heard since it began.

    Attributes:
        points: What each device has told of.
    """

    def __init__(self, on_sighting: Callable[[Sighting], None]) -> None:
        self._on_sighting = on_sighting
        self._roster = Roster()
        self._fleet: Fleet | None = None
        self._ended: tuple[DriverHealth, ...] = ()
        self._vain: dict[str, Counter[str]] = {}
        self.points: dict[str, set[str]] = {}

    @contextlib.asynccontextmanager
    async def open(
        self, drivers: Mapping[str, Driver], rng: Random, fingerprints: Mapping[str, str] | None = None
    ) -> AsyncGenerator[None, None]:
        """Listen with these drivers, by name."""
        async with asyncio.TaskGroup() as group:
            self._fleet = Fleet(group, lambda name: Logbook(name, self._hear, self._blame), rng)
            await self._fleet.arrange(drivers, fingerprints or {})
            try:
                yield
            finally:
                self._ended = self._fleet.health()
                await self._fleet.end()

    async def arrange(self, drivers: Mapping[str, Driver], fingerprints: Mapping[str, str]) -> None:
        """Go on with these; those whose fingerprint is what it was are not disturbed."""
        if self._fleet is not None:
            await self._fleet.arrange(drivers, fingerprints)

    def devices(self) -> tuple[DeviceHealth, ...]:
        """The devices that were understood."""
        return self._roster.devices()

    def drivers(self) -> tuple[DriverHealth, ...]:
        """How the drivers are, or were in the end."""
        working = self._fleet.health() if self._fleet else ()
        return working or self._ended

    def strangers(self) -> dict[str, str]:
        """Why devices that were never understood were not, by device."""
        known = {device.device for device in self.devices()}
        return {device: ", ".join(reasons) for device, reasons in self._vain.items() if device not in known}

    def _hear(self, sighting: Sighting) -> None:
        self._roster.note(sighting)
        self.points.setdefault(sighting.device, set()).update(reading.point for reading in sighting.readings)
        self._on_sighting(sighting)

    def _blame(self, device: str, reason: str, times: int) -> None:
        self._roster.blame(device, reason, times)
        self._vain.setdefault(device, Counter())[reason] += times
