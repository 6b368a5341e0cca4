"""An advertisement on the air, as a controller hands it to its host.

Responsible for the value that sensors send and a Bluetooth stack hears. Refuses to know either.
"""

from __future__ import annotations

from typing import Final

import msgspec

BTHOME_UUID: Final = "0000fcd2-0000-1000-8000-00805f9b34fb"
"""0xFCD2 in the long form that BlueZ shows (Bluetooth Core, Vol 3, Part B, section 2.5.1)."""

LE_ONLY_GENERAL_DISCOVERABLE: Final = 0x06


class Advert(msgspec.Struct, frozen=True):
    """One legacy, non-connectable advertisement.

    Attributes:
        address: Public device address, ``54:48:E6:8F:80:A5``.
        rssi_dbm: Strength at the receiver.
        service_data: Bytes by UUID in long form.
        manufacturer_data: Bytes by company identifier.
        name: Complete local name, empty for none.
        flags: Flags of the advertisement (Core Supplement, Part A, section 1.3).
    """

    address: str
    rssi_dbm: int
    service_data: dict[str, bytes]
    manufacturer_data: dict[int, bytes] = {}
    name: str = ""
    flags: int = LE_ONLY_GENERAL_DISCOVERABLE
