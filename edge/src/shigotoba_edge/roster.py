"""The devices an agent has heard since it started: when, how strongly, with how much battery.

Responsible for the latest word of each. Refuses to judge who is dead (the backend does, by keep-alive).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_edge.logbook import Sighting
from shigotoba_wire.health import DeviceHealth

MOST_DEVICES: Final = 2_000
"""Beyond this the one unheard for longest is forgotten: anybody with a radio can invent devices."""


MOST_REASONS: Final = 20
"""Reasons counted per device; those that come later are counted as ``other``."""


class Roster:
    """What is known of each device, the most recently heard last."""

    def __init__(self, most: int = MOST_DEVICES) -> None:
        self._most = most
        self._devices: dict[str, DeviceHealth] = {}

    def note(self, sighting: Sighting) -> None:
        """A device was heard."""
        known = self._devices.pop(sighting.device, DeviceHealth(sighting.device, sighting.at_ms))
        battery_pct = _battery_pct(sighting)
        self._devices[sighting.device] = msgspec.structs.replace(
            known,
            last_seen_at_ms=sighting.at_ms,
            rssi_dbm=sighting.rssi_dbm,
            battery_pct=known.battery_pct if battery_pct is None else battery_pct,
            frames=known.frames + 1,
            note=sighting.note,
        )
        if len(self._devices) > self._most:
            del self._devices[next(iter(self._devices))]

    def blame(self, device: str, reason: str, times: int) -> None:
        """What a device said was dropped; one that was never understood is nobody's device."""
        known = self._devices.get(device)
        if known is None:
            return
        reason = reason if reason in known.errors or len(known.errors) < MOST_REASONS else "other"
        errors = known.errors | {reason: known.errors.get(reason, 0) + times}
        self._devices[device] = msgspec.structs.replace(known, errors=errors)

    def devices(self) -> tuple[DeviceHealth, ...]:
        """All of them."""
        return tuple(self._devices.values())


def _battery_pct(sighting: Sighting) -> float | None:
    values = [reading.value for reading in sighting.readings if reading.point == "battery_pct"]
    return float(values[0]) if values else None
