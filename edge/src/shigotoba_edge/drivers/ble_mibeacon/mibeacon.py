"""Decoder of MiBeacon service data (UUID 0xFE95), versions 4 and 5.

Layout, little-endian: frame control (2 bytes), product (2), frame counter (1), address reversed (6, if bit 4), what the
device can do (1, or 2 if its bit 5 is set; if bit 5), then objects: id (2), length (1), value. Sealed (bit 3): the
ciphertext of the objects, the upper 3 bytes of the counter, the MIC (research/edge.md section 2).

Responsible for one frame. Refuses to remember.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final

from shigotoba_edge.bluetooth.sealed import MIC_BYTES, Sealed
from shigotoba_edge.bluetooth.service_data import Message
from shigotoba_edge.frames import FrameError
from shigotoba_wire.readings import Value

_SEALED: Final = 1 << 3
_ADDRESS: Final = 1 << 4
_CAPABILITY: Final = 1 << 5
_OBJECTS: Final = 1 << 6
_MESH: Final = 1 << 7
_CAPABILITY_IO: Final = 1 << 5

_HEAD_BYTES: Final = 5
_COUNTER_AT: Final = 4
_OBJECT_HEAD_BYTES: Final = 3
_ADDRESS_BYTES: Final = 6
_UPPER_COUNTER_BYTES: Final = 3
_ASSOCIATED: Final = b"\x11"

VERSIONS: Final = (4, 5)


def take_apart(service_data: bytes, address: bytes) -> Sealed | bytes:
    """The sealed part of ``service_data``, the bytes behind the UUID, from this ``address`` (6 bytes); or its objects.

    Raises:
        FrameError: It is cut short, of another version, sent for another device, or holds no objects.
    """
    if len(service_data) < _HEAD_BYTES:
        raise FrameError("truncated", f"{len(service_data)} bytes")
    control = int.from_bytes(service_data[:2], "little")
    if control >> 12 not in VERSIONS or control & _MESH:
        raise FrameError("unsupported_version", f"frame control {control:04x}")
    if not control & _OBJECTS:
        raise FrameError("no_objects", f"frame control {control:04x}")
    body = service_data[_body_start(control, service_data, address) :]
    return _sealed(service_data, body, address) if control & _SEALED else body


def _body_start(control: int, service_data: bytes, address: bytes) -> int:
    start = _HEAD_BYTES
    if control & _ADDRESS:
        start += _ADDRESS_BYTES
        if len(service_data) < start:
            raise FrameError("truncated", "no room for the address")
        if service_data[_HEAD_BYTES:start] != address[::-1]:
            raise FrameError("foreign_address", f"sent by {address.hex()}")
    if control & _CAPABILITY:
        if len(service_data) <= start:
            raise FrameError("truncated", "no room for the capability")
        start += 2 if service_data[start] & _CAPABILITY_IO else 1
    return start


def _sealed(service_data: bytes, body: bytes, address: bytes) -> Sealed:
    if len(body) <= _UPPER_COUNTER_BYTES + MIC_BYTES:
        raise FrameError("truncated", "no room for a ciphertext")
    mic_start = len(body) - MIC_BYTES
    upper_start = mic_start - _UPPER_COUNTER_BYTES
    upper = body[upper_start:mic_start]
    return Sealed(
        counter=int.from_bytes(service_data[_COUNTER_AT : _COUNTER_AT + 1] + upper, "little"),
        nonce=address[::-1] + service_data[2:5] + upper,
        ciphertext=body[:upper_start] + body[mic_start:],
        associated=_ASSOCIATED,
    )


def read(service_data: bytes, objects: bytes) -> Message:
    """What the plain ``objects`` of a frame that came as ``service_data`` say, the first of each point.

    Raises:
        FrameError: An object is cut short.
    """
    values: dict[str, Value] = {}
    flaws: list[str] = []
    for identity, data in _split(objects):
        if identity in POINTS:
            point, decoded = POINTS[identity]
            try:
                values.setdefault(point, decoded(data))
            except ValueError:
                flaws.append("bad_value")
    return Message(service_data[_COUNTER_AT], tuple(values.items()), tuple(flaws))


def _split(objects: bytes) -> Generator[tuple[int, bytes], None, None]:
    while objects:
        end = _OBJECT_HEAD_BYTES + (objects[2] if len(objects) >= _OBJECT_HEAD_BYTES else 0)
        if len(objects) < end:
            raise FrameError("truncated", f"an object ends {end - len(objects)} bytes behind the frame")
        yield int.from_bytes(objects[:2], "little"), objects[_OBJECT_HEAD_BYTES:end]
        objects = objects[end:]


def _one_byte(data: bytes, most: int) -> int:
    if len(data) != 1 or data[0] > most:
        raise ValueError(data.hex())
    return data[0]


def _percentage(data: bytes) -> int:
    return _one_byte(data, 100)


def _pressed(data: bytes) -> bool:
    return _one_byte(data, 1) == 1


def _someone(data: bytes) -> bool:
    # XMOSB01XS says 2 as well as 0 when nobody is there.
    return _one_byte(data, 2) == 1


POINTS: Final[dict[int, tuple[str, Callable[[bytes], Value]]]] = {
    0x100A: ("battery_pct", _percentage),
    0x4803: ("battery_pct", _percentage),
    0x483C: ("occupancy", _pressed),
    0x484E: ("occupancy", _someone),
    0x4C03: ("battery_pct", _percentage),
}
"""Point and decoding by object id; all others are stepped over, such as how long a seat has been taken (483D, 483E)."""
