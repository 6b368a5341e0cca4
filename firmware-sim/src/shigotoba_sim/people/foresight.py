"""Who books a booth ahead, how long before, and who does not come.

Two ways of life: office hours, in which people plan by quarters of an hour and up to two weeks ahead, and the hours
round the clock, in which everything is a matter of minutes so that a demo has something to show.

Responsible for these habits. Refuses to know which booth is free (see ``plan.bookings``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.chance import Chance
from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, midnight_ms, moment_of

_MOST_DAYS_AHEAD: Final = 14


class Foresight(msgspec.Struct, frozen=True):
    """How people book.

    Attributes:
        grid_ms: Bookings begin and end on multiples of this.
        booked_share: Of all visits to booths, how many were booked beforehand.
        overstays: How many of those stay longer than they have booked.
        unused_per_day: Bookings per booth and day that nobody comes to.
        cancelled_share: How many of those are taken back before they begin.
        lengths_min: How long the unused ones are.
        opens_ms: From when after midnight a booth can be booked.
        closes_ms: Until when.
        extends: Of those who stay to the end of what they booked or longer, how many had booked less and extended it.
        moves: How many bookings were first made for another time of the day or another booth of the floor.
        waits: How many of those made on the day itself were waited for, because somebody else had that booth then.
        crowds: How often somebody else wants the time of a booking on its floor and finds no booth there.
    """

    grid_ms: int
    booked_share: float
    overstays: float
    unused_per_day: float
    cancelled_share: float
    lengths_min: tuple[int, ...]
    opens_ms: int
    closes_ms: int
    extends: float = 0.12
    moves: float = 0.08
    waits: float = 0.08
    crowds: float = 0.1


OFFICE: Final = Foresight(
    grid_ms=15 * MINUTE_MS,
    booked_share=0.6,
    overstays=0.15,
    unused_per_day=0.35,
    cancelled_share=0.4,
    lengths_min=(30, 45, 60, 60, 90),
    opens_ms=8 * HOUR_MS + 30 * MINUTE_MS,
    closes_ms=17 * HOUR_MS + 15 * MINUTE_MS,
)
"""8:30 to 17:15, as the site file opens the house."""

LIVELY: Final = Foresight(
    grid_ms=5 * MINUTE_MS,
    booked_share=0.75,
    overstays=0.15,
    unused_per_day=40.0,
    cancelled_share=0.4,
    lengths_min=(15, 15, 20, 30),
    opens_ms=0,
    closes_ms=24 * HOUR_MS,
    crowds=0.8,
)


def way_at(lively_ms: int, at_ms: int) -> Foresight:
    """How people book what begins at ``at_ms`` in a building that lives round the clock from ``lively_ms`` on."""
    return OFFICE if at_ms < lively_ms else LIVELY


def made_ms(foresight: Foresight, chance: Chance, start_ms: int, not_before_ms: int) -> int:
    """When a booking that begins at ``start_ms`` is made; round the clock not before ``not_before_ms``."""
    shortly_ms = start_ms - int(chance.uniform(1.5, 40) * MINUTE_MS)
    if foresight is LIVELY:
        soon_ms = not_before_ms + chance.randrange(10_000, 90_000)
        return max(shortly_ms, soon_ms)
    if chance.happens(0.35):
        return shortly_ms
    if chance.happens(0.5):
        return start_ms - int(chance.uniform(45, 300) * MINUTE_MS)
    midnight = midnight_ms(moment_of(start_ms).date())
    days = chance.randint(1, _MOST_DAYS_AHEAD)
    return midnight - days * 24 * HOUR_MS + int(chance.uniform(8.6, 17.0) * HOUR_MS)


def uses_the_phone(chance: Chance) -> bool:
    """Whether somebody checks in by phone, a moment before entering; the others by the button or not at all."""
    return chance.happens(0.4)
