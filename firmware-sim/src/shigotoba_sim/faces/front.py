"""All faces of one building: opened together, told what happens, closed together.

Responsible for their common life. Which device shows an event is each face's own affair; when events happen and why is
nobody's here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Protocol

from shigotoba_sim.bindkeys import write_bindkeys
from shigotoba_sim.building import Building
from shigotoba_sim.faces.enocean.face import EnOceanFace
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.modbus.face import WiredFace
from shigotoba_sim.faces.radio import RadioFace
from shigotoba_sim.faults.schedule import NO_FAULTS, Faults
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.settings import SimSettings
from shigotoba_wire.errors import SettingsError

log = logging.getLogger(__name__)


class Face(Protocol):
    """The devices of one medium."""

    async def open(self, occupied: Mapping[str, bool]) -> None:
        """Come up, in the state that ``occupied`` says of each space."""
        ...

    async def close(self) -> None:
        """Go down."""
        ...

    async def lost(self) -> str:
        """Wait until the face is lost; say how."""
        ...

    def tell(self, event: Event) -> None:
        """Show ``event`` if a device of this medium notices it."""
        ...

    async def look(self, now_ms: int) -> None:
        """Carry out what faults are due."""
        ...


class Front:
    """The faces of ``place``, where the settings want them."""

    def __init__(
        self,
        place: Building,
        printers: Printers,
        settings: SimSettings,
        now_ms: Callable[[], int],
        faults: Faults = NO_FAULTS,
    ) -> None:
        self._place = place
        self._printers = printers
        self._settings = settings
        # The radio is on before the slow printers are.
        self._faces: list[Face] = [
            RadioFace(place, settings.dbus_socket, now_ms, faults),
            EnOceanFace(place, settings.enocean_tty, now_ms, faults),
            *_wired(place, settings, faults),
        ]
        self._opened = AsyncExitStack()

    async def open(self, occupied: Mapping[str, bool]) -> None:
        """Open every face, each seat and booth as ``occupied`` says; what was opened is closed if anything cannot be.

        Raises:
            SettingsError: A socket, port, link or file cannot be there.
        """
        if self._settings.bindkeys is not None:
            write_bindkeys(self._settings.bindkeys, self._place.sensors)
        async with AsyncExitStack() as opening:
            for face in self._faces:
                opening.push_async_callback(face.close)
                await face.open(occupied)
            opening.push_async_callback(self._printers.close)
            await self._printers.open(self._settings.snmp_ports)
            for each in self._settings.recording:
                await self._printers.serve_recording(each.file, each.port)
            self._opened = opening.pop_all()

    async def close(self) -> None:
        """Close what is open, the last first."""
        await self._opened.aclose()

    async def lost(self) -> str:
        """Wait until a face is lost; say which and how."""
        waiting = [asyncio.ensure_future(face.lost()) for face in self._faces]
        try:
            ended, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return ended.pop().result()
        finally:
            for each in waiting:
                each.cancel()

    async def look(self, now_ms: int) -> None:
        """Carry out what faults are due."""
        for face in self._faces:
            await face.look(now_ms)

    def tell(self, event: Event) -> None:
        """Show ``event`` on the devices that would notice it."""
        match event:
            case Presence():
                log.info("%s is %s", event.space, "occupied" if event.occupied else "vacant")
            case Press():
                log.info("%s: button pressed, %s", event.space, event.button)
            case Job():
                # A printer tells of its jobs when it is asked for its counters.
                log.info("%s: %s, %d sides, %d pages", event.mfp, event.function, event.impressions, event.pages)
        for face in self._faces:
            face.tell(event)


def _wired(place: Building, settings: SimSettings, faults: Faults) -> list[Face]:
    if all(booth.presence.kind != "wired" for booth in place.booths):
        return []
    if settings.modbus_tty is None:
        raise SettingsError(
            "modbus_tty is missing. Some booths of this building are wired: name a link for their module."
        )
    return [WiredFace(place, settings.modbus_tty, faults)]
