"""A seat sensor's advertisements, as the simulated building sends them."""

from __future__ import annotations

from shigotoba_sim.faces.advert import BTHOME_UUID, Advert
from shigotoba_sim.faces.bthome import service_data

HCI = "00:1A:7D:DA:71:13"
SEAT = "54:48:E6:00:00:01"
SEAT_PATH = "/org/bluez/hci0/dev_54_48_E6_00_00_01"


def advert(packet_id: int = 1, rssi_dbm: int = -60, address: str = SEAT) -> Advert:
    return Advert(address, rssi_dbm, {BTHOME_UUID: service_data(packet_id, {"occupancy": True})})
