"""A battery-powered BLE presence sensor: what it sends, and when.

Responsible for the schedule and the content of one sensor's advertisements: a burst on every change, a heartbeat
otherwise, a new packet id each time, so that no two messages look alike (an unchanged one would be hidden by BlueZ).
Values in, values out: time comes as an argument, and chance is seeded by the address.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from shigotoba_sim.battery import battery_pct
from shigotoba_sim.building import SeatSensor
from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import SECOND_MS
from shigotoba_sim.faces.advert import BTHOME_UUID, Advert
from shigotoba_sim.faces.bthome import service_data

BURST_OFFSETS_MS: Final = (0, 150, 350, 600, 950)
"""When a change is said, and said again: adverts are not acknowledged, repeating them is all a sensor can do."""

HEARTBEAT_MS: Final = 60 * SECOND_MS
POWER_UP_MS: Final = 4 * SECOND_MS
"""Sensors come up one after the other within this time."""


class PresenceSensor:
    """One sensor, switched on at ``on_ms``.

    Attributes:
        due_ms: When it sends next, UTC milliseconds.
    """

    def __init__(self, sensor: SeatSensor, occupied: bool, on_ms: int) -> None:
        self._sensor = sensor
        self._occupied = occupied
        self._chance = chance_of("radio", sensor.address)
        self._middle_rssi_dbm = round(self._chance.uniform(-84, -52))
        # The history lets each sensor speak in the same second of the minute.
        self._phase_ms = chance_of("stagger", sensor.address).randrange(HEARTBEAT_MS)
        # No memory survives a battery change; starting from the clock makes an id seen before unlikely.
        self._packet_id = on_ms // SECOND_MS % 256
        self._start_burst(on_ms + self._phase_ms % POWER_UP_MS)

    def change(self, occupied: bool, at_ms: int) -> None:
        """Somebody sat down or left at ``at_ms``; nothing happens if the sensor has seen that already."""
        if occupied == self._occupied:
            return
        self._occupied = occupied
        self._advance_packet_id()
        self._start_burst(at_ms)

    def transmit(self, now_ms: int) -> Advert:
        """What it sends now; moves ``due_ms`` on."""
        if self._beats:
            self._advance_packet_id()
        self._beats = not self._burst
        self.due_ms = self._burst.popleft() if self._burst else self._next_heartbeat_ms(now_ms)
        return Advert(
            address=self._sensor.address,
            rssi_dbm=self._middle_rssi_dbm + round(self._chance.spread(0, 2.5, -9, 9)),
            service_data={BTHOME_UUID: self._data(now_ms)},
        )

    def _start_burst(self, at_ms: int) -> None:
        self._burst = deque(at_ms + offset_ms for offset_ms in BURST_OFFSETS_MS)
        self._beats = False
        self.due_ms = self._burst.popleft()

    def _advance_packet_id(self) -> None:
        self._packet_id = (self._packet_id + 1) % 256

    def _data(self, now_ms: int) -> bytes:
        measurements = {"battery_pct": battery_pct(self._sensor, now_ms), "occupancy": self._occupied}
        return service_data(self._packet_id, measurements)

    def _next_heartbeat_ms(self, now_ms: int) -> int:
        """The next instant of this sensor's own phase, a second or more away."""
        earliest = now_ms + SECOND_MS
        return earliest + (self._phase_ms - earliest) % HEARTBEAT_MS
