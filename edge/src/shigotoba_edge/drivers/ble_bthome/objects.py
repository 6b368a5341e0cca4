"""BTHome v2 objects: how long each is, and which of them become readings of ours.

Source: the format page of bthome.io; ids, lengths and factors as in research/edge.md section 1.1. A receiver must know
every length, because an unknown id hides everything behind it; it need not know every meaning.

Responsible for the tables. Refuses to walk through a payload (see ``bthome``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shigotoba_wire.readings import Value

PACKET_ID: Final = 0x00
BUTTON: Final = 0x3A

_IDS_BY_LENGTH: Final[dict[int, tuple[int, ...]]] = {
    1: (0x00, 0x01, 0x09, 0x0F, 0x10, 0x11, *range(0x15, 0x30), 0x3A, 0x46, 0x57, 0x58, 0x59, 0x60, 0x64, 0x65),
    2: (
        *(0x02, 0x03, 0x06, 0x07, 0x08, 0x0C, 0x0D, 0x0E, 0x12, 0x13, 0x14, 0x3C, 0x3D, 0x3F),
        *(0x40, 0x41, 0x43, 0x44, 0x45, 0x47, 0x48, 0x49, 0x4A, 0x51, 0x52, 0x56, 0x5A, 0x5D, 0x5E, 0x5F, 0x61, 0xF0),
    ),
    3: (0x04, 0x05, 0x0A, 0x0B, 0x42, 0x4B, 0xF2),
    4: (0x3E, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x55, 0x5B, 0x5C, 0x62, 0x63, 0xF1),
}

LENGTHS: Final = {identity: length for length, identities in _IDS_BY_LENGTH.items() for identity in identities}
"""Bytes of value by object id, for objects of fixed length."""

COMMAND: Final = 0x3B
"""A byte whose low five bits count the arguments, an operation code, the arguments."""

COUNTED: Final = frozenset({0x53, 0x54})
"""Text and raw bytes: a byte that counts the bytes behind it."""

KNOWN: Final = frozenset(LENGTHS) | COUNTED | {COMMAND}

BUTTON_EVENTS: Final = {
    0x01: "press",
    0x02: "double",
    0x03: "triple",
    0x04: "long",
    0x05: "long_double",
    0x06: "long_triple",
    0x80: "hold",
    0x81: "hold_release",
}
"""Names by event code; code 0 means that this button did nothing."""


def _unsigned(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _percentage(data: bytes) -> int:
    if data[0] > 100:
        raise ValueError(f"{data[0]} %")
    return data[0]


def _truth(data: bytes) -> bool:
    if data[0] > 1:
        raise ValueError(f"{data[0]} is neither 0 nor 1")
    return data[0] == 1


def _closed(data: bytes) -> bool:
    return not _truth(data)


POINTS: Final[dict[int, tuple[str, Callable[[bytes], Value]]]] = {
    0x01: ("battery_pct", _percentage),
    0x09: ("count", _unsigned),
    0x0C: ("voltage_v", lambda data: _unsigned(data) / 1000),
    0x11: ("contact", _closed),
    0x1A: ("contact", _closed),
    0x21: ("motion", _truth),
    0x23: ("occupancy", _truth),
    0x2D: ("contact", _closed),
    0x3D: ("count", _unsigned),
    0x3E: ("count", _unsigned),
    0x4A: ("voltage_v", lambda data: _unsigned(data) / 10),
    0x59: ("count", _signed),
    0x5A: ("count", _signed),
    0x5B: ("count", _signed),
}
"""Point and decoding by object id. Openings, doors and windows say 1 when open; our ``contact`` is true when closed."""
