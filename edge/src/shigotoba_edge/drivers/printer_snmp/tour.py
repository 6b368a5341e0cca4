"""A tour of the printers: one SNMP engine, one visitor for each.

Responsible for running the visitors together. Refuses to fail because one printer does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.printer_snmp.places import Address, Pace
from shigotoba_edge.drivers.printer_snmp.visits import Visits
from shigotoba_edge.logbook import Logbook


class Tour:
    """Visits to the printers at these addresses, for as long as it runs."""

    def __init__(self, addresses: Iterable[Address], pace: Pace, surroundings: Surroundings) -> None:
        self._visits = [Visits(address, pace, surroundings) for address in addresses]

    async def run(self, logbook: Logbook) -> None:
        """Visit all printers until cancelled."""
        # The engine reads MIB files for half a second, in which the radio should not fall silent.
        engine = await asyncio.to_thread(SnmpEngine)
        try:
            logbook.ready()
            async with asyncio.TaskGroup() as group:
                for visits in self._visits:
                    group.create_task(visits.run(engine, logbook))
        finally:
            engine.close_dispatcher()
