"""EnOcean Equipment Profiles, sending side: the payloads of rockers, contacts and occupancy sensors.

Source: edge report, sections 3.3 and 3.4 (F6-02-04, D5-00-01, A5-07-01, A5-07-03, 4BS teach-in with profile).
Responsible for bits. Refuses to frame them (see ``erp2``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.plan.events import Rocker

RELEASED: Final = b"\x00"
CONTACT_LEARN: Final = b"\x00"
"""D5-00-01 with the learn bit (3) at nought."""

_ENERGY_BOW: Final = 0x80
_ROCKER_BITS: Final[dict[Rocker, int]] = {"AO": 0x01, "AI": 0x02, "BO": 0x04, "BI": 0x08}
_CONTACT_DATA: Final = 0x08
_CLOSED: Final = 0x01
_DATA: Final = 0x08
_WITH_PROFILE: Final = 0x80
_OCCUPANCY_FUNCTION: Final = 0x07
_VOLTAGE_FIELD_VALID: Final = 0x01
_MOTION: Final = 0x80
_ON: Final = 0xFF
_OFF: Final = 0x00
_MAKER: Final = 0x00B
"""EnOcean GmbH, eleven bits."""


def rocker(button: Rocker) -> bytes:
    """F6-02-04: one of the four contacts is pressed."""
    return bytes((_ENERGY_BOW | _ROCKER_BITS[button],))


def contact(closed: bool) -> bytes:
    """D5-00-01: a contact such as a door's."""
    return bytes((_CONTACT_DATA | (_CLOSED if closed else 0),))


def occupancy_pir(occupied: bool, supply_v: float) -> bytes:
    """A5-07-01: occupancy and a supply of 0 to 5 V in steps of 20 mV."""
    return bytes((_steps(supply_v, 5.0, 250), 0x00, _ON if occupied else _OFF, _DATA | _VOLTAGE_FIELD_VALID))


def occupancy_motion(occupied: bool, supply_v: float, light_lx: int) -> bytes:
    """A5-07-03: motion, the supply, and the light from 0 to 1000 lx in ten bits."""
    light = min(light_lx, 1000)
    return bytes((_steps(supply_v, 5.0, 250), light >> 2, (light & 3) << 6, _DATA | (_MOTION if occupied else 0)))


def occupancy_learn(profile_type: int) -> bytes:
    """The 4BS learn telegram of A5-07-``profile_type``, which names profile and maker."""
    word = _OCCUPANCY_FUNCTION << 18 | profile_type << 11 | _MAKER
    return word.to_bytes(3, "big") + bytes((_WITH_PROFILE,))


def _steps(value: float, full_scale: float, steps: int) -> int:
    return min(max(round(value / full_scale * steps), 0), steps)
