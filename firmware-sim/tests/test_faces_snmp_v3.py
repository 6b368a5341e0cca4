"""How SNMPv3 asks printers, beside versions 1 and 2c."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC96_SHA,
    USM_AUTH_HMAC192_SHA256,
    USM_PRIV_CFB128_AES,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
)

from shigotoba_sim.building import building
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.manners import Engine, Login, Manners, engine_id
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.mfp.tree import oid, text
from shigotoba_sim.plan.counters import Counters
from shigotoba_standalone.ports import free_ports
from shigotoba_wire.errors import SettingsError

ON_MS = 1_790_000_000_000


NOW_MS = ON_MS + 3_600_000


MFPS = {mfp.vendor: mfp for mfp in building(7, "honcho", "gw-1", "all").mfps}


COUNTS = Counters(
    print_mono=100, print_colour=30, copy_mono=50, copy_colour=7, fax_print=11, other=2, sheets=150,
    fax_sent=13, fax_received=12, scan_sent=5,
)  # fmt: skip


SERIAL = "1.3.6.1.2.1.43.5.1.1.17.1"


LOGIN = Login("reader", "authentication", "confidential")
"""Passwords of a test."""


class Reader:
    """Asks whatever answers on ``port``."""

    def __init__(self, engine: SnmpEngine, port: int) -> None:
        self._engine = engine
        self.port = port

    async def serial(self, who: CommunityData | UsmUserData, retries: int = 3) -> tuple[str, object]:
        target = await UdpTransportTarget.create(
            ("127.0.0.1", self.port), timeout=1 if retries else 0.3, retries=retries
        )
        wanted = ObjectType(ObjectIdentity(SERIAL))
        trouble, status, _, rows = await get_cmd(self._engine, who, target, ContextData(), wanted, lookupMib=False)
        return str(trouble or ""), bytes(rows[0][1]) if rows and not status else int(status)


def user(
    auth: str = LOGIN.auth_password,
    privacy: str | None = LOGIN.privacy_password,
    hashed: object = USM_AUTH_HMAC192_SHA256,
    name: str = LOGIN.user,
) -> UsmUserData:
    if privacy is None:
        return UsmUserData(name, auth, authProtocol=hashed)
    return UsmUserData(name, auth, privacy, authProtocol=hashed, privProtocol=USM_PRIV_CFB128_AES)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    engine = SnmpEngine()
    yield Reader(engine, free_ports(1, socket.SOCK_DGRAM)[0])
    engine.close_dispatcher()
    await asyncio.sleep(0)


@pytest.fixture
async def agent(reader: Reader) -> AsyncIterator[SnmpAgent]:
    manners = Manners(login=LOGIN, engine=Engine(engine_id(367, "C1"), 5))
    agent = SnmpAgent(reader.port, lambda: {oid(SERIAL): text("C1")}, manners)
    await agent.open()
    yield agent
    await agent.close()


@pytest.mark.usefixtures("agent")
async def test_version_3_is_answered_with_sha_2_and_aes_beside_the_others(reader: Reader) -> None:
    assert await reader.serial(user()) == ("", b"C1")
    assert await reader.serial(CommunityData("public", mpModel=0)) == ("", b"C1")
    assert await reader.serial(CommunityData("public", mpModel=1)) == ("", b"C1")


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    "wrong",
    [
        user(auth="something-else"),
        user(privacy="something-else"),
        user(hashed=USM_AUTH_HMAC96_SHA),
        user(name="somebody"),
        user(privacy=None),
        UsmUserData(LOGIN.user),
    ],
    ids=["password", "privacy password", "hash", "user", "no privacy", "no security"],
)
async def test_version_3_with_anything_less_gets_nothing(reader: Reader, wrong: UsmUserData) -> None:
    trouble, answer = await reader.serial(wrong, retries=0)
    assert answer != b"C1"
    assert trouble or answer


async def test_an_agent_that_comes_back_is_understood_by_whoever_knew_it(reader: Reader) -> None:
    for boots in (5, 6):
        manners = Manners(login=LOGIN, engine=Engine(engine_id(367, "C1"), boots))
        agent = SnmpAgent(reader.port, lambda: {oid(SERIAL): text("C1")}, manners)
        await agent.open()
        assert await reader.serial(user()) == ("", b"C1")
        await agent.close()


async def test_a_canon_answers_version_1_alone(reader: Reader) -> None:
    canon = Printers([MFPS["canon"]], lambda _device, _at_ms: COUNTS, lambda: NOW_MS, ON_MS, LOGIN)
    await canon.open([reader.port])
    assert await reader.serial(CommunityData("public", mpModel=0)) == ("", MFPS["canon"].serial.encode())
    for who in (CommunityData("public", mpModel=1), user()):
        trouble, _ = await reader.serial(who, retries=0)
        assert "No SNMP response" in trouble
    await canon.close()


async def test_a_printer_asleep_answers_nobody_and_wakes_up(reader: Reader) -> None:
    awake = [False]
    agent = SnmpAgent(reader.port, lambda: {oid(SERIAL): text("C1")}, Manners(awake=lambda: awake[0]))
    await agent.open()
    trouble, _ = await reader.serial(CommunityData("public"), retries=0)
    assert "No SNMP response" in trouble
    awake[0] = True
    assert await reader.serial(CommunityData("public")) == ("", b"C1")
    await agent.close()


async def test_the_recorded_sharp_is_served_beside_the_building_s_own(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "sharp.snmprec").write_text(f"{SERIAL}|4|6509415X00\n", encoding="utf-8")
    printers = Printers([], lambda _device, _at_ms: COUNTS, lambda: NOW_MS, ON_MS)
    await printers.serve_recording(tmp_path / "sharp.snmprec", reader.port)
    assert await reader.serial(CommunityData("public")) == ("", b"6509415X00")
    await printers.close()
    with pytest.raises(SettingsError, match=r"recording: .*Name a \.snmprec file"):
        await printers.serve_recording(tmp_path / "none.snmprec", reader.port)


@pytest.mark.usefixtures("agent")
@pytest.mark.skipif(shutil.which("snmpget") is None, reason="net-snmp's snmpget is not installed")
async def test_net_snmp_asks_with_version_3(reader: Reader) -> None:
    asked = await asyncio.create_subprocess_exec(
        "snmpget", "-v3", "-u", LOGIN.user, "-l", "authPriv", "-a", "SHA-256", "-A", LOGIN.auth_password,
        "-x", "AES", "-X", LOGIN.privacy_password, "-Oqv", f"127.0.0.1:{reader.port}", SERIAL,
        env={**os.environ, "MIBS": ""}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    heard, _ = await asked.communicate()
    assert (asked.returncode, heard.strip()) == (0, b'"C1"')
