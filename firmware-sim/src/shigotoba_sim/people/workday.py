"""A person's day in office hours: arrival, lunch, meetings, booth, breaks, leaving.

A day is drawn from seed, person and date alone, so any day can be asked for by itself.
Responsible for what a person intends. Refuses to assign seats and booths: an intention may find none free.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import MINUTE_MS, midnight_ms
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.people.staff import Person

_AWAY_ALL_DAY: Final = 0.11
"""Leave and business trips together."""

_AWAY_AFTERNOON: Final = 0.06
_REGULAR_MIN: Final = 525
"""From start to end of the regular day, lunch included: 8:30 to 17:15."""

_LATEST_MIN: Final = 22 * 60
_NO_OVERTIME_WEEKDAY: Final = 2
_APART_MS: Final = 5 * MINUTE_MS


class Absence(msgspec.Struct, frozen=True):
    """Time away from the seat, within a session."""

    start_ms: int
    end_ms: int
    reason: Literal["meeting", "booth", "break"]


class Session(msgspec.Struct, frozen=True):
    """Time for which a person wants one seat.

    The seat stays the person's during the absences (the notebook lies there), though nobody sits on it.
    """

    person: Person
    start_ms: int
    end_ms: int
    absences: tuple[Absence, ...] = ()


class Visit(msgspec.Struct, frozen=True):
    """Time for which a person wants a booth."""

    person: Person
    start_ms: int
    end_ms: int


def workday(seed: int, person: Person, day: date) -> tuple[Session, ...]:
    """The sessions of ``person`` on ``day``: none when off or away, else one before and mostly one after lunch."""
    chance = chance_of(seed, "workday", person.number, day)
    if not is_working_day(day) or day.weekday() in person.telework_days or chance.happens(_AWAY_ALL_DAY):
        return ()
    arrives_min = person.starts_min - chance.spread(8, 9, -40, 45)
    lunch_min = chance.spread(722, 4, 715, 750)
    back_min = chance.spread(777, 5, lunch_min + 25, 800)
    spans = [(arrives_min, lunch_min)]
    if not chance.happens(_AWAY_AFTERNOON):
        spans.append((back_min, _leaves_min(chance, person, day)))
    return tuple(_session(chance, person, midnight_ms(day), start, end) for start, end in spans)


def _leaves_min(chance: Chance, person: Person, day: date) -> float:
    stays_on_min = 8.0 if day.weekday() == _NO_OVERTIME_WEEKDAY else 45.0
    return min(person.starts_min + _REGULAR_MIN + chance.expovariate(1 / stays_on_min), _LATEST_MIN)


def _session(chance: Chance, person: Person, day_ms: int, start_min: float, end_min: float) -> Session:
    start_ms, end_ms = (day_ms + int(minute * MINUTE_MS) for minute in (start_min, end_min))
    wishes = [*_meetings(chance, start_ms, end_ms), *_booth_uses(chance, person, start_ms, end_ms)]
    wishes += _breaks(chance, start_ms, end_ms)
    return Session(person, start_ms, end_ms, _fitting(wishes, start_ms, end_ms))


def _meetings(chance: Chance, start_ms: int, end_ms: int) -> list[Absence]:
    quarter_ms = 15 * MINUTE_MS
    starts = [chance.randrange(start_ms, end_ms) // quarter_ms * quarter_ms for _ in range(chance.number_of(0.5))]
    return [_lasting(chance, "meeting", at_ms, chance.choice((30, 45, 60, 60, 90))) for at_ms in starts]


def _booth_uses(chance: Chance, person: Person, start_ms: int, end_ms: int) -> list[Absence]:
    number = chance.number_of(person.department.booth_uses_per_day / 2)
    starts = [chance.randrange(start_ms, end_ms) for _ in range(number)]
    return [_lasting(chance, "booth", at_ms, chance.long_tailed(38, 0.5, 8, 110)) for at_ms in starts]


def _breaks(chance: Chance, start_ms: int, end_ms: int) -> list[Absence]:
    breaks: list[Absence] = []
    at_ms = start_ms + int(chance.spread(50, 20, 12, 110) * MINUTE_MS)
    while at_ms < end_ms:
        breaks.append(_lasting(chance, "break", at_ms, chance.long_tailed(5, 0.5, 2, 18)))
        at_ms += int(chance.spread(55, 20, 15, 120) * MINUTE_MS)
    return breaks


def _lasting(chance: Chance, reason: Literal["meeting", "booth", "break"], at_ms: int, middle_min: float) -> Absence:
    # Nobody rises on the stroke of the minute.
    start_ms = at_ms + chance.randrange(-90_000, 90_000)
    return Absence(start_ms, start_ms + int(middle_min * chance.uniform(0.9, 1.1) * MINUTE_MS), reason)


def _fitting(wishes: list[Absence], start_ms: int, end_ms: int) -> tuple[Absence, ...]:
    """Those that leave some minutes at the seat before and after; the earlier in ``wishes`` has precedence."""
    chosen: list[Absence] = []
    for wish in wishes:
        inside = start_ms + _APART_MS <= wish.start_ms and wish.end_ms + _APART_MS <= end_ms
        if inside and all(_apart(wish, other) for other in chosen):
            chosen.append(wish)
    return tuple(sorted(chosen, key=lambda absence: absence.start_ms))


def _apart(one: Absence, other: Absence) -> bool:
    return one.end_ms + _APART_MS <= other.start_ms or other.end_ms + _APART_MS <= one.start_ms
