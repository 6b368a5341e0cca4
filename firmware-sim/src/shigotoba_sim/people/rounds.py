"""Life round the clock: posts that are always staffed, in shifts, by people who move about a lot.

A demo at night would be dull in office hours, so from ``lively_from`` on 34 posts work on every two floors. Each is
filled by one person for eight hours; the changes are spread over the clock. People sit for about ten minutes, go
to a booth now and then, and choose a new seat each time: something changes somewhere about every ten seconds.

Responsible for what the person at a post intends. Refuses to claim that any office works like this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import HOUR_MS, MINUTE_MS
from shigotoba_sim.people.staff import Person, Roll, crew
from shigotoba_sim.people.workday import Session, Visit

POSTS_PER_FLOOR: Final = 17
LONGEST_STAY_MS: Final = 45 * MINUTE_MS

_SHIFTS: Final = 3
_SHIFT_MS: Final = 24 * HOUR_MS // _SHIFTS
_SHORTEST_STAY_MS: Final = 90_000
_BOOTH_SHARE: Final = 0.09


def posts(roll: Roll) -> int:
    """How many posts the building of ``roll`` has."""
    return POSTS_PER_FLOOR * len(roll.floors)


def person_at(roll: Roll, post: int, at_ms: int) -> Person:
    """Who fills ``post`` at ``at_ms``."""
    shift = (at_ms + post * _SHIFT_MS // posts(roll)) // _SHIFT_MS
    return crew(roll, posts(roll), _SHIFTS)[post][shift % _SHIFTS]


def wants_booth(chance: Chance) -> bool:
    """Whether the next stay is in a booth."""
    return chance.happens(_BOOTH_SHARE)


def stay_ms(chance: Chance, booth: bool) -> int:
    """How long a person stays, milliseconds."""
    median_min = 13 if booth else 8
    return min(int(chance.long_tailed(median_min, 0.6, 1.5, 45) * MINUTE_MS), LONGEST_STAY_MS)


def away_ms(chance: Chance) -> int:
    """How long a person is on the way between two stays, milliseconds."""
    return int(chance.long_tailed(1.6, 0.7, 0.4, 12) * MINUTE_MS)


def round_of(roll: Roll, post: int, start_ms: int, end_ms: int) -> Iterator[Session | Visit]:
    """What the people at ``post`` want between ``start_ms`` and ``end_ms``, one stay after the other."""
    chance = chance_of(roll.seed, "round", post, start_ms)
    at_ms = start_ms
    while at_ms + _SHORTEST_STAY_MS <= end_ms:
        booth = wants_booth(chance)
        until_ms = min(at_ms + stay_ms(chance, booth), end_ms)
        wish = Visit if booth else Session
        yield wish(person_at(roll, post, at_ms), at_ms, until_ms)
        at_ms = until_ms + away_ms(chance)
