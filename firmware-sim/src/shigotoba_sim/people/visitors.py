"""People from regional offices who come for a booth between two appointments, as at Tottori's 県庁ワークブース.

Responsible for their wishes. Refuses to seat them: they have no seat here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import MINUTE_MS, midnight_ms
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.people.staff import Roll, staff
from shigotoba_sim.people.workday import Visit

_PER_FLOOR_AND_DAY: Final = 1.25
_FROM_MIN, _UNTIL_MIN = 9 * 60, 17 * 60


def visits(roll: Roll, day: date) -> list[Visit]:
    """The booths wished for by people from elsewhere on ``day``; their habits are those of somebody on the roll."""
    chance = chance_of(roll.seed, "visitors", day)
    if not is_working_day(day):
        return []
    wishes: list[Visit] = []
    for _ in range(chance.number_of(_PER_FLOOR_AND_DAY * len(roll.floors))):
        start_ms = midnight_ms(day) + chance.randrange(_FROM_MIN * MINUTE_MS, _UNTIL_MIN * MINUTE_MS)
        length_ms = int(chance.long_tailed(45, 0.5, 10, 120) * MINUTE_MS)
        wishes.append(Visit(chance.choice(staff(roll)), start_ms, start_ms + length_ms))
    return wishes
