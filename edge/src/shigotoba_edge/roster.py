"""The devices an agent has heard since it started: when, how strongly, with how much battery.

Responsible for the latest word of each. Refuses to judge who is dead (the backend does, by keep-alive).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.logbook import Sighting
from shigotoba_wire.health import DeviceHealth

MOST_DEVICES: Final = 2_000
"""Beyond this the one unheard for longest is forgotten: anybody with a radio can invent devices."""


class Roster:
    """What is known of each device, the most recently heard last."""

    def __init__(self, most: int = MOST_DEVICES) -> None:
        self._most = most
        self._devices: dict[str, DeviceHealth] = {}

    def note(self, sighting: Sighting) -> None:
        """A device was heard."""
        known = self._devices.pop(sighting.device, None)
        battery_pct = _battery_pct(sighting)
        if battery_pct is None and known is not None:
            battery_pct = known.battery_pct
        self._devices[sighting.device] = DeviceHealth(sighting.device, sighting.at_ms, sighting.rssi_dbm, battery_pct)
        if len(self._devices) > self._most:
            del self._devices[next(iter(self._devices))]

    def devices(self) -> tuple[DeviceHealth, ...]:
        """All of them."""
        return tuple(self._devices.values())


def _battery_pct(sighting: Sighting) -> float | None:
    values = [reading.value for reading in sighting.readings if reading.point == "battery_pct"]
    return float(values[0]) if values else None
