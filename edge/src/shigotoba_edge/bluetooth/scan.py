"""One scan with bleak: asked for once, even when bluetoothd takes its time.

The scan is active and asks for duplicates: without them BlueZ hides an unchanged heartbeat and an occupied seat looks
dead (research/edge.md section 7.4). It does not filter by service UUID: the kernel looks for one only in the lists of
UUIDs, where a sensor that sends nothing but service data does not appear. Hearing everybody also tells a quiet office
from a deaf radio.

A StartDiscovery given up by us would still be carried out by bluetoothd, and the next one would be refused as
InProgress for ever. So a start that outlasts our patience goes on, and the next run takes it over.

Responsible for starting and stopping. Refuses to judge whether anything is heard (see ``radio``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from dbus_fast import DBusFastError

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.driver import DriverError

log = logging.getLogger(__name__)

PATIENCE_S: Final = 15.0
"""bluetoothd answers at once, or something is wrong."""

NO_RSSI: Final = -127
"""What bleak says when BlueZ has no signal strength."""

TROUBLE: Final = (BleakError, DBusFastError, OSError, EOFError)
"""What bleak and dbus-fast raise when adapter, bluetoothd or bus fail; OSError includes TimeoutError."""


class Scan:
    """A scan on one adapter, again and again."""

    def __init__(self, hear: Callable[[Advert], None]) -> None:
        self._hear = hear
        self._scanner: BleakScanner | None = None
        self._starting: asyncio.Task[None] | None = None

    async def start(self, adapter: str) -> None:
        """Scan with the adapter of this name, such as ``hci0``, or go on waiting for a start asked for before.

        Raises:
            DriverError: bluetoothd has not answered yet.
            BleakError, DBusFastError, OSError, EOFError: It has refused, or is gone.
        """
        if self._starting is None:
            arguments = BlueZScannerArgs(adapter=adapter, filters={"DuplicateData": True})
            self._scanner = BleakScanner(self._heard, bluez=arguments)
            self._starting = asyncio.create_task(self._scanner.start())
        try:
            done, _ = await asyncio.wait([self._starting], timeout=PATIENCE_S)
        except asyncio.CancelledError:
            await self.stop()
            raise
        if not done:
            raise DriverError(f"bluetoothd has not started the scan within {PATIENCE_S:g} s; waiting for it")
        try:
            self._starting.result()
        except BaseException:
            self._starting = None
            raise

    async def stop(self) -> None:
        """End the scan, as well as bluetoothd lets us."""
        scanner, starting = self._scanner, self._starting
        self._scanner = self._starting = None
        if scanner is None or starting is None:
            return
        try:
            async with asyncio.timeout(PATIENCE_S):
                await starting
                await scanner.stop()
        except TROUBLE as error:
            # After a restart of bluetoothd or of the bus there is nothing left to stop.
            log.info("the scan could not be stopped in good order (%r)", error)

    def _heard(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        rssi_dbm = None if advertisement.rssi == NO_RSSI else advertisement.rssi
        data = advertisement.service_data, advertisement.manufacturer_data
        self._hear(Advert(device.address, *data, rssi_dbm))
