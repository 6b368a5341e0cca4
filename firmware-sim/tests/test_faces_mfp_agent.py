"""Printers as SNMP agents, asked by pysnmp and net-snmp."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    bulk_walk_cmd,
    get_cmd,
    set_cmd,
    walk_cmd,
)
from pysnmp.proto import rfc1902

from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.snmprec import read_recording
from shigotoba_sim.faces.mfp.tree import Oid, counter, oid, text
from shigotoba_sim.plan.events import Job
from shigotoba_testing.mfps import RICOHS, SERIAL, SHARP, Clock, printers
from shigotoba_wire.errors import SettingsError

LIFE_COUNT = oid("1.3.6.1.2.1.43.10.2.1.4.1.1")


RECORDED = """\
# a comment
1.3.6.1.2.1.1.1.0|4|SHARP MX-3570N
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2385.3.1.112.1.2
1.3.6.1.2.1.1.3.0|67|724425094
1.3.6.1.2.1.4.20.1.1|64|192.0.2.7
1.3.6.1.2.1.25.3.5.1.2.1|4x|2000
1.3.6.1.2.1.43.8.2.1.9.1.31|2|-2
1.3.6.1.2.1.43.10.2.1.4.1.1|65|121104

1.3.6.1.2.1.43.8.2.1.13.1.1|4|Bypass | Tray
1.3.6.1.2.1.99.1|66|7
1.3.6.1.2.1.99.2|70|18446744073709551615
"""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Reader:
    """A pysnmp manager for the agent on one port."""

    def __init__(self, engine: SnmpEngine, port: int) -> None:
        self._engine = engine
        self.port = port

    async def get(
        self, *names: Oid, version: int = 1, community: str = "public", retries: int = 10
    ) -> tuple[object, int, list[object]]:
        target = await UdpTransportTarget.create(("127.0.0.1", self.port), timeout=0.5, retries=retries)
        wanted = [ObjectType(ObjectIdentity(name)) for name in names]
        who = CommunityData(community, mpModel=version)
        trouble, status, _, rows = await get_cmd(self._engine, who, target, ContextData(), *wanted, lookupMib=False)
        return trouble, int(status), [row[1] for row in rows]

    async def walk(self, version: int, bulk: bool = False) -> list[tuple[Oid, object]]:
        target = await UdpTransportTarget.create(("127.0.0.1", self.port), timeout=2, retries=3)
        who = CommunityData("public", mpModel=version)
        start = ObjectType(ObjectIdentity("1.3"))
        steps = (
            bulk_walk_cmd(self._engine, who, target, ContextData(), 0, 20, start, lookupMib=False)
            if bulk
            else walk_cmd(self._engine, who, target, ContextData(), start, lookupMib=False)
        )
        rows: list[tuple[Oid, object]] = []
        async for trouble, status, _, found in steps:
            assert (trouble, int(status)) == (None, 0)
            rows += [(tuple(row[0]), row[1]) for row in found]
        return rows

    async def set(self, name: Oid, value: object) -> object:
        target = await UdpTransportTarget.create(("127.0.0.1", self.port), timeout=0.2, retries=0)
        wanted = ObjectType(ObjectIdentity(name), value)
        answer = await set_cmd(self._engine, CommunityData("public"), target, ContextData(), wanted, lookupMib=False)
        return answer[0]


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    engine = SnmpEngine()
    yield Reader(engine, free_port())
    engine.close_dispatcher()
    await asyncio.sleep(0)


async def test_pysnmp_walks_a_printer_in_every_way(reader: Reader) -> None:
    sharp = printers([SHARP])
    await sharp.open([reader.port])
    expected = sorted(sharp.tree(SHARP))
    for version, bulk in ((0, False), (1, False), (1, True)):
        rows = await reader.walk(version, bulk)
        assert [name for name, _ in rows] == expected
        assert all(one < other for (one, _), (other, _) in pairwise(rows))
    trouble, status, values = await reader.get(SERIAL, LIFE_COUNT)
    assert (trouble, status) == (None, 0)
    assert (bytes(values[0]), int(values[1]), type(values[1]).__name__) == (b"6509415X00", 200, "Counter32")
    await sharp.close()


async def test_what_is_not_there_is_said_as_each_version_says_it(reader: Reader) -> None:
    agent = SnmpAgent(reader.port, lambda: {SERIAL: text("X")})
    await agent.open()
    _, status, values = await reader.get(LIFE_COUNT, SERIAL)
    assert (status, type(values[0]).__name__, bytes(values[1])) == (0, "NoSuchInstance", b"X")
    _, status, _ = await reader.get(LIFE_COUNT, version=0)
    assert status == 2
    await agent.close()


async def test_a_wrong_community_and_a_set_get_silence(reader: Reader) -> None:
    agent = SnmpAgent(reader.port, lambda: {SERIAL: text("X")})
    await agent.open()
    trouble, *_ = await reader.get(SERIAL, community="guess", retries=0)
    assert "No SNMP response" in str(trouble)
    assert "No SNMP response" in str(await reader.set(SERIAL, rfc1902.OctetString(b"Y")))
    assert bytes((await reader.get(SERIAL))[2][0]) == b"X"
    await agent.close()


async def test_junk_on_the_port_does_not_end_the_agent(reader: Reader) -> None:
    agent = SnmpAgent(reader.port, lambda: {SERIAL: text("X")})
    await agent.open()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for junk in (b"", b"\x30", b"\x30\x82\xff\xff", os.urandom(200), b"GET / HTTP/1.1\r\n"):
            sender.sendto(junk, ("127.0.0.1", reader.port))
    assert bytes((await reader.get(SERIAL))[2][0]) == b"X"
    await agent.close()


async def test_values_are_those_of_the_moment_of_the_question(reader: Reader) -> None:
    clock = Clock()
    jobs = tuple(Job(clock.now_ms + 1000 * n, SHARP.device, "print", 3, 3) for n in (1, 2))
    sharp = printers([SHARP], jobs=jobs, clock=clock)
    await sharp.open([reader.port])
    seen: list[int] = []
    for _ in range(3):
        seen.append(int((await reader.get(LIFE_COUNT))[2][0]))
        clock.now_ms += 1000
    assert seen == [200, 203, 206]
    await sharp.close()


async def test_a_counter_wraps_at_two_to_the_thirty_two(reader: Reader) -> None:
    agent = SnmpAgent(reader.port, lambda: {LIFE_COUNT: counter(2**32 + 5)})
    await agent.open()
    assert int((await reader.get(LIFE_COUNT))[2][0]) == 5
    await agent.close()


async def test_a_recording_is_served_as_a_device(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "sharp.snmprec").write_text(RECORDED, encoding="utf-8")
    tree = read_recording(tmp_path / "sharp.snmprec")
    agent = SnmpAgent(reader.port, lambda: tree)
    await agent.open()
    rows = dict(await reader.walk(version=1))
    assert [name for name in sorted(tree) if name not in rows] == []
    assert bytes(rows[oid("1.3.6.1.2.1.25.3.5.1.2.1")]) == b"\x20\x00"
    assert int(rows[oid("1.3.6.1.2.1.99.2")]) == 2**64 - 1
    await agent.close()


async def test_a_taken_port_and_a_missing_one_are_one_clear_line(reader: Reader) -> None:
    first = SnmpAgent(reader.port, dict)
    await first.open()
    with pytest.raises(SettingsError, match=f"snmp_ports: UDP port {reader.port} is in use"):
        await SnmpAgent(reader.port, dict).open()
    await first.close()
    await first.open()
    await first.close()
    with pytest.raises(SettingsError, match="2 ports for 1 printers"):
        await printers([SHARP]).open([reader.port, reader.port])


@pytest.mark.skipif(shutil.which("snmpwalk") is None, reason="net-snmp's snmpwalk is not installed")
@pytest.mark.parametrize("version", ["1", "2c"])
async def test_net_snmp_walks_a_printer_to_its_end(reader: Reader, version: str) -> None:
    ricoh = printers(RICOHS[:1])
    await ricoh.open([reader.port])
    walk = await asyncio.create_subprocess_exec(
        "snmpwalk", f"-v{version}", "-c", "public", "-One", f"127.0.0.1:{reader.port}", "1.3",
        env={**os.environ, "MIBS": ""}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complaints = await walk.communicate()
    names = [
        line.split(" = ")[0] for line in said.decode().splitlines() if line.startswith(".1.3") and "No more" not in line
    ]
    assert (walk.returncode, complaints) == (0, b"")
    assert [oid(name) for name in names] == sorted(ricoh.tree(RICOHS[0]))
    await ricoh.close()
