"""An advertisement as every decoder gets it.

Responsible for the shape. Refuses to interpret what is in it.
"""

from __future__ import annotations

import msgspec


class Advert(msgspec.Struct, frozen=True):
    """One advertisement of one sender.

    Attributes:
        address: Of the sender, ``54:48:E6:8F:80:A5``.
        service_data: Bytes by 128-bit UUID.
        manufacturer_data: Bytes by company identifier.
        rssi_dbm: Signal strength; None where BlueZ has none.
    """

    address: str
    service_data: dict[str, bytes]
    manufacturer_data: dict[int, bytes]
    rssi_dbm: int | None = None

    @property
    def device(self) -> str:
        """The identity of a sender that is known by its address, ``ble-5448e68f80a5``."""
        return device_at(self.address)

    @property
    def address_bytes(self) -> bytes:
        """The address in reading order, 6 bytes.

        Raises:
            ValueError: It is not an address.
        """
        return bytes.fromhex(self.address.replace(":", ""))


def device_at(address: str) -> str:
    """The identity of the device with this address."""
    return f"ble-{address.replace(':', '').lower()}"
