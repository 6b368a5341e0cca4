"""Decoder of BTHome v2 service data (UUID 0xFCD2).

Layout: a device-info byte (bit 0 encrypted, bit 2 trigger-based, bits 5-7 version), then objects, each an id byte and
a little-endian value (research/edge.md section 1.1). A sealed frame has in place of the objects their ciphertext, a
counter and the MIC (section 1.2).

Responsible for one frame. Refuses to remember: what a frame says is what this frame says (see ``repeats``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.bluetooth.sealed import MIC_BYTES, Sealed
from shigotoba_edge.bluetooth.service_data import Message
from shigotoba_edge.drivers.ble_bthome.objects import (
    BUTTON,
    BUTTON_EVENTS,
    COMMAND,
    KNOWN,
    LENGTHS,
    PACKET_ID,
    POINTS,
)
from shigotoba_edge.frames import FrameError
from shigotoba_wire.readings import Value

ENCRYPTED: Final = 0x01
TRIGGER_BASED: Final = 0x04
RESERVED: Final = 0x02
VERSION: Final = 2

UUID_BYTES: Final = b"\xd2\xfc"
COUNTER_BYTES: Final = 4


class Frame(Message, frozen=True):
    """What one frame says; its values hold at most one of each point except buttons.

    Attributes:
        trigger_based: The sender speaks only when something happens: its silence means nothing.
    """

    trigger_based: bool = False


def take_apart(service_data: bytes, address: bytes) -> Sealed | bytes:
    """The sealed part of ``service_data``, the bytes behind the UUID, from this ``address`` (6 bytes); or its objects.

    Raises:
        FrameError: It is cut short or of another version.
    """
    if not service_data:
        raise FrameError("truncated", "no device-info byte")
    info = service_data[0]
    if info >> 5 != VERSION or info & RESERVED:
        raise FrameError("unsupported_version", f"device-info byte {info:02x}")
    return _sealed(service_data, address) if info & ENCRYPTED else service_data[1:]


def _sealed(service_data: bytes, address: bytes) -> Sealed:
    counter_end = len(service_data) - MIC_BYTES
    counter_start = counter_end - COUNTER_BYTES
    if counter_start <= 1:
        raise FrameError("truncated", "no room for a ciphertext")
    counter = service_data[counter_start:counter_end]
    return Sealed(
        counter=int.from_bytes(counter, "little"),
        nonce=address + UUID_BYTES + service_data[:1] + counter,
        ciphertext=service_data[1:counter_start] + service_data[counter_end:],
    )


def read(service_data: bytes, objects: bytes) -> Frame:
    """What the plain ``objects`` of a frame that came as ``service_data`` say.

    Raises:
        FrameError: An object is cut short.
    """
    found, flaws = _split(objects)
    packet_ids = [data[0] for identity, data in found if identity == PACKET_ID]
    values, bad_values = _meaning(found)
    trigger_based = bool(service_data[0] & TRIGGER_BASED)
    return Frame(packet_ids[0] if packet_ids else None, values, flaws + bad_values, trigger_based)


def _split(payload: bytes) -> tuple[list[tuple[int, bytes]], tuple[str, ...]]:
    """The (id, value) pairs up to the first unknown id, and the flaw if there was one."""
    objects: list[tuple[int, bytes]] = []
    while payload:
        identity = payload[0]
        if identity not in KNOWN:
            return objects, ("unknown_object",)
        start, end = _extent(payload)
        if len(payload) < end:
            raise FrameError("truncated", f"object {identity:02x} ends {end - len(payload)} bytes behind the frame")
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
