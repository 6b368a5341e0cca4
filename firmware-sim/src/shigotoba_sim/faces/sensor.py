"""A battery-powered BLE presence sensor, and a BLE button: what they send, and when.

Responsible for the messages of one device: a new packet id and a higher counter each time, so that no two look alike
(an unchanged one would be hidden by BlueZ). Values in, values out: time comes as an argument, and chance is seeded by
the address. How a message is put into bytes is ``voices``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from shigotoba_sim.battery import battery_pct
from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import SECOND_MS, ms_of
from shigotoba_sim.devices import SeatSensor
from shigotoba_sim.faces import linking
from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.rhythm import Rhythm
from shigotoba_sim.faces.voices import Said, payload_of

COUNTER_STEP_MS: Final = 100
_COUNTER_ZERO_MS: Final = ms_of(datetime(2026, 1, 1, tzinfo=UTC))

_FULL_PCT: Final = 100


def counter_at(at_ms: int) -> int:
    """The counter of a message at ``at_ms``: the clock itself, so that it goes on where it was after a restart.

    Tenths of a second since 2026; 32 bits last until 2039.
    """
    return (at_ms - _COUNTER_ZERO_MS) // COUNTER_STEP_MS


class PresenceSensor:
    """One sensor, switched on at ``on_ms``, with a battery as full as ``charge_pct`` says at a time."""

    def __init__(
        self, sensor: SeatSensor, occupied: bool, on_ms: int, charge_pct: Callable[[SeatSensor, int], int] = battery_pct
    ) -> None:
        self._sensor = sensor
        self._charge_pct = charge_pct
        self._strength = _Strength(sensor.address)
        self._rhythm = Rhythm(sensor.address, on_ms)
        # No memory survives a battery change; starting from the clock makes an id seen before unlikely.
        self._packet_id = on_ms // SECOND_MS % 256
        self._counter = counter_at(on_ms)
        self._occupied = occupied
        self._arrivals = int(occupied)

    @property
    def due_ms(self) -> int:
        """When it sends next, UTC milliseconds."""
        return self._rhythm.due_ms

    def change(self, occupied: bool, at_ms: int, again_ms: int | None = None) -> None:
        """Somebody sat down or left at ``at_ms``; nothing happens if the sensor has seen that already.

        A faulty sensor tells it once more at ``again_ms``, as if it were new.
        """
        if occupied == self._occupied:
            return
        self._occupied = occupied
        self._arrivals += occupied
        self._advance(at_ms)
        self._rhythm.say(at_ms, again_ms)

    def transmit(self, now_ms: int) -> Advert:
        """What it sends now; moves ``due_ms`` on."""
        if self._rhythm.beats:
            self._advance(now_ms)
        self._rhythm.sent(now_ms)
        said = Said(
            self._occupied, self._arrivals, self._charge_pct(self._sensor, now_ms), self._packet_id, self._counter
        )
        service_data, manufacturer_data = payload_of(self._sensor, said)
        return Advert(self._sensor.address, self._strength.draw_dbm(), service_data, manufacturer_data)

    def _advance(self, at_ms: int) -> None:
        self._packet_id = (self._packet_id + 1) % 256
        self._counter = max(self._counter + 1, counter_at(at_ms))


class LinkingButton:
    """A Linking button, switched on at ``on_ms``: it tells of presses, and otherwise only of its battery."""

    def __init__(self, address: str, on_ms: int) -> None:
        self._address = address
        self._strength = _Strength(address)
        self._rhythm = Rhythm(address, on_ms)
        self._pressed: linking.Press | None = None

    @property
    def due_ms(self) -> int:
        """When it sends next, UTC milliseconds."""
        return self._rhythm.due_ms

    def press(self, press: linking.Press, at_ms: int) -> None:
        """A finger pushes it at ``at_ms``."""
        self._pressed = press
        self._rhythm.say(at_ms)

    def transmit(self, now_ms: int) -> Advert:
        """What it sends now; moves ``due_ms`` on."""
        if self._rhythm.beats:
            self._pressed = None
        self._rhythm.sent(now_ms)
        item = linking.button(self._pressed) if self._pressed else linking.battery(_FULL_PCT)
        said = {linking.COMPANY: linking.beacon(self._address, item)}
        return Advert(self._address, self._strength.draw_dbm(), {}, said)


class _Strength:
    """How strong a device is received: around a middle of its own."""

    def __init__(self, address: str) -> None:
        self._chance = chance_of("radio", address)
        self._middle_dbm = round(self._chance.uniform(-84, -52))

    def draw_dbm(self) -> int:
        return self._middle_dbm + round(self._chance.spread(0, 2.5, -9, 9))
