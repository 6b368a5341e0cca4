"""ESP3, the serial protocol of EnOcean receivers, sending side.

Source: EnOcean Serial Protocol 3, sections 1.6 to 1.8: sync byte, header, CRC8 of the header, data, CRC8 of the data.
Refuses to know what a packet carries.
"""

from __future__ import annotations

import struct
from typing import Final

SYNC: Final = 0x55
RADIO_ERP2: Final = 0x0A
CRC8_POLYNOMIAL: Final = 0x07


def _crc8_table() -> bytes:
    table = bytearray()
    for byte in range(256):
        remainder = byte
        for _ in range(8):
            remainder = (remainder << 1) ^ (CRC8_POLYNOMIAL if remainder & 0x80 else 0)
            remainder &= 0xFF
        table.append(remainder)
    return bytes(table)


_CRC8: Final = _crc8_table()


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial x^8+x^2+x+1, start 0, nothing reflected."""
    remainder = 0
    for byte in data:
        remainder = _CRC8[remainder ^ byte]
    return remainder


def packet(packet_type: int, data: bytes, optional: bytes = b"") -> bytes:
    """One ESP3 packet.

    Raises:
        struct.error: The data is longer than 65535 bytes or the optional data longer than 255.
    """
    header = struct.pack(">HBB", len(data), len(optional), packet_type)
    body = data + optional
    return bytes((SYNC,)) + header + bytes((crc8(header),)) + body + bytes((crc8(body),))
