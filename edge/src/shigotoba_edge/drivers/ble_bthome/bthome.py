"""Decoder of BTHome v2 service data (UUID 0xFCD2), plain frames.

Layout: a device-info byte (bit 0 encrypted, bit 2 trigger-based, bits 5-7 version), then objects, each an id byte and
a little-endian value (research/edge.md section 1.1).

Responsible for one frame. Refuses to remember: what a frame says is what this frame says (see ``repeats``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_edge.drivers.ble_bthome.objects import (
    BUTTON,
    BUTTON_EVENTS,
    COMMAND,
    KNOWN,
    LENGTHS,
    PACKET_ID,
    POINTS,
)
from shigotoba_wire.readings import Value

ENCRYPTED: Final = 0x01
TRIGGER_BASED: Final = 0x04
RESERVED: Final = 0x02
VERSION: Final = 2


class BthomeError(Exception):
    """A frame cannot be understood; ``reason`` is the word it is counted under."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Frame(msgspec.Struct, frozen=True):
    """What one frame says.

    Attributes:
        packet_id: 0 to 255, advanced by the sender with each new message; None if it does not number them.
        trigger_based: The sender speaks only when something happens: its silence means nothing.
        values: (point, value) pairs, at most one of each point except buttons.
        flaws: Why parts of the frame were left out, one word each.
    """

    packet_id: int | None
    trigger_based: bool
    values: tuple[tuple[str, Value], ...]
    flaws: tuple[str, ...]


def decode(service_data: bytes) -> Frame:
    """The frame in ``service_data``, the bytes behind the UUID.

    Raises:
        BthomeError: It is cut short, of another version or encrypted.
    """
    if not service_data:
        raise BthomeError("truncated", "no device-info byte")
    info, payload = service_data[0], service_data[1:]
    if info >> 5 != VERSION or info & RESERVED:
        raise BthomeError("unsupported_version", f"device-info byte {info:02x}")
    if info & ENCRYPTED:
        raise BthomeError("encrypted_without_key", "no key is known for this device")
    objects, flaws = _split(payload)
    packet_ids = [data[0] for identity, data in objects if identity == PACKET_ID]
    values, bad_values = _meaning(objects)
    return Frame(packet_ids[0] if packet_ids else None, bool(info & TRIGGER_BASED), values, flaws + bad_values)


def _split(payload: bytes) -> tuple[list[tuple[int, bytes]], tuple[str, ...]]:
    """The (id, value) pairs up to the first unknown id, and the flaw if there was one."""
    objects: list[tuple[int, bytes]] = []
    while payload:
        identity = payload[0]
        if identity not in KNOWN:
            return objects, ("unknown_object",)
        start, end = _extent(payload)
        if len(payload) < end:
            raise BthomeError("truncated", f"object {identity:02x} ends {end - len(payload)} bytes behind the frame")
        objects.append((identity, payload[start:end]))
        payload = payload[end:]
    return objects, ()


def _extent(payload: bytes) -> tuple[int, int]:
    """Where the value of the first object starts and ends."""
    identity, following = payload[0], payload[1:2]
    if identity in LENGTHS:
        return 1, 1 + LENGTHS[identity]
    if not following:
        return 2, 2
    if identity == COMMAND:
        return 2, 3 + (following[0] & 0x1F)
    return 2, 2 + following[0]


def _meaning(objects: list[tuple[int, bytes]]) -> tuple[tuple[tuple[str, Value], ...], tuple[str, ...]]:
    """The (point, value) pairs, the first of each point, and a flaw for each value out of range."""
    values: dict[tuple[str, int], Value] = {}
    flaws: list[str] = []
    buttons = 0
    for identity, data in objects:
        buttons += identity == BUTTON
        try:
            if identity in POINTS:
                point, decoded = POINTS[identity]
                values.setdefault((point, 0), decoded(data))
            elif identity == BUTTON and data[0]:
                values["button", buttons] = _button(data[0], buttons)
        except ValueError:
            flaws.append("bad_value")
    return tuple((point, value) for (point, _), value in values.items()), tuple(flaws)


def _button(event: int, number: int) -> str:
    """The event's name; from the second button of a device on, with the button's number behind it."""
    name = BUTTON_EVENTS.get(event)
    if name is None:
        raise ValueError(f"button event {event:02x}")
    return name if number == 1 else f"{name}_{number}"
