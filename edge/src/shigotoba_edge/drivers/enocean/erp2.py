"""EnOcean Radio Protocol 2, as a Japanese stick (928 MHz) hands it over in ESP3 packets of type 0A.

Telegram: header (bits 7-5 address control, bit 4 extended header present, bits 3-0 type), extended header (high four
bits repeater count, low four length of optional data), source, destination, payload, optional data, CRC
(research/edge.md section 3.3; the extended header after EnOcean's Dolphin V4 documentation of the protocol).

Responsible for taking a telegram apart. Refuses to say what a payload means (see ``profiles``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_edge.drivers.enocean.crc8 import crc8

RPS: Final = 0x0
ONE_BYTE: Final = 0x1

_ADDRESSES: Final = {0b000: (3, 0), 0b001: (4, 0), 0b010: (4, 4), 0b011: (6, 0)}
"""Bytes of source and destination by address control."""

_TEACH_IN_BYTES: Final = 6
_EXTENDED: Final = 0x10
_EXTENDED_TYPE: Final = 0xF


class TelegramError(Exception):
    """A telegram cannot be understood; ``reason`` is the word it is counted under."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Telegram(msgspec.Struct, frozen=True):
    """One ERP2 telegram.

    Attributes:
        source: Its sender; the low 32 bits, which are the same for teach-in (48 bits) and data (32 bits).
        kind: Telegram type, such as ``RPS``.
        payload: What the sender says.
        teach_in: Sent with a 48-bit source, as Japanese devices do to introduce themselves.
        repeated: How many repeaters it came through.
    """

    source: int
    kind: int
    payload: bytes
    teach_in: bool = False
    repeated: int = 0


def decode(data: bytes) -> Telegram:
    """The telegram in ``data``, the data part of an ESP3 packet of type 0A.

    Raises:
        TelegramError: It is cut short, its CRC is wrong, or its form is not known.
    """
    if len(data) < 2:
        raise TelegramError("truncated", f"{len(data)} bytes")
    if crc8(data[:-1]) != data[-1]:
        raise TelegramError("telegram_crc", data.hex())
    header, body = data[0], data[1:-1]
    addresses = _ADDRESSES.get(header >> 5)
    if addresses is None or header & 0xF == _EXTENDED_TYPE:
        raise TelegramError("unsupported_telegram", f"header {header:02x}")
    extension, body = _extension(body) if header & _EXTENDED else (0, body)
    source_end, payload_start = addresses[0], sum(addresses)
    payload_end = len(body) - (extension & 0xF)
    if payload_start >= payload_end:
        raise TelegramError("truncated", data.hex())
    return Telegram(
        source=int.from_bytes(body[:source_end], "big") & 0xFFFF_FFFF,
        kind=header & 0xF,
        payload=body[payload_start:payload_end],
        teach_in=source_end == _TEACH_IN_BYTES,
        repeated=extension >> 4,
    )


def _extension(body: bytes) -> tuple[int, bytes]:
    if not body:
        raise TelegramError("truncated", "no extended header")
    return body[0], body[1:]
