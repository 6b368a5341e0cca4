"""NTT docomo's Linking beacons: a small header and items of twelve bits in the manufacturer data.

Source: edge report, section 2, after the open decoder node-linking: version (4 bits), vendor (8), individual number
(20), then items of 16 bits, high byte first: service (4), value (12). Responsible for the bytes behind the company
identifier.
"""

from __future__ import annotations

import struct
from typing import Final, Literal

from shigotoba_sim.devices import LINKING_VENDOR, linking_number

COMPANY: Final = 0x02E2
"""NTT docomo, in Bluetooth's list of companies."""

_VERSION: Final = 1
_BATTERY: Final = 4
_BUTTON: Final = 5
_HUMAN_DETECTION: Final = 7
_FLAG: Final = 0x800
_CHARGE_NEEDED_BELOW_PCT: Final = 15

Press = Literal["single", "double", "long"]
_BUTTONS: Final[dict[Press, int]] = {"single": 2, "double": 4, "long": 7}


def beacon(address: str, *items: bytes) -> bytes:
    """A beacon with ``items``; its individual number is the end of its address."""
    head = _VERSION << 28 | LINKING_VENDOR << 20 | linking_number(address)
    return struct.pack(">I", head) + b"".join(items)


def human_detection(present: bool, times: int) -> bytes:
    """Whether somebody is there, and how often somebody came, modulo 2^11."""
    return _item(_HUMAN_DETECTION, (_FLAG if present else 0) | times % _FLAG)


def battery(charge_pct: int) -> bytes:
    """The charge in tenths of a percent, and whether it should be filled up."""
    return _item(_BATTERY, (_FLAG if charge_pct < _CHARGE_NEEDED_BELOW_PCT else 0) | charge_pct * 10)


def button(press: Press) -> bytes:
    """A press of the one button."""
    return _item(_BUTTON, _BUTTONS[press])


def _item(service: int, value: int) -> bytes:
    return struct.pack(">H", service << 12 | value)
