"""EnOcean Radio Protocol 2, as a Japanese stick (928 MHz) hands it over in ESP3 packets of type 0A.

Telegram: header (bits 7-5 address control, bit 4 extended header present, bits 3-0 type), extended header (high four
bits repeater count, low four length of optional data), source, destination, payload, optional data, CRC
(research/edge.md section 3.3; the extended header after EnOcean's Dolphin V4 documentation of the protocol).

Responsible for taking a telegram apart. Refuses to say what a payload means (see ``profiles``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.drivers.enocean.crc8 import crc8
from shigotoba_edge.drivers.enocean.telegram import Telegram
from shigotoba_edge.frames import FrameError

_ADDRESSES: Final = {0b000: (3, 0), 0b001: (4, 0), 0b010: (4, 4), 0b011: (6, 0)}
"""Bytes of source and destination by address control."""

_TEACH_IN_BYTES: Final = 6
_EXTENDED: Final = 0x10
_EXTENDED_TYPE: Final = 0xF


def decode(data: bytes) -> Telegram:
    """The telegram in ``data``, the data part of an ESP3 packet of type 0A.

    Raises:
        FrameError: It is cut short, its CRC is wrong, or its form is not known.
    """
    if len(data) < 2:
        raise FrameError("truncated", f"{len(data)} bytes")
    if crc8(data[:-1]) != data[-1]:
        raise FrameError("telegram_crc", data.hex())
    header, body = data[0], data[1:-1]
    addresses = _ADDRESSES.get(header >> 5)
    if addresses is None or header & 0xF == _EXTENDED_TYPE:
        raise FrameError("unsupported_telegram", f"header {header:02x}")
    extension, body = _extension(body) if header & _EXTENDED else (0, body)
    source_end, payload_start = addresses[0], sum(addresses)
    payload_end = len(body) - (extension & 0xF)
    if payload_start >= payload_end:
        raise FrameError("truncated", data.hex())
    return Telegram(
        source=int.from_bytes(body[:source_end], "big") & 0xFFFF_FFFF,
        kind=header & 0xF,
        payload=body[payload_start:payload_end],
        teach_in=source_end == _TEACH_IN_BYTES,
        repeated=extension >> 4,
    )


def _extension(body: bytes) -> tuple[int, bytes]:
    if not body:
        raise FrameError("truncated", "no extended header")
    return body[0], body[1:]
