"""How full a sensor's battery is: a slow straight fall from a new cell, each sensor at its own age.

Responsible for one number at any time. Refuses to let a sensor die of it: that is a fault, and faults are scheduled.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from shigotoba_sim.building import SeatSensor
from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import HOUR_MS, ms_of

_LIFE_MS: Final = 900 * 24 * HOUR_MS
_LOWEST_PCT: Final = 9
_ANY_PAST_MS: Final = ms_of(datetime(2024, 1, 1, tzinfo=UTC))


def battery_pct(sensor: SeatSensor, at_ms: int) -> int:
    """Remaining charge in percent, 9 to 100; a cell that has fallen to the lowest is changed at once."""
    age_ms = at_ms - _ANY_PAST_MS + chance_of("battery", sensor.address).randrange(_LIFE_MS)
    return 100 - (100 - _LOWEST_PCT) * (age_ms % _LIFE_MS) // _LIFE_MS
