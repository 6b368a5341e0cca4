"""EnOcean devices that speak by themselves: occupancy sensors and door contacts.

Responsible for the telegrams of one device and for when it sends them; when it comes up, whoever installed it presses
its learn button, so the first telegram introduces it. Values in, values out: time comes as an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import MINUTE_MS
from shigotoba_sim.devices import SeatSensor
from shigotoba_sim.faces.enocean import erp2, profiles
from shigotoba_sim.faces.rhythm import HEARTBEAT_MS, Rhythm

CONTACT_HEARTBEAT_MS: Final = 25 * MINUTE_MS
"""A solar contact repeats its state about as often (edge report, section 3.3)."""

_ONCE_MS: Final = (0,)
"""The radio repeats a telegram within 40 ms by itself, and the receiver hands over one."""


class Profile(msgspec.Struct, frozen=True):
    """How a device with two states speaks.

    Attributes:
        kind: Type of its telegrams.
        learn: Payload of the telegram that introduces it.
        data: Payload for a state; what else it measures is drawn.
        heartbeat_ms: How often it repeats its state.
    """

    kind: int
    learn: bytes
    data: Callable[[bool, Chance], bytes]
    heartbeat_ms: int


class EnOceanSensor:
    """The device ``sender_id``, switched on at ``on_ms``."""

    def __init__(self, sender_id: str, profile: Profile, state: bool, on_ms: int) -> None:
        self._sender_id = sender_id
        self._profile = profile
        self._state = state
        self._introduced = False
        self._rhythm = Rhythm(sender_id, on_ms, _ONCE_MS, profile.heartbeat_ms)
        self._chance = chance_of("enocean", sender_id)
        self._middle_rssi_dbm = self._chance.randint(-82, -48)

    @property
    def due_ms(self) -> int:
        """When it sends next, UTC milliseconds."""
        return self._rhythm.due_ms

    def change(self, state: bool, at_ms: int) -> None:
        """Its state is another one from ``at_ms`` on; nothing happens if it has seen that already."""
        if state != self._state:
            self._state = state
            self._rhythm.say(at_ms)

    def transmit(self, now_ms: int) -> bytes:
        """The packets it causes now; moves ``due_ms`` on."""
        self._rhythm.sent(now_ms)
        sender_id, profile = self._sender_id, self._profile
        rssi_dbm = self._middle_rssi_dbm + round(self._chance.spread(0, 2, -6, 6))
        said = erp2.telegram(profile.kind, sender_id, profile.data(self._state, self._chance), rssi_dbm)
        if self._introduced:
            return said
        self._introduced = True
        return erp2.learn_telegram(profile.kind, sender_id, profile.learn, rssi_dbm) + said


def occupancy_sensor(sensor: SeatSensor, occupied: bool, on_ms: int) -> EnOceanSensor:
    """A sensor of the profile A5-07-01, or A5-07-03 where its kind says so."""
    supply_v = round(chance_of("supply", sensor.address).uniform(2.8, 3.4), 2)

    def pir(state: bool, _chance: Chance) -> bytes:
        return profiles.occupancy_pir(state, supply_v)

    def motion(state: bool, chance: Chance) -> bytes:
        return profiles.occupancy_motion(state, supply_v, int(chance.spread(420, 60, 80, 900)))

    data, number = (motion, 0x03) if sensor.kind == "enocean_motion" else (pir, 0x01)
    profile = Profile(erp2.FOUR_BYTES, profiles.occupancy_learn(number), data, HEARTBEAT_MS)
    return EnOceanSensor(sensor.address, profile, occupied, on_ms)


def door_contact(sender_id: str, closed: bool, on_ms: int) -> EnOceanSensor:
    """A contact of the profile D5-00-01 at a booth's door, which people shut behind them and leave open."""
    profile = Profile(
        erp2.ONE_BYTE,
        profiles.CONTACT_LEARN,
        lambda state, _chance: profiles.contact(state),
        CONTACT_HEARTBEAT_MS,
    )
    return EnOceanSensor(sender_id, profile, closed, on_ms)
