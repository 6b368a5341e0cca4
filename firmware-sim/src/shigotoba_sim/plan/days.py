"""The stays of one day.

A day is computed by itself, without the days before it. In office hours that is easy: everybody has left by midnight.
Round the clock, people sit across midnight; who does is drawn from the midnight itself, and the days
on both sides of it are filled in around those stays (see ``thresholds``).

Responsible for putting wishes and places together. Refuses to order events (see ``agenda``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.people import rounds, visitors
from shigotoba_sim.people.workday import Session, Visit
from shigotoba_sim.plan.attendance import attendance
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.stays import Places, Stay, booth_stays, seat_stays
from shigotoba_sim.plan.thresholds import Threshold, coming_to_life, crossing


def stays_of(inputs: PlanInputs, day: date) -> list[Stay]:
    """Every stay that touches ``day``; those across its midnights are found on both sides."""
    start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
    if inputs.quiet or end_ms <= inputs.opened_ms:
        return []
    if end_ms <= inputs.lively_ms:
        return office_stays(inputs, day)
    if start_ms <= inputs.lively_ms:
        begun = [stay for stay in office_stays(inputs, day) if stay.start_ms < inputs.lively_ms]
        return lively_stays(inputs, coming_to_life(inputs, begun), inputs.lively_ms, end_ms)
    return lively_stays(inputs, crossing(inputs, start_ms), start_ms, end_ms)


def office_stays(inputs: PlanInputs, day: date) -> list[Stay]:
    """The stays of a day in office hours; all end before midnight."""
    sessions = [session for _person, spent in attendance(inputs, day) for session in spent]
    visits = [visit for session in sessions for visit in _booth_wishes(session)] + visitors.visits(inputs.roll, day)
    chance = chance_of(inputs.seed, "office", day)
    in_booths = booth_stays(chance, visits, Places(inputs.place.of_kind("booth")))
    kept = [_with_booths_found(session, in_booths.keys()) for session in sessions]
    return [*in_booths.values(), *seat_stays(chance, kept, _seats(inputs, day))]


def _seats(inputs: PlanInputs, day: date) -> Places:
    habits = inputs.habits
    return Places(habits.seats_on(day, inputs.place.of_kind("seat")), appeal=habits.appeal_on(day))


def _booth_wishes(session: Session) -> Iterator[Visit]:
    for absence in session.absences:
        if absence.reason == "booth":
            yield Visit(session.person, absence.start_ms, absence.end_ms)


def _with_booths_found(session: Session, found: Iterable[tuple[int, int]]) -> Session:
    """The session without the booth visits that found no booth: the person stays at the seat."""
    kept = tuple(
        absence
        for absence in session.absences
        if absence.reason != "booth" or (session.person.number, absence.start_ms) in found
    )
    return Session(session.person, session.start_ms, session.end_ms, kept)


def lively_stays(inputs: PlanInputs, before: Threshold, start_ms: int, end_ms: int) -> list[Stay]:
    """The stays from ``start_ms`` to the midnight ``end_ms``, with those that reach across either."""
    after = crossing(inputs, end_ms)
    chance = chance_of(inputs.seed, "lively", start_ms)
    wishes = [
        wish
        for post in range(rounds.posts(inputs.roll))
        for wish in rounds.round_of(inputs.roll, post, before.back_ms[post], after.left_ms[post])
    ]
    visits = [wish for wish in wishes if isinstance(wish, Visit)]
    sessions = [wish for wish in wishes if isinstance(wish, Session)]
    booths = Places(inputs.place.of_kind("booth"), before.stays, after.stays)
    seats = Places(inputs.place.of_kind("seat"), before.stays, after.stays)
    in_booths = booth_stays(chance, visits, booths).values()
    return [*before.stays, *in_booths, *seat_stays(chance, sessions, seats), *after.stays]
