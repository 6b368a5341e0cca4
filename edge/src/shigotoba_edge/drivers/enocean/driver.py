"""The driver: reads the serial port of an EnOcean stick and hands rockers and contacts on.

The port is locked, so that a second program cannot steal bytes, and read by the event loop itself. A stick that is
unplugged ends the run; the agent starts it again until the stick is back.

Responsible for the port and for one sighting per telegram. Refuses to interpret: what AI means at a booth is decided
by the booth.
"""

from __future__ import annotations

import asyncio
import termios
from collections.abc import Iterable
from typing import Final

from serial import Serial

from shigotoba_edge.driver import DriverError, DriverSettings, Surroundings
from shigotoba_edge.drivers.enocean import erp2, profiles
from shigotoba_edge.drivers.enocean.erp2 import Telegram, TelegramError
from shigotoba_edge.drivers.enocean.esp3 import RADIO_ERP2, Packet, Reader
from shigotoba_edge.logbook import Logbook, Sighting, sighting_of
from shigotoba_wire.readings import Value

BAUD: Final = 57_600
MOST_BYTES: Final = 4_096
QUIET_S: Final = 0.5
"""A packet is sent without pauses: one that stands still this long is broken."""


class Settings(DriverSettings, frozen=True, kw_only=True):
    """An EnOcean stick.

    Attributes:
        port: Its device file; better a name under ``/dev/serial/by-id`` than ``/dev/ttyUSB0``, which may change.
    """

    port: str


class Enocean:
    """Listens to EnOcean ERP2 devices."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._port = settings.port
        self._now_ms = surroundings.now_ms

    async def run(self, logbook: Logbook) -> None:
        """Read the port until cancelled.

        Raises:
            DriverError: The port cannot be opened, is used by another program, or has gone.
        """
        try:
            with Serial(self._port, BAUD, timeout=0, exclusive=True) as port:
                logbook.ready()
                await self._listen(port, logbook)
        # pyserial raises OSErrors of its own, but lets those of termios through.
        except (OSError, termios.error) as error:
            raise DriverError(f"{self._port}: {error}. Plug the stick in, or end the program that uses it.") from error

    async def _listen(self, port: Serial, logbook: Logbook) -> None:
        reader = Reader()
        while True:
            skipped = reader.skipped
            if await _readable(port.fileno(), QUIET_S if reader.waiting else None):
                packets = reader.feed(port.read(MOST_BYTES))
            else:
                packets = reader.give_up()
            if reader.skipped > skipped:
                logbook.dropped("noise_bytes", reader.skipped - skipped)
            self._report(packets, logbook)

    def _report(self, packets: Iterable[Packet], logbook: Logbook) -> None:
        for packet in packets:
            try:
                logbook.sighted(sighting(packet, self._now_ms()))
            except TelegramError as error:
                logbook.dropped(error.reason)


def sighting(packet: Packet, at_ms: int) -> Sighting:
    """What one packet says.

    Raises:
        TelegramError: It is no telegram, or not one of ours.
    """
    if packet.kind != RADIO_ERP2:
        raise TelegramError(f"packet_type_{packet.kind:02x}", "not an ERP2 radio telegram")
    telegram = erp2.decode(packet.data)
    # Optional part: number of sub-telegrams, then the best signal strength as minus dBm.
    rssi_dbm = -packet.optional[1] if len(packet.optional) >= 2 else None
    return sighting_of(f"enocean-{telegram.source:08x}", at_ms, _values(telegram), rssi_dbm)


def _values(telegram: Telegram) -> tuple[tuple[str, Value], ...]:
    if telegram.teach_in:
        return ()
    if telegram.kind == erp2.RPS:
        return (("button", profiles.rocker(telegram.payload)),)
    if telegram.kind == erp2.ONE_BYTE:
        closed = profiles.contact(telegram.payload)
        return () if closed is None else (("contact", closed),)
    raise TelegramError("unsupported_telegram", f"type {telegram.kind:x}")


async def _readable(descriptor: int, limit_s: float | None) -> bool:
    """Wait until there is something to read, at most ``limit_s``; whether there is."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        async with asyncio.timeout(limit_s):
            return await ready.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(descriptor)
