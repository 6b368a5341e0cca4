"""The EnOcean face: rockers, occupancy sensors and door contacts, and the stick that hears them.

Responsible for which EnOcean device shows an event, and for what faults make of its telegrams. Refuses to know the
other media.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.chance import chance_of
from shigotoba_sim.devices import ENOCEAN_KINDS
from shigotoba_sim.faces.air import Air
from shigotoba_sim.faces.enocean.sensors import EnOceanSensor, door_contact, occupancy_sensor
from shigotoba_sim.faces.enocean.stick import EnOceanStick
from shigotoba_sim.faces.noise import garbled, junk
from shigotoba_sim.faults.schedule import Faults
from shigotoba_sim.plan.events import Event, Presence, Press

MOST_JUNK: Final = 8
"""Bytes before a telegram on a disturbed line."""

log = logging.getLogger(__name__)


class EnOceanFace:
    """Every EnOcean device of ``place``, heard through a stick at ``tty``."""

    def __init__(self, place: Building, tty: Path, now_ms: Callable[[], int], faults: Faults) -> None:
        self._place = place
        self._now_ms = now_ms
        self._faults = faults
        self._rockers = {booth.space: booth.button_id for booth in place.booths if booth.button == "rocker"}
        self._stick = EnOceanStick(tty, self._rockers.values(), self._through)
        self._air = Air(self._hear)
        self._sensors: dict[str, list[tuple[str, EnOceanSensor]]] = {}
        self._sending: asyncio.Task[str] | None = None

    async def open(self, occupied: Mapping[str, bool]) -> None:
        """Plug the stick in, each sensor as ``occupied`` says of its space.

        Raises:
            SettingsError: The stick's link cannot be there.
        """
        self._stick.open()
        now_ms = self._now_ms()
        for each in self._place.sensors:
            if each.kind in ENOCEAN_KINDS:
                self._add(each.space, each.device, occupancy_sensor(each, occupied[each.space], now_ms))
        for booth in self._place.booths:
            if booth.door:
                self._add(booth.space, booth.door_device, door_contact(booth.door, occupied[booth.space], now_ms))
        self._sending = asyncio.get_running_loop().create_task(self._air.run(self._now_ms))

    async def close(self) -> None:
        """Pull the stick out."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._stick.close()

    async def lost(self) -> str:
        """Wait until the air itself breaks, which it does only by an error of ours."""
        assert self._sending is not None, "open() comes first"
        return await asyncio.shield(self._sending)

    def tell(self, event: Event) -> None:
        """Show ``event`` if an EnOcean device notices it."""
        if isinstance(event, Press) and event.space in self._rockers:
            self._stick.press(self._rockers[event.space], event.button)
        if isinstance(event, Presence):
            for device, sensor in self._sensors.get(event.space, ()):
                sensor.change(event.occupied, event.at_ms)
                self._air.stir(device)

    async def look(self, now_ms: int) -> None:
        """Pull the stick out or put it back, as the faults say."""
        unplugged = self._faults.unplugged(now_ms)
        if unplugged and self._stick.is_open:
            log.info("the EnOcean stick is pulled out")
            self._stick.close()
        elif not unplugged and not self._stick.is_open:
            log.info("the EnOcean stick is put back")
            self._stick.open()

    def _add(self, space: str, device: str, sensor: EnOceanSensor) -> None:
        self._sensors.setdefault(space, []).append((device, sensor))
        self._air.add(device, sensor)

    def _hear(self, device: str, packets: bytes, _now_ms: int) -> None:
        self._stick.receive(device, packets)

    def _through(self, device: str, packets: bytes) -> bytes:
        now_ms = self._now_ms()
        if self._faults.silent(device, now_ms):
            return b""
        if self._faults.telegram_damaged(device, now_ms):
            chance = chance_of("noise", device, now_ms)
            return junk(chance, MOST_JUNK) + garbled(chance, packets)
        return packets
