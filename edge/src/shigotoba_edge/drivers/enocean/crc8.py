"""The checksum of ESP3 and ERP2: polynomial x^8 + x^2 + x + 1, start 0, not reflected (research/edge.md 3.2)."""

from __future__ import annotations

from typing import Final

POLYNOMIAL: Final = 0x07


def _shifted_out(byte: int) -> int:
    for _ in range(8):
        byte = (byte << 1) ^ POLYNOMIAL if byte & 0x80 else byte << 1
    return byte & 0xFF


_TABLE: Final = bytes(_shifted_out(byte) for byte in range(256))


def crc8(data: bytes | bytearray) -> int:
    """The checksum of ``data``, 0 to 255."""
    crc = 0
    for byte in data:
        crc = _TABLE[crc ^ byte]
    return crc
