"""The multifunction printers of a building, each an agent on a port of its own.

Responsible for what a printer says at the moment it is asked. Refuses to count: the counters are handed in as a
function of time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from shigotoba_sim.building import Mfp
from shigotoba_sim.clock import SECOND_MS
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.standard import Glance, standard_tree
from shigotoba_sim.faces.mfp.tree import Tree
from shigotoba_sim.faces.mfp.vendors import vendor_tree
from shigotoba_sim.plan.counters import Counters
from shigotoba_wire.errors import SettingsError

BUSY_MS: Final = 10 * SECOND_MS
"""How long after a job a printer still says that it prints."""


class Printers:
    """Printers that have been on since ``on_ms`` and count as ``counters_at(device, at_ms)`` says."""

    def __init__(
        self, mfps: Sequence[Mfp], counters_at: Callable[[str, int], Counters], now_ms: Callable[[], int], on_ms: int
    ) -> None:
        self._mfps = mfps
        self._counters_at = counters_at
        self._now_ms = now_ms
        self._on_ms = on_ms
        self._agents: list[SnmpAgent] = []

    async def open(self, ports: Sequence[int]) -> None:
        """Answer on ``ports``, one per printer and in the same order.

        Raises:
            SettingsError: Not one port per printer, or one of them is taken.
        """
        if len(ports) != len(self._mfps):
            raise SettingsError(f"snmp_ports: {len(ports)} ports for {len(self._mfps)} printers. Name one for each.")
        # The sums of all the days before are made once; nobody should wait for them inside a request.
        await asyncio.to_thread(lambda: [self.tree(mfp) for mfp in self._mfps])
        for mfp, port in zip(self._mfps, ports, strict=True):
            agent = SnmpAgent(port, partial(self.tree, mfp))
            await agent.open()
            self._agents.append(agent)

    async def close(self) -> None:
        """Switch them off."""
        for agent in self._agents:
            await agent.close()
        self._agents.clear()

    def tree(self, mfp: Mfp) -> Tree:
        """Everything ``mfp`` says now."""
        now_ms = self._now_ms()
        counters = self._counters_at(mfp.device, now_ms)
        at_start = self._counters_at(mfp.device, self._on_ms)
        glance = Glance(
            mfp=mfp,
            up_ms=now_ms - self._on_ms,
            counters=counters,
            impressions_since_on=counters.impressions_total - at_start.impressions_total,
            printing=counters != self._counters_at(mfp.device, now_ms - BUSY_MS),
        )
        return standard_tree(glance) | vendor_tree(mfp, counters)
