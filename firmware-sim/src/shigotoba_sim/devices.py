"""What is fixed in a building, one value per device: who it is, where it is, how it speaks.

Responsible for the identities under which the product knows a device. Refuses to choose what stands where (see
``building``) and to speak (see ``faces``).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

SensorKind = Literal["bthome", "bthome_encrypted", "linking", "mibeacon", "enocean_pir", "enocean_motion", "wired"]
"""How a presence sensor speaks: over BLE as BTHome (plain or encrypted), NTT docomo's Linking or Xiaomi's MiBeacon;
over EnOcean as A5-07-01 (``enocean_pir``) or A5-07-03 (``enocean_motion``); over a wire to an input module."""

ButtonKind = Literal["rocker", "linking", "wired"]
Make = Literal["ricoh", "sharp", "canon", "fujifilm", "konica_minolta", "kyocera", "standard", "pwg"]

BLE_KINDS: Final[frozenset[SensorKind]] = frozenset(("bthome", "bthome_encrypted", "linking", "mibeacon"))
ENOCEAN_KINDS: Final[frozenset[SensorKind]] = frozenset(("enocean_pir", "enocean_motion"))
KEYED_KINDS: Final[frozenset[SensorKind]] = frozenset(("bthome_encrypted", "mibeacon"))

LINKING_VENDOR: Final = 0x01
"""Number of the maker in Linking beacons."""

WIRED_UNIT: Final = 1
"""Modbus address of the one input module."""

WIRED_INPUTS_PER_BOOTH: Final = 3
"""Presence, the button's I side, its O side."""


class SeatSensor(msgspec.Struct, frozen=True):
    """A presence sensor at a seat or in a booth.

    Attributes:
        device: Identity by its kind, such as ``ble-5448e6000001``, ``enocean-050dff5b``, ``wired-1-0``.
        address: Bluetooth address, ``54:48:E6:..``; EnOcean sender id, eight hexadecimal digits; number of the input.
        space: Code of the space it watches.
        kind: How it speaks.
    """

    device: str
    address: str
    space: str
    kind: SensorKind = "bthome"


class Booth(msgspec.Struct, frozen=True):
    """A work booth with its presence sensor and its button.

    Attributes:
        space: Code of the booth.
        presence: Its sensor.
        button_id: What the button calls itself: EnOcean sender id of a rocker, Bluetooth address, first of two inputs.
        button: How the button speaks; a rocker has no battery.
        door: EnOcean sender id of the contact at its door; empty for none.
    """

    space: str
    presence: SeatSensor
    button_id: str
    button: ButtonKind = "rocker"
    door: str = ""

    @property
    def button_device(self) -> str:
        """Identity of the button."""
        if self.button == "rocker":
            return enocean_device(self.button_id)
        return wired_device(self.button_id) if self.button == "wired" else ble_device(self.button_id)

    @property
    def door_device(self) -> str:
        """Identity of the door's contact, if there is one."""
        return enocean_device(self.door) if self.door else ""


class Mfp(msgspec.Struct, frozen=True):
    """A multifunction printer: identity ``mfp-<serial>``, where it stands, and whose tables it speaks."""

    device: str
    serial: str
    place: str
    vendor: str
    model: str


def ble_device(address: str) -> str:
    """Identity of what advertises under a Bluetooth ``address``."""
    return "ble-" + address.replace(":", "").lower()


def linking_number(address: str) -> int:
    """The individual number in the beacons of the Linking device at ``address``: its last twenty bits."""
    return int(address.replace(":", "")[-5:], 16)


def enocean_device(sender_id: str) -> str:
    """Identity of the EnOcean sender ``sender_id``."""
    return f"enocean-{sender_id}"


def wired_device(first_input: str) -> str:
    """Identity of what is wired to ``first_input`` of the input module."""
    return f"wired-{WIRED_UNIT}-{first_input}"
