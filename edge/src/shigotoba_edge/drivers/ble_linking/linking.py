"""Decoder of Linking beacons: manufacturer data of NTT docomo, company 0x02E2.

Layout behind the company: version (4 bits), vendor (8), individual number (20), then items of 16 bits, big-endian: a
service (4 bits) and its value (12). Layout and meanings as read by public receivers (research/edge.md section 2).

Responsible for one beacon. Refuses to remember: what it says is what this beacon says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_edge.frames import FrameError
from shigotoba_wire.readings import Value

COMPANY: Final = 0x02E2

_HEAD_BYTES: Final = 4
_STATE: Final = 0x800
_LEVEL: Final = 0x7FF

BUTTONS: Final = {0x02: "press", 0x04: "double", 0x07: "long", 0x09: "hold_release"}
"""Names by button code; the other codes are keys of remote controls."""


class Item(msgspec.Struct, frozen=True):
    """One service of a beacon.

    Attributes:
        service: Its number, 0 to 15.
        bits: Its 12 bits.
        says: (point, value), or None if it is none of ours.
    """

    service: int
    bits: int
    says: tuple[str, Value] | None


class Beacon(msgspec.Struct, frozen=True):
    """What one beacon says.

    Attributes:
        version: Of the layout.
        vendor: Number of the maker.
        individual: Number of the device, unique with its vendor.
        items: The services in it.
        flaws: Why items were left out, one word each.
    """

    version: int
    vendor: int
    individual: int
    items: tuple[Item, ...]
    flaws: tuple[str, ...]


def decode(data: bytes) -> Beacon:
    """The beacon in ``data``, the bytes behind the company.

    Raises:
        FrameError: It is cut short.
    """
    if len(data) < _HEAD_BYTES or len(data) % 2:
        raise FrameError("truncated", f"{len(data)} bytes")
    head = int.from_bytes(data[:_HEAD_BYTES], "big")
    words = [int.from_bytes(data[at : at + 2], "big") for at in range(_HEAD_BYTES, len(data), 2)]
    items: list[Item] = []
    flaws: list[str] = []
    for word in words:
        try:
            items.append(_item(word >> 12, word & 0xFFF))
        except ValueError:
            flaws.append("bad_value")
    return Beacon(head >> 28, head >> 20 & 0xFF, head & 0xFFFFF, tuple(items), tuple(flaws))


def _item(service: int, bits: int) -> Item:
    meaning = _MEANINGS.get(service)
    return Item(service, bits, None if meaning is None else meaning(bits))


def _battery(bits: int) -> tuple[str, Value]:
    tenths = bits & _LEVEL
    if tenths > 1_000:
        raise ValueError(f"{tenths / 10} %")
    return "battery_pct", tenths / 10


def _button(bits: int) -> tuple[str, Value] | None:
    name = BUTTONS.get(bits)
    return None if name is None else ("button", name)


def _contact(bits: int) -> tuple[str, Value]:
    return "contact", not bits & _STATE


def _human(bits: int) -> tuple[str, Value]:
    return "motion", bool(bits & _STATE)


_MEANINGS: Final[dict[int, Callable[[int], tuple[str, Value] | None]]] = {
    4: _battery,
    5: _button,
    6: _contact,
    7: _human,
}
"""By service. Opening says 1 when open; our ``contact`` is true when closed. The low bits of 6 and 7 count events."""
