"""BTHome version 2: measurements as the service data of an advertisement.

Source: bthome.io, "Format" (object ids, sizes, factors; ids ascend). Points have the names of the wire's vocabulary;
all of them together fit into a legacy advertisement.
Refuses encryption, which wraps what this module makes, and any measurement the building's sensors do not have.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from shigotoba_wire.readings import Value

PLAIN_V2: Final = 0x40
TRIGGER_BASED: Final = 0x04
PACKET_ID: Final = 0x00

BUTTON_EVENTS: Final = {
    "none": 0x00,
    "press": 0x01,
    "double": 0x02,
    "triple": 0x03,
    "long": 0x04,
    "long_double": 0x05,
    "long_triple": 0x06,
    "hold": 0x80,
}
_TRUTHS: Final = {"motion": 0x21, "occupancy": 0x23}
_COUNTS: Final = ((0x09, "<B"), (0x3D, "<H"), (0x3E, "<I"))


def service_data(packet_id: int, measurements: Mapping[str, Value], trigger_based: bool = False) -> bytes:
    """The bytes after UUID 0xFCD2.

    Args:
        packet_id: 0 to 255, another one for every change of data.
        measurements: Values by point: ``battery_pct`` (whole percent), ``voltage_v``, ``motion``, ``occupancy``,
            ``button`` (a key of ``BUTTON_EVENTS``), ``count``.
        trigger_based: The sensor sends only when something happens; nobody should expect a heartbeat.

    Raises:
        ValueError: A point BTHome has no object for, or a value out of range.
    """
    objects = [_object(point, value) for point, value in measurements.items()]
    objects.append(struct.pack("<BB", PACKET_ID, packet_id))
    head = PLAIN_V2 | (TRIGGER_BASED if trigger_based else 0)
    return bytes((head,)) + b"".join(sorted(objects))


def _object(point: str, value: Value) -> bytes:
    try:
        return _packed(point, value)
    except (struct.error, KeyError, TypeError) as error:
        raise ValueError(f"BTHome cannot carry {point} = {value!r}") from error


def _packed(point: str, value: Value) -> bytes:
    match point, value:
        case (("motion" | "occupancy"), bool()):
            return bytes((_TRUTHS[point], value))
        case _, bool():
            raise KeyError(point)
        case "battery_pct", int() if 0 <= value <= 100:
            return struct.pack("<BB", 0x01, value)
        case "count", int():
            object_id, layout = next((row for row in _COUNTS if value < 1 << 8 * struct.calcsize(row[1])), _COUNTS[-1])
            return bytes((object_id,)) + struct.pack(layout, value)
        case "voltage_v", int() | float():
            return struct.pack("<BH", 0x0C, round(value * 1000))
        case "button", str():
            return bytes((0x3A, BUTTON_EVENTS[value]))
        case _:
            raise KeyError(point)
