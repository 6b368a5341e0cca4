"""Visits one printer at a steady pace, and more and more rarely while it does not answer.

What is said in the log is a change: it answers, it does not. A failed visit yields nothing: a counter that was not
read is missing, never 0.

Responsible for when to ask. Refuses to know what is asked (see ``acquaintance``, ``printer``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.backoff import Backoff
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.printer_snmp.acquaintance import meet, session_with
from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value
from shigotoba_edge.drivers.printer_snmp.places import Address, Pace
from shigotoba_edge.drivers.printer_snmp.printer import Printer
from shigotoba_edge.drivers.printer_snmp.reconciliation import Reconciliation
from shigotoba_edge.drivers.printer_snmp.session import Session, SnmpError, target_at
from shigotoba_edge.logbook import Logbook, Sighting, sighting_of

log = logging.getLogger(__name__)


class Visits:
    """The visits to one printer."""

    def __init__(self, address: Address, pace: Pace, surroundings: Surroundings) -> None:
        self._address = address
        self._pace = pace
        self._backoff = Backoff(pace.every_s, max(pace.every_s, pace.rarest_s), surroundings.rng)
        self._now_ms = surroundings.now_ms
        self._met: tuple[Session, Printer] | None = None
        self._reconciliation = Reconciliation()
        self._said = ""
        self._device = ""
        self._own: SnmpEngine | None = None

    async def run(self, engine: SnmpEngine, logbook: Logbook) -> None:
        """Visit until cancelled."""
        # A session belongs to the engine it was made with.
        self._met = None
        try:
            while True:
                pause_s = await self._once(engine, logbook)
                await asyncio.sleep(pause_s)
        finally:
            self._close_own()

    async def _once(self, engine: SnmpEngine, logbook: Logbook) -> float:
        """One visit; seconds until the next."""
        try:
            logbook.sighted(await self._visit(engine))
        except SnmpError as error:
            self._met = None
            logbook.dropped(error.reason, device=self._device or str(self._address))
            # A session names the printer it asked, and so does every line of ours.
            what = str(error).removeprefix(str(self._address)).lstrip(": ")
            self._say(f"{what}; nothing is read from it, it is asked again later and later")
            return self._backoff.next_s()
        self._backoff.reset()
        return self._pace.every_s

    async def _visit(self, engine: SnmpEngine) -> Sighting:
        session, printer = self._met or await self._meet(engine)
        values = await session.get(printer.objects())
        if not printer.is_same(values):
            session, printer = await self._meet(engine)
            values = await session.get(printer.objects())
        self._met = session, printer.with_uptime(values)
        return self._sighting(printer, values)

    def _sighting(self, printer: Printer, values: Mapping[Oid, Value]) -> Sighting:
        counts = printer.counts(values)
        noted_before = self._reconciliation.note
        note = self._reconciliation.check(counts)
        # The difference grows with every fax on some devices: its number is for the health, not for the log.
        if note and not noted_before:
            self._say(f"{printer.device}: {note}")
        points = (*counts.items(), *printer.states(values).items())
        return sighting_of(printer.device, self._now_ms(), points, note=note)

    async def _meet(self, engine: SnmpEngine) -> tuple[Session, Printer]:
        target = await target_at(self._address.host, self._address.port, self._pace.answer_within_s)
        session = await session_with(await self._engine(engine), target, self._address.access)
        printer = await meet(session)
        if printer.device != self._device:
            self._device, self._reconciliation = printer.device, Reconciliation()
        self._say(f"{printer.device} answers; it counts {', '.join(printer.counters) or 'nothing we know'}")
        return session, printer

    async def _engine(self, shared: SnmpEngine) -> SnmpEngine:
        """For v3 an engine of its own, made anew: pysnmp asks the SNMP engine it once met at an address for ever."""
        if self._address.access.user is None:
            return shared
        self._close_own()
        # It reads MIB files for half a second, in which the radio should not fall silent.
        self._own = await asyncio.to_thread(SnmpEngine)
        return self._own

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close_dispatcher()
            self._own = None

    def _say(self, text: str) -> None:
        if text != self._said:
            log.info("%s: %s", self._address, text)
            self._said = text
