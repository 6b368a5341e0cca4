"""The driver: reads the serial port of an EnOcean stick and hands its telegrams on.

The port is locked, so that a second program cannot steal bytes, and read by the event loop itself. A stick that is
unplugged ends the run; the agent starts it again until the stick is back.

Responsible for the port and for one sighting per telegram. Refuses to interpret: what AI means at a booth is decided
by the booth.
"""

from __future__ import annotations

import asyncio
import termios
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from serial import Serial

from shigotoba_edge.driver import DriverError, DriverSettings, Surroundings
from shigotoba_edge.drivers.enocean.esp3 import Packet, Reader
from shigotoba_edge.drivers.enocean.hearing import Hearing
from shigotoba_edge.drivers.enocean.listing import SenderId, read_listing
from shigotoba_edge.drivers.enocean.profiles import ProfileName
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Logbook
from shigotoba_edge.serial_ports import trouble

BAUD: Final = 57_600
MOST_BYTES: Final = 4_096
QUIET_S: Final = 0.5
"""A packet is sent without pauses: one that stands still this long is broken."""


class Settings(DriverSettings, frozen=True, kw_only=True):
    """An EnOcean stick.

    Attributes:
        port: Its device file; better a name under ``/dev/serial/by-id`` than ``/dev/ttyUSB0``, which may change.
        devices: Profile by sender (8 hex digits). Sensors must be listed; rockers and contacts need not.
        devices_file: More of them, under ``[devices]`` in a file that ``commission`` adds to (see ``listing``).
    """

    port: str
    devices: dict[SenderId, ProfileName] = msgspec.field(default_factory=dict[str, ProfileName])
    devices_file: Path | None = None


class Enocean:
    """Listens to EnOcean devices."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._port = settings.port
        self._now_ms = surroundings.now_ms
        more = read_listing(settings.devices_file) if settings.devices_file else {}
        self._hearing = Hearing(settings.devices | more)

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
            raise DriverError(trouble(self._port, error)) from error

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
                logbook.sighted(self._hearing.sighting(packet, self._now_ms()))
            except FrameError as error:
                logbook.dropped(error.reason)


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
