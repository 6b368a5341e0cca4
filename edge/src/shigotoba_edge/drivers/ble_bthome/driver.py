"""The driver: scans with bleak and hands new BTHome messages on.

The scan is active and asks for duplicates: without them BlueZ hides an unchanged heartbeat and an occupied seat looks
dead (research/edge.md section 7.4). It does not filter by service UUID: the kernel looks for one only in the lists of
UUIDs, where a sensor that sends nothing but service data does not appear. Hearing everybody also tells a quiet office
from a deaf radio.

Responsible for hearing. Refuses to start again by itself: it fails with the reason, the agent does the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator
from typing import Annotated, Final

import msgspec
from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from dbus_fast import DBusFastError

from shigotoba_edge.driver import DriverError, DriverSettings, Surroundings
from shigotoba_edge.drivers.ble_bthome import bthome
from shigotoba_edge.drivers.ble_bthome.bluetoothd import Bluetoothd, watched
from shigotoba_edge.drivers.ble_bthome.repeats import Repeats
from shigotoba_edge.logbook import Logbook, sighting_of

log = logging.getLogger(__name__)

SERVICE_UUID: Final = "0000fcd2-0000-1000-8000-00805f9b34fb"
NO_RSSI: Final = -127
"""What bleak says when BlueZ has no signal strength."""

PATIENCE_S: Final = 15.0
"""bluetoothd answers at once or not at all; a call that takes longer is given up."""

TROUBLE: Final = (BleakError, DBusFastError, OSError, EOFError)
"""What bleak and dbus-fast raise when adapter, bluetoothd or bus fail; OSError includes TimeoutError."""


class Settings(DriverSettings, frozen=True, kw_only=True):
    """A Bluetooth adapter to listen with.

    Attributes:
        adapter: Its address, such as ``DC:A6:32:01:02:03``; empty for the first one that is powered. An address,
            because names such as hci0 change between boots.
        silent_after_s: No advertisement from any device for this long means that the scanner is deaf.
    """

    adapter: Annotated[str, msgspec.Meta(pattern=r"^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5})?$")] = ""
    silent_after_s: Annotated[float, msgspec.Meta(ge=0.1)] = 120.0


class BleBthome:
    """Listens to BTHome sensors."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._settings = settings
        self._now_ms = surroundings.now_ms
        self._repeats = Repeats()
        self._heard_s = 0.0

    async def run(self, logbook: Logbook) -> None:
        """Scan until cancelled.

        Raises:
            DriverError: The scan cannot be started, or has gone deaf.
        """
        try:
            async with watched() as daemon, self._scanning(daemon, logbook):
                logbook.ready()
                await self._until_deaf(daemon)
        except TROUBLE as error:
            raise DriverError(f"Bluetooth cannot be used ({error!r}). Check bluetoothd and the adapter.") from error

    @contextlib.asynccontextmanager
    async def _scanning(self, daemon: Bluetoothd, logbook: Logbook) -> AsyncGenerator[None, None]:
        def heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
            self._hear(device.address, advertisement, logbook)

        arguments = BlueZScannerArgs(filters={"DuplicateData": True})
        async with asyncio.timeout(PATIENCE_S):
            if self._settings.adapter:
                arguments["adapter"] = await daemon.adapter_at(self._settings.adapter)
            scanner = BleakScanner(heard, bluez=arguments)
            await scanner.start()
        try:
            yield
        finally:
            await _stop(scanner)

    async def _until_deaf(self, daemon: Bluetoothd) -> None:
        self._heard_s = time.monotonic()
        limit_s = self._settings.silent_after_s
        while (left_s := self._heard_s + limit_s - time.monotonic()) > 0:
            await asyncio.wait([daemon.lost], timeout=left_s)
            if daemon.lost.done():
                raise DriverError(f"{daemon.lost.result()}; the scan is started again")
        raise DriverError(f"no advertisement from any device for {limit_s:g} s; the scan is started again")

    def _hear(self, address: str, advertisement: AdvertisementData, logbook: Logbook) -> None:
        self._heard_s = time.monotonic()
        service_data = advertisement.service_data.get(SERVICE_UUID)
        if service_data is None:
            return
        try:
            frame = bthome.decode(service_data)
        except bthome.BthomeError as error:
            logbook.dropped(error.reason)
            return
        device, now_ms = f"ble-{address.replace(':', '').lower()}", self._now_ms()
        rssi_dbm = None if advertisement.rssi == NO_RSSI else advertisement.rssi
        if not self._repeats.is_new(device, frame.packet_id, service_data, now_ms):
            logbook.sighted(sighting_of(device, now_ms, rssi_dbm=rssi_dbm))
            return
        for flaw in frame.flaws:
            logbook.dropped(flaw)
        logbook.sighted(sighting_of(device, now_ms, frame.values, rssi_dbm))


async def _stop(scanner: BleakScanner) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await scanner.stop()
    except TROUBLE as error:
        # After a restart of bluetoothd or of the bus there is nothing left to stop.
        log.info("the scan could not be stopped in good order (%r)", error)
