"""The simulator played live as a process of its own, and what its printers say.

Responsible for starting and stopping it. Refuses to listen to its devices.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
)

from shigotoba_sim.clock import ZONE
from shigotoba_sim.commands import Command, append_command

LIFE_COUNT = "1.3.6.1.2.1.43.10.2.1.4.1.1"


SETTINGS = """\
seed = 7
site = "honcho"
gateway = "gw-1"
opened_on = {opened_on}
lively_from = "{lively_from}"
quiet = true
commands = "{folder}/commands.jsonl"
state = "{folder}/state"
enocean_tty = "{folder}/tty-enocean"
dbus_socket = "{folder}/dbus.sock"
snmp_ports = {ports}
"""


class Live:
    """The simulator as a process of its own, in ``folder``."""

    def __init__(self, folder: Path, printers: int = 3, extra: str = "") -> None:
        self.folder = folder
        self.ports = free_ports(printers)
        self.said: list[str] = []
        now = datetime.now(UTC)
        self._settings = folder / "sim.toml"
        self._settings.write_text(
            SETTINGS.format(
                opened_on=(now.astimezone(ZONE) - timedelta(days=1)).date(),
                lively_from=(now - timedelta(hours=1)).isoformat(),
                folder=folder,
                ports=self.ports,
            )
            + extra.format(folder=folder),
            encoding="utf-8",
        )

    async def start(self, **environment: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "shigotoba_sim", "live", "--settings", str(self._settings),
            stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen())

    def is_live(self) -> bool:
        assert self.process.returncode is None, self.said
        return any("is live" in line for line in self.said)

    async def ended(self) -> int:
        async with asyncio.timeout(60):
            await self._listening
            return await self.process.wait()

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.terminate()
        return await self.ended()

    def give(self, command: Command) -> None:
        append_command(self.folder / "commands.jsonl", command)

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode().rstrip())


def free_ports(number: int) -> list[int]:
    probes = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def life_count(port: int, who: CommunityData | UsmUserData | None = None) -> int:
    engine = SnmpEngine()
    target = await UdpTransportTarget.create(("127.0.0.1", port), timeout=1, retries=10)
    wanted = ObjectType(ObjectIdentity(LIFE_COUNT))
    trouble, _, _, rows = await get_cmd(
        engine, who or CommunityData("public"), target, ContextData(), wanted, lookupMib=False
    )
    engine.close_dispatcher()
    await asyncio.sleep(0)
    assert trouble is None
    return int(rows[0][1])
