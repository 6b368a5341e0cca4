"""A real SNMP agent, pysnmp's command responder, that answers from a recording and can fall asleep."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.smi import instrum

Oid = tuple[int, ...]
TYPES: dict[str, Callable[[str], Any]] = {
    "2": lambda text: rfc1902.Integer32(int(text)),
    "4": rfc1902.OctetString,
    "4x": lambda text: rfc1902.OctetString(hexValue=text),
    "6": rfc1902.ObjectIdentifier,
    "65": lambda text: rfc1902.Counter32(int(text)),
    "67": lambda text: rfc1902.TimeTicks(int(text)),
}


def oid(text: str) -> Oid:
    return tuple(int(part) for part in text.split("."))


def recording(text: str) -> dict[Oid, Any]:
    """The objects of an snmprec file: ``oid|type tag|value`` lines."""
    lines = (line.split("|", 2) for line in text.splitlines() if line and not line.startswith("#"))
    return {oid(at): TYPES[kind](value) for at, kind, value in lines}


class Instrumentation(instrum.AbstractMibInstrumController):
    """Answers from a dictionary of objects."""

    def __init__(self, objects: dict[Oid, Any]) -> None:
        self.objects = objects

    def read_variables(self, *var_binds, **context):
        return [(at, self.objects.get(tuple(at), rfc1905.noSuchInstance)) for at, _ in var_binds]

    def read_next_variables(self, *var_binds, **context):
        return [self._next(tuple(at)) for at, _ in var_binds]

    def _next(self, at: Oid):
        known = sorted(self.objects)
        index = bisect_right(known, at)
        return (at, rfc1905.endOfMibView) if index == len(known) else (known[index], self.objects[known[index]])


class Socket(udp.UdpAsyncioTransport):
    """A UDP socket that drops what its owner does not want to hear, and keeps the rest for as long as they say."""

    hears: Callable[[bytes], bool]
    keeps_s: Callable[[], float]
    garbles: Callable[[], list[bytes]]

    def datagram_received(self, datagram, address):
        for noise in self.garbles():
            self.transport.sendto(noise, address)
        if self.hears(datagram):
            take = super().datagram_received
            asyncio.get_running_loop().call_later(self.keeps_s(), take, datagram, address)


class Mfp:
    """A multifunction printer.

    Attributes:
        objects: What it answers; may be changed while it runs.
        asleep: It answers nothing.
        busy: It has no time for every other request.
        answers_after_s: It takes so long for each answer.
        garbles: It answers this instead, if there is anything.
        versions: Of the protocol that it answers: 0 for v1, 1 for v2c, 3 for v3.
        requests: How often it was asked.
    """

    def __init__(self, objects: dict[Oid, Any], community: str = "public", user: tuple[str, str, str] = ()) -> None:
        self.objects = objects
        self.asleep = False
        self.busy = False
        self.answers_after_s = 0.0
        self.garbles: list[bytes] = []
        self.versions = {0, 1, 3}
        self.requests = 0
        self._engine = SnmpEngine()
        self._socket = Socket()
        self._socket.hears = self._hears
        self._socket.keeps_s = lambda: self.answers_after_s
        self._socket.garbles = lambda: self.garbles
        config.add_v1_system(self._engine, "area", community)
        for model in (1, 2):
            config.add_vacm_user(self._engine, model, "area", "noAuthNoPriv", (1, 3, 6))
        if user:
            name, auth_key, privacy_key = user
            hash_and_cipher = (config.USM_AUTH_HMAC192_SHA256, auth_key, config.USM_PRIV_CFB128_AES, privacy_key)
            config.add_v3_user(self._engine, name, *hash_and_cipher)
            config.add_vacm_user(self._engine, 3, name, "authPriv", (1, 3, 6))
        contexts = context.SnmpContext(self._engine)
        contexts.unregister_context_name(b"")
        contexts.register_context_name(b"", Instrumentation(objects))
        for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.BulkCommandResponder):
            responder(self._engine, contexts)

    async def start(self, port: int = 0) -> int:
        """Listen on ``port``, or a free one; the port."""
        config.add_transport(self._engine, udp.DOMAIN_NAME, self._socket.open_server_mode(("127.0.0.1", port)))
        endpoint, _ = await self._socket._lport
        return endpoint.get_extra_info("sockname")[1]

    def stop(self) -> None:
        self._engine.close_dispatcher()

    def _hears(self, datagram: bytes) -> bool:
        self.requests += 1
        # The message begins with a sequence, then an integer of one byte: the version, 0 for v1.
        version = datagram[datagram.index(b"\x02\x01") + 2]
        missed = self.asleep or (self.busy and self.requests % 2 == 1)
        return not missed and not self.garbles and version in self.versions


@pytest.fixture
def sharp() -> dict[Oid, Any]:
    """The objects of a Sharp MX-3570N, as recorded."""
    return recording((Path(__file__).parent.parent / "data" / "sharp-mx3570n.snmprec").read_text())


@pytest.fixture
def frames() -> Callable[[str], dict[Oid, Any]]:
    """Reads a recording of the driver's folder, by its name without ending."""
    folder = files("shigotoba_edge.drivers.printer_snmp").joinpath("frames")
    return lambda name: recording(folder.joinpath(f"{name}.snmprec").read_text())


@pytest.fixture
def ricoh(frames) -> dict[Oid, Any]:
    """The objects of a Ricoh, written after its table's description."""
    return frames("ricoh-table")


@pytest.fixture
async def start_mfp() -> AsyncIterator[Callable[..., Any]]:
    """Starts printers, and stops them in the end."""
    running: list[Mfp] = []

    async def start(objects: dict[Oid, Any], port: int = 0, **settings: Any) -> tuple[Mfp, int]:
        mfp = Mfp(objects, **settings)
        running.append(mfp)
        return mfp, await mfp.start(port)

    yield start
    for mfp in running:
        mfp.stop()
