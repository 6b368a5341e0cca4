"""The multifunction printers of a building, each an agent on a port of its own.

Responsible for what a printer says at the moment it is asked. Refuses to count: the counters are handed in as a
function of time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_sim.clock import SECOND_MS
from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.manners import Engine, Login, Manners, engine_id
from shigotoba_sim.faces.mfp.snmprec import RecordingError, read_recording
from shigotoba_sim.faces.mfp.standard import Glance, standard_tree
from shigotoba_sim.faces.mfp.tree import Tree
from shigotoba_sim.faces.mfp.vendors import OBJECT_IDS, vendor_tree, versions_of
from shigotoba_sim.faults.counting import CountersAt
from shigotoba_sim.faults.schedule import NO_FAULTS, Faults
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.settings import SimSettings, SnmpV3
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_secret

ENTERPRISE_AT: Final = 6
"""Where in an object identifier the number of its enterprise stands."""

SHORTEST_PASSWORD: Final = 8
BUSY_MS: Final = 10 * SECOND_MS
"""How long after a job a printer still says that it prints."""


class Printers:
    """Printers that have been on since ``on_ms`` and count as ``counters_at(device, at_ms)`` says."""

    def __init__(
        self,
        mfps: Sequence[Mfp],
        counters_at: CountersAt,
        now_ms: Callable[[], int],
        on_ms: int,
        login: Login | None = None,
        faults: Faults = NO_FAULTS,
    ) -> None:
        self._mfps = mfps
        self._counters_at = counters_at
        self._now_ms = now_ms
        self._on_ms = on_ms
        self._login = login
        self._faults = faults
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
            await self._serve(SnmpAgent(port, partial(self.tree, mfp), self._manners(mfp)))

    async def serve_recording(self, file: Path, port: int) -> None:
        """Answer on ``port`` as the device recorded in ``file`` did.

        Raises:
            SettingsError: The file cannot be read, or the port is taken.
        """
        try:
            tree = read_recording(file)
        except (OSError, RecordingError) as error:
            raise SettingsError(f"recording: {error}. Name a .snmprec file.") from error
        await self._serve(SnmpAgent(port, lambda: tree))

    async def close(self) -> None:
        """Switch them off."""
        for agent in self._agents:
            await agent.close()
        self._agents.clear()

    async def _serve(self, agent: SnmpAgent) -> None:
        await agent.open()
        self._agents.append(agent)

    def _manners(self, mfp: Mfp) -> Manners:
        enterprise = OBJECT_IDS[mfp.vendor][ENTERPRISE_AT]
        return Manners(
            versions=versions_of(mfp.vendor),
            login=self._login,
            # Seconds grow over restarts and need no file to remember them.
            engine=Engine(engine_id(enterprise, mfp.serial), self._now_ms() // SECOND_MS),
            awake=lambda: self._faults.mfp_answers(mfp.device, self._now_ms()),
        )

    def tree(self, mfp: Mfp) -> Tree:
        """Everything that the printer at the place of ``mfp`` says now."""
        now_ms = self._now_ms()
        counters = self._shown(mfp.device, now_ms)
        at_start = self._shown(mfp.device, self._on_ms)
        glance = Glance(
            mfp=self._standing(mfp, now_ms),
            up_ms=now_ms - self._on_ms,
            counters=counters,
            impressions_since_on=max(counters.impressions_total - at_start.impressions_total, 0),
            printing=counters != self._shown(mfp.device, now_ms - BUSY_MS),
        )
        return standard_tree(glance) | vendor_tree(glance.mfp, counters)

    def _shown(self, device: str, at_ms: int) -> Counters:
        return self._faults.counters(device, at_ms, self._counters_at)

    def _standing(self, mfp: Mfp, at_ms: int) -> Mfp:
        """The printer itself, or the one that has replaced it."""
        device = self._faults.identity(mfp.device, at_ms)
        return msgspec.structs.replace(mfp, device=device, serial=device.removeprefix("mfp-"))


def printers_of(
    settings: SimSettings, inputs: PlanInputs, counters_at: CountersAt, now_ms: Callable[[], int]
) -> Printers:
    """The printers of the building that the settings name.

    Raises:
        SettingsError: A pass phrase of the version 3 user cannot be read, or is too short.
    """
    login = None if settings.snmp_v3 is None else _login(settings.snmp_v3)
    return Printers(inputs.place.mfps, counters_at, now_ms, settings.opened_ms, login, inputs.faults)


def _login(wanted: SnmpV3) -> Login:
    files = (wanted.auth_file, wanted.privacy_file)
    passwords = [read_secret(file) for file in files]
    for file, password in zip(files, passwords, strict=True):
        if len(password) < SHORTEST_PASSWORD:
            raise SettingsError(f"{file}: SNMPv3 wants pass phrases of {SHORTEST_PASSWORD} characters or more.")
    return Login(wanted.user, *passwords)
