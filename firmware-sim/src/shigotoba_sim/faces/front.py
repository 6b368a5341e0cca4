"""All faces of one building: opened together, told what happens, closed together.

Responsible for which device shows an event. Refuses to know when events happen and why.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.faces.air import Air
from shigotoba_sim.faces.bluez import BluezFace
from shigotoba_sim.faces.bus import bus_address, open_bus
from shigotoba_sim.faces.enocean.stick import EnOceanStick
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.sensor import PresenceSensor
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.settings import SimSettings

ADAPTER_ADDRESS: Final = "00:1A:7D:DA:71:13"

log = logging.getLogger(__name__)


class Front:
    """The faces of ``place``."""

    def __init__(self, place: Building, printers: Printers, settings: SimSettings) -> None:
        self._place = place
        self._printers = printers
        self._settings = settings
        self._rockers = {booth.space: booth.button_id for booth in place.booths}
        self._stick = EnOceanStick(settings.enocean_tty, self._rockers.values())
        self._bluez = BluezFace(ADAPTER_ADDRESS, time.monotonic)
        self._air = Air(self._bluez.hear)
        self._ends: list[asyncio.Task[str]] = []
        self._opened = AsyncExitStack()

    async def open(self, occupied: Mapping[str, bool], now_ms: Callable[[], int]) -> None:
        """Open every face where the settings want it, each seat and booth as ``occupied`` says.

        The radio is on before the slow printers are. What was opened is closed again if anything cannot be.

        Raises:
            SettingsError: A socket, port or link cannot be there.
        """
        async with AsyncExitStack() as opening:
            await self._open_radio(opening, occupied, now_ms)
            self._stick.open()
            opening.callback(self._stick.close)
            opening.push_async_callback(self._printers.close)
            await self._printers.open(self._settings.snmp_ports)
            self._opened = opening.pop_all()

    async def close(self) -> None:
        """Close what is open, the last first."""
        await self._opened.aclose()

    async def lost(self) -> str:
        """Wait until a face is lost; say which and how."""
        ended, _ = await asyncio.wait(self._ends, return_when=asyncio.FIRST_COMPLETED)
        return ended.pop().result()

    def tell(self, event: Event) -> None:
        """Show ``event`` on the device that would notice it."""
        match event:
            case Presence():
                log.info("%s is %s", event.space, "occupied" if event.occupied else "vacant")
                self._air.change(event.space, event.occupied, event.at_ms)
            case Press():
                log.info("%s: rocker pressed, %s", event.space, event.button)
                self._stick.press(self._rockers[event.space], event.button)
            case Job():
                # A printer tells of its jobs when it is asked for its counters.
                log.info("%s: %s, %d sides, %d pages", event.mfp, event.function, event.impressions, event.pages)

    async def _open_radio(
        self, opening: AsyncExitStack, occupied: Mapping[str, bool], now_ms: Callable[[], int]
    ) -> None:
        socket = self._settings.dbus_socket
        bus = await open_bus(socket)
        opening.push_async_callback(bus.close)
        await self._bluez.open(bus_address(socket))
        opening.push_async_callback(self._bluez.close)
        for sensor in self._place.sensors:
            self._air.add(sensor.space, PresenceSensor(sensor, occupied[sensor.space], now_ms()))
        loop = asyncio.get_running_loop()
        self._ends = [loop.create_task(end) for end in (self._air.run(now_ms), bus.died(), self._bluez.died())]
        opening.push_async_callback(_cancel, self._ends)


async def _cancel(tasks: list[asyncio.Task[str]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
