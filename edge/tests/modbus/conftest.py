"""A Modbus RTU slave of our own behind a pty, written without pymodbus."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable

import pytest

from shigotoba_testing.garbage import with_crc

REQUEST_BYTES = 8


class Slave:
    """Modules by unit, each with inputs and latching counters of 32 bits."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._heard = b""
        self.inputs = {1: [False] * 8, 2: [False] * 8}
        self.counters = {1: [0] * 8, 2: [0] * 8}
        self.latching = False
        """An input that was on is off again once it has been read."""
        self.silent: set[int] = set()
        self.damage = False
        self.garbles: Callable[[bytes, Callable[[bytes], bytes]], list[bytes]] | None = None
        """What is sent instead of an answer (without its CRC), in pieces; may use the function that adds a CRC."""
        self.asked = 0
        self.answered = asyncio.Event()

    def hear(self) -> None:
        self._heard += os.read(self._descriptor, 256)
        while len(self._heard) >= REQUEST_BYTES:
            request, self._heard = self._heard[:REQUEST_BYTES], self._heard[REQUEST_BYTES:]
            assert with_crc(request[:-2]) == request
            self._serve(request)

    def _serve(self, request: bytes) -> None:
        self.asked += 1
        if request[0] in self.silent or request[0] not in self.inputs:
            return
        right = request[:1] + self._answer(request[0], request[1], request[2:6])
        if self.garbles is not None:
            for piece in self.garbles(right, with_crc):
                os.write(self._descriptor, piece)
            return
        answer = with_crc(right)
        if self.damage:
            answer = answer[:-1] + bytes([answer[-1] ^ 1])
        os.write(self._descriptor, answer)
        self.answered.set()

    def _answer(self, unit: int, function: int, body: bytes) -> bytes:
        first, count = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:], "big")
        if function == 2 and first + count <= len(self.inputs[unit]):
            bits = sum(on << place for place, on in enumerate(self.inputs[unit][first : first + count]))
            if self.latching:
                self.inputs[unit] = [False] * len(self.inputs[unit])
            return b"\x02\x01" + bytes([bits])
        words = b"".join(count.to_bytes(4, "big") for count in self.counters[unit])
        if function == 4 and 2 * (first + count) <= len(words):
            return bytes([4, 2 * count]) + words[2 * first : 2 * (first + count)]
        return bytes([function | 0x80, 2])

    def press(self, unit: int, number: int) -> None:
        """A press so short that the input is off again when anybody looks."""
        self.counters[unit][number] += 1

    async def rounds(self, count: int = 2) -> None:
        """Wait until the driver has had this many more answers."""
        for _ in range(count):
            self.answered.clear()
            async with asyncio.timeout(30):
                await self.answered.wait()


@pytest.fixture
async def slave(stick) -> AsyncIterator[Slave]:
    slave = Slave(stick.far_end)
    asyncio.get_running_loop().add_reader(stick.far_end, slave.hear)
    yield slave
    asyncio.get_running_loop().remove_reader(slave._descriptor)
