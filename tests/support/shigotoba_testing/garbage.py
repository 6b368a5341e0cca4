"""Answers gone wrong: what a broken, strange or hostile device sends instead of the right one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from random import Random

Seal = Callable[[bytes], bytes]
"""Puts the checksum behind a frame, so that what lies behind the check is reached."""

LONGEST = 300


def with_crc(content: bytes) -> bytes:
    """``content`` with the CRC of Modbus RTU, written without pymodbus: polynomial A001 reflected, low byte first."""
    remainder = 0xFFFF
    for byte in content:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xA001 if remainder & 1 else 0)
    return content + remainder.to_bytes(2, "little")


def garbled(right: bytes, rng: Random, seal: Seal = bytes) -> list[bytes]:
    """Pieces to send instead of ``right``, a frame without its checksum."""
    match rng.randrange(7):
        case 0:
            return [rng.randbytes(rng.randrange(LONGEST))]
        case 1:
            return [seal(right[: rng.randrange(len(right) + 1)])]
        case 2:
            return [seal(right + rng.randbytes(rng.randrange(1, 20)))]
        case 3:
            return [seal(right[:1] + rng.randbytes(rng.randrange(40)))]
        case 4:
            whole = seal(_changed(right, rng))
            cut = rng.randrange(len(whole) + 1)
            return [whole[:cut], whole[cut:]]
        case _:
            return [seal(_changed(right, rng))]


def _changed(right: bytes, rng: Random) -> bytes:
    frame = bytearray(right)
    for _ in range(rng.randrange(1, 4)):
        if frame:
            frame[rng.randrange(len(frame))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(frame)


class Middleman(asyncio.DatagramProtocol):
    """Stands between a manager and an SNMP agent and spoils what the agent answers, while ``rng`` is set."""

    def __init__(self, agent: tuple[str, int], rng: Random | None) -> None:
        self.rng = rng
        self.spoilt = 0
        self._agent = agent
        self._manager: tuple[str, int] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def before(cls, agent_port: int, rng: Random) -> AsyncGenerator[tuple[Middleman, int]]:
        """The man, and the port on which he plays the agent."""
        man = cls(("127.0.0.1", agent_port), rng)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: man, local_addr=("127.0.0.1", 0)
        )
        try:
            yield man, transport.get_extra_info("sockname")[1]
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr != self._agent:
            self._manager = addr
            self._transport.sendto(data, self._agent)
        elif self._manager is not None:
            pieces = [data] if self.rng is None else garbled(data, self.rng)
            self.spoilt += self.rng is not None
            for piece in pieces:
                self._transport.sendto(piece, self._manager)
