"""How each kind of BLE sensor puts the same message into an advertisement.

Responsible for choosing the format of a sensor's kind. Refuses to know the formats themselves.
"""

from __future__ import annotations

import msgspec

from shigotoba_sim.bindkeys import bindkey_of
from shigotoba_sim.devices import SeatSensor
from shigotoba_sim.faces import linking
from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bthome import service_data
from shigotoba_sim.faces.mibeacon import MIBEACON_UUID, pressure
from shigotoba_sim.faces.sealed import sealed

Payload = tuple[dict[str, bytes], dict[int, bytes]]
"""Service data by UUID, manufacturer data by company."""


class Said(msgspec.Struct, frozen=True):
    """A message of a sensor.

    Attributes:
        occupied: Whether somebody is there.
        arrivals: How often somebody came since power-up.
        battery_pct: Remaining charge.
        packet_id: Another one for every message, 0 to 255.
        counter: Higher for every message, 32 bits.
    """

    occupied: bool
    arrivals: int
    battery_pct: int
    packet_id: int
    counter: int


def payload_of(sensor: SeatSensor, said: Said) -> Payload:
    """What ``sensor`` advertises to say ``said``.

    Raises:
        ValueError: It does not speak over BLE.
    """
    address = sensor.address
    match sensor.kind:
        case "bthome":
            return {BTHOME_UUID: _plain(said)}, {}
        case "bthome_encrypted":
            return {BTHOME_UUID: sealed(_plain(said), address, bindkey_of(address), said.counter)}, {}
        case "mibeacon":
            return {MIBEACON_UUID: pressure(said.occupied, address, bindkey_of(address), said.counter)}, {}
        case "linking":
            items = (linking.human_detection(said.occupied, said.arrivals), linking.battery(said.battery_pct))
            return {}, {linking.COMPANY: linking.beacon(address, *items)}
        case _:
            raise ValueError(f"{sensor.device} is {sensor.kind} and does not speak over BLE")


def _plain(said: Said) -> bytes:
    return service_data(said.packet_id, {"battery_pct": said.battery_pct, "occupancy": said.occupied})
