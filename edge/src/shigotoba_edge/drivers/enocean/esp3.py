"""EnOcean Serial Protocol 3: packets out of a stream of bytes that may hold anything.

Packet: sync byte 55, data length (2 bytes), optional length, type, CRC of those four, data, optional part, CRC of
both (EnOcean Serial Protocol 3, section 1.6). Lengths are believed only when the header's CRC agrees and they are not
absurd; on any disagreement one byte is given up and the next 55 is tried, so noise never swallows a packet behind it.

Responsible for finding packets. Refuses to understand them (see ``hearing``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_edge.drivers.enocean.crc8 import crc8

SYNC: Final = 0x55
RADIO_ERP1: Final = 0x01
RADIO_ERP2: Final = 0x0A
MOST_DATA: Final = 512
"""Longer data than this is not believed; radio telegrams have at most some 50 bytes."""

_HEADER: Final = 6


class Packet(msgspec.Struct, frozen=True):
    """One ESP3 packet: its type, its data and its optional part."""

    kind: int
    data: bytes
    optional: bytes


class Reader:
    """Collects bytes as they come and cuts packets out of them.

    Attributes:
        skipped: Bytes given up so far because they belong to no packet.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped = 0

    @property
    def waiting(self) -> bool:
        """Whether a packet may have begun that is not complete."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Packet]:
        """The packets that ``chunk`` completes."""
        self._buffer += chunk
        return self._packets()

    def give_up(self) -> list[Packet]:
        """Nothing more came for too long: what has begun is no packet. The packets found behind it."""
        packets: list[Packet] = []
        while self._buffer:
            self._skip(1)
            packets += self._packets()
        return packets

    def _packets(self) -> list[Packet]:
        packets: list[Packet] = []
        while self._seek():
            end = _HEADER + self._body_length() + 1
            if len(self._buffer) < end:
                break
            if crc8(self._buffer[_HEADER : end - 1]) != self._buffer[end - 1]:
                self._skip(1)
                continue
            packets.append(self._cut(end))
        return packets

    def _seek(self) -> bool:
        """Move on to the next believable header; whether there is one."""
        while True:
            start = self._buffer.find(SYNC)
            self._skip(len(self._buffer) if start < 0 else start)
            if len(self._buffer) < _HEADER:
                return False
            if crc8(self._buffer[1:5]) == self._buffer[5] and 0 < self._data_length() <= MOST_DATA:
                return True
            self._skip(1)

    def _data_length(self) -> int:
        return int.from_bytes(self._buffer[1:3], "big")

    def _body_length(self) -> int:
        return self._data_length() + self._buffer[3]

    def _cut(self, end: int) -> Packet:
        data_end = _HEADER + self._data_length()
        data, optional = self._buffer[_HEADER:data_end], self._buffer[data_end : end - 1]
        packet = Packet(self._buffer[4], bytes(data), bytes(optional))
        del self._buffer[:end]
        return packet

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.skipped += count
