"""The BLE face: sensors and buttons on the air, and the BlueZ that hears them, on a bus of its own.

Responsible for which BLE device shows an event. Refuses to know the other media.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from shigotoba_sim.battery import battery_pct
from shigotoba_sim.building import Building
from shigotoba_sim.devices import BLE_KINDS, SeatSensor
from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.air import Air
from shigotoba_sim.faces.bluez import BluezFace
from shigotoba_sim.faces.bus import bus_address, open_bus
from shigotoba_sim.faces.linking import Press as LinkingPress
from shigotoba_sim.faces.sensor import LinkingButton, PresenceSensor
from shigotoba_sim.faults.schedule import Faults
from shigotoba_sim.plan.events import Event, Presence, Press, Rocker

ADAPTER_ADDRESS: Final = "00:1A:7D:DA:71:13"
PRESSES: Final[dict[Rocker, LinkingPress]] = {"AI": "single", "BI": "single", "AO": "long", "BO": "long"}
"""How people use a button that has no second side: short to enter, long to leave."""

AGAIN_MS: Final = 2000
"""So long after a change is it told again where deliveries are doubled."""

log = logging.getLogger(__name__)


class RadioFace:
    """Every BLE device of ``place``."""

    def __init__(self, place: Building, socket: Path, now_ms: Callable[[], int], faults: Faults) -> None:
        self._place = place
        self._socket = socket
        self._now_ms = now_ms
        self._faults = faults
        self._bluez = BluezFace(ADAPTER_ADDRESS, time.monotonic)
        self._air = Air(self._hear)
        self._sensors: dict[str, tuple[str, PresenceSensor]] = {}
        self._buttons: dict[str, tuple[str, LinkingButton]] = {}
        self._deaf = False
        self._ends: list[asyncio.Task[str]] = []
        self._opened = AsyncExitStack()

    async def open(self, occupied: Mapping[str, bool]) -> None:
        """Come on air, each sensor as ``occupied`` says of its space.

        Raises:
            SettingsError: The bus's socket cannot be there.
        """
        async with AsyncExitStack() as opening:
            bus = await open_bus(self._socket)
            opening.push_async_callback(bus.close)
            await self._bluez.open(bus_address(self._socket))
            opening.push_async_callback(self._bluez.close)
            self._switch_on(occupied, self._now_ms())
            loop = asyncio.get_running_loop()
            running = (self._air.run(self._now_ms), bus.died(), self._bluez.died())
            self._ends = [loop.create_task(end) for end in running]
            opening.push_async_callback(_cancel, self._ends)
            self._opened = opening.pop_all()

    async def close(self) -> None:
        """Leave the air and the bus."""
        await self._opened.aclose()

    async def lost(self) -> str:
        """Wait until the bus is lost; say how."""
        ended, _ = await asyncio.wait(self._ends, return_when=asyncio.FIRST_COMPLETED)
        return ended.pop().result()

    def tell(self, event: Event) -> None:
        """Show ``event`` if a BLE device notices it."""
        match event:
            case Presence(at_ms, space, taken) if space in self._sensors:
                device, sensor = self._sensors[space]
                again_ms = at_ms + AGAIN_MS if self._faults.told_twice(device, at_ms) else None
                sensor.change(taken, at_ms, again_ms)
                self._air.stir(device)
            case Press(at_ms, space, side) if space in self._buttons:
                device, button = self._buttons[space]
                button.press(PRESSES[side], at_ms)
                self._air.stir(device)
            case _:
                return

    async def look(self, now_ms: int) -> None:
        """Restart bluetoothd where the faults make the radio deaf: whoever was scanning is not told."""
        deaf = self._faults.deaf(now_ms)
        if deaf and not self._deaf:
            log.info("bluetoothd restarts")
            await self._bluez.restart()
        self._deaf = deaf

    def _switch_on(self, occupied: Mapping[str, bool], now_ms: int) -> None:
        for each in self._place.sensors:
            if each.kind in BLE_KINDS:
                sensor = PresenceSensor(each, occupied[each.space], now_ms, self._charge_pct)
                self._sensors[each.space] = each.device, sensor
                self._air.add(each.device, sensor)
        for booth in self._place.booths:
            if booth.button == "linking":
                device, button = booth.button_device, LinkingButton(booth.button_id, now_ms)
                self._buttons[booth.space] = device, button
                self._air.add(device, button)

    def _hear(self, device: str, advert: Advert, now_ms: int) -> None:
        if self._faults.heard(device, now_ms):
            self._bluez.hear(advert)

    def _charge_pct(self, sensor: SeatSensor, at_ms: int) -> int:
        return self._faults.battery_pct(sensor.device, at_ms, battery_pct(sensor, at_ms))


async def _cancel(tasks: list[asyncio.Task[str]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
