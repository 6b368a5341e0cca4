"""The driver: its settings, and a tour of the printers that begins when it runs.

pysnmp takes longer to load than the rest of the agent. It is loaded in a thread once the driver runs, so that radio and
buttons are listened to meanwhile.

Responsible for settings and for that order. Refuses to ask printers (see ``tour``).
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from shigotoba_edge.driver import Driver, DriverSettings, Surroundings
from shigotoba_edge.drivers.printer_snmp.access import UserSettings, read_access
from shigotoba_edge.drivers.printer_snmp.places import Address, Pace
from shigotoba_edge.logbook import Logbook

Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=86_400)]


class PrinterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A printer.

    Attributes:
        host: Name or IPv4 address.
        port: UDP port of its SNMP agent.
        community_file: File whose first line is the read community; without it and ``v3`` the community is ``public``.
        v3: The SNMPv3 user to ask as; with a ``community_file`` as well, v2c and v1 are tried after it.
    """

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 161
    community_file: Path | None = None
    v3: UserSettings | None = None


class Settings(DriverSettings, frozen=True, kw_only=True):
    """The printers to read.

    Attributes:
        printer: One table each.
        poll_every_s: How often each is read.
        asleep_every_s: How rarely one that does not answer is asked in the end.
        answer_within_s: How long a printer may take to answer a request.
    """

    printer: Annotated[tuple[PrinterSettings, ...], msgspec.Meta(min_length=1)]
    poll_every_s: Seconds = 300.0
    asleep_every_s: Seconds = 900.0
    answer_within_s: Seconds = 2.0


class PrinterSnmp:
    """Reads the counters of multifunction printers."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._addresses = [_address(one) for one in settings.printer]
        self._pace = Pace(settings.poll_every_s, settings.asleep_every_s, settings.answer_within_s)
        self._surroundings = surroundings
        self._tour: Driver | None = None

    async def run(self, logbook: Logbook) -> None:
        """Visit all printers until cancelled."""
        if self._tour is None:
            self._tour = await asyncio.to_thread(_tour, self._addresses, self._pace, self._surroundings)
        await self._tour.run(logbook)


def _tour(addresses: Sequence[Address], pace: Pace, surroundings: Surroundings) -> Driver:
    module = importlib.import_module("shigotoba_edge.drivers.printer_snmp.tour")
    made: Driver = module.Tour(addresses, pace, surroundings)
    return made


def _address(settings: PrinterSettings) -> Address:
    return Address(settings.host, settings.port, read_access(settings.community_file, settings.v3))
