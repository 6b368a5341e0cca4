"""Visits one printer at a steady pace, and more and more rarely while it does not answer.

What is said in the log is a change: it answers, it does not. A failed visit yields nothing: a counter that was not
read is missing, never 0.

Responsible for when to ask. Refuses to know what is asked (see ``acquaintance``, ``printer``).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.backoff import Backoff
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.printer_snmp.acquaintance import meet, session_with
from shigotoba_edge.drivers.printer_snmp.printer import Printer
from shigotoba_edge.drivers.printer_snmp.session import Session, SnmpError, target_at
from shigotoba_edge.logbook import Logbook, Sighting

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where a printer is, and the word it wants to hear.

    Attributes:
        host: Name or IPv4 address.
        port: UDP port.
        community: A secret; never part of a log line.
    """

    host: str
    port: int
    community: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Address({self})"


@dataclass(frozen=True)
class Pace:
    """How often a printer is asked.

    Attributes:
        every_s: Seconds between visits.
        rarest_s: Seconds between visits in the end, when it does not answer.
        answer_within_s: How long it may take to answer a request.
    """

    every_s: float
    rarest_s: float
    answer_within_s: float


class Visits:
    """The visits to one printer."""

    def __init__(self, address: Address, pace: Pace, surroundings: Surroundings) -> None:
        self._address = address
        self._pace = pace
        self._backoff = Backoff(pace.every_s, max(pace.every_s, pace.rarest_s), surroundings.rng)
        self._now_ms = surroundings.now_ms
        self._met: tuple[Session, Printer] | None = None
        self._said = ""

    async def run(self, engine: SnmpEngine, logbook: Logbook) -> None:
        """Visit until cancelled."""
        # A session belongs to the engine it was made with.
        self._met = None
        while True:
            try:
                logbook.sighted(await self._visit(engine))
            except SnmpError as error:
                self._met = None
                logbook.dropped(error.reason)
                self._say(f"{error}; nothing is read from it, it is asked again later and later")
                await asyncio.sleep(self._backoff.next_s())
            else:
                self._backoff.reset()
                await asyncio.sleep(self._pace.every_s)

    async def _visit(self, engine: SnmpEngine) -> Sighting:
        session, printer = self._met or await self._meet(engine)
        values = await session.get(printer.objects())
        if not printer.is_same(values):
            session, printer = await self._meet(engine)
            values = await session.get(printer.objects())
        self._met = session, printer.with_uptime(values)
        return printer.sighting(values, self._now_ms())

    async def _meet(self, engine: SnmpEngine) -> tuple[Session, Printer]:
        target = await target_at(self._address.host, self._address.port, self._pace.answer_within_s)
        session = await session_with(engine, target, self._address.community)
        printer = await meet(session)
        self._say(f"{printer.device} answers; it counts {', '.join(printer.counters) or 'nothing we know'}")
        return session, printer

    def _say(self, text: str) -> None:
        if text != self._said:
            log.info("%s: %s", self._address, text)
            self._said = text
