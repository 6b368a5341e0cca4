"""Booths booked ahead: by those who came, and by those who did not.

A booking is drawn from the visit it was made for, so that who sits where does not depend on whether anybody booked:
a building with bookings and one without are the same building. Bookings that nobody comes to are put where a booth is
free. None overlap, neither at a booth nor for a person, so that a product whose rules are the usual ones accepts each.

Responsible for what is agreed in the end for a day. Refuses to know how people came to that (see ``plan.changes``), and
to tell it to anybody (see ``faces.phones`` and ``history.bookings``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import MINUTE_MS, midnight_ms, next_day
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.people.foresight import LIVELY, OFFICE, Foresight, made_ms, uses_the_phone, way_at
from shigotoba_sim.people.rounds import person_at, posts
from shigotoba_sim.people.staff import staff
from shigotoba_sim.plan.bookings import GRACE_MS, Booking
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.stays import Stay

_SHORTEST_MS: Final = 15 * MINUTE_MS
_EARLIEST_MS: Final = 14 * MINUTE_MS
_LATEST_MS: Final = 9 * MINUTE_MS


def bookings_of(inputs: PlanInputs, day: date, stays: Iterable[Stay]) -> list[Booking]:
    """The bookings that begin on ``day``, in order of their beginning, made for ``stays`` or for nothing."""
    if inputs.quiet or midnight_ms(next_day(day)) <= inputs.opened_ms:
        return []
    by_booth: dict[str, list[Stay]] = {space.code: [] for space in inputs.place.of_kind("booth")}
    for stay in sorted(stays, key=lambda stay: stay.start_ms):
        by_booth.get(stay.space, []).append(stay)
    used = [one for visits in by_booth.values() for one in _foreseen(inputs, day, visits)]
    people = len(staff(inputs.roll))
    unused = [
        one
        for foresight in _ways(inputs, day)
        for booth, visits in by_booth.items()
        for one in _unused(inputs, foresight, day, booth, visits)
    ]
    return sorted(_apart(used, unused, people), key=lambda one: (one.start_ms, one.space))


def _ways(inputs: PlanInputs, day: date) -> Iterator[Foresight]:
    if midnight_ms(day) < inputs.lively_ms and is_working_day(day):
        yield OFFICE
    if midnight_ms(next_day(day)) > inputs.lively_ms:
        yield LIVELY


def _foreseen(inputs: PlanInputs, day: date, visits: list[Stay]) -> Iterator[Booking]:
    """The bookings of the people who come to one booth."""
    midnight, free_ms, tomorrow = midnight_ms(day), midnight_ms(day), midnight_ms(next_day(day))
    ends = [*(visit.start_ms for visit in visits[1:]), tomorrow]
    for visit, before_ms in zip(visits, ends, strict=False):
        foresight = way_at(inputs.lively_ms, visit.start_ms)
        chance = chance_of(inputs.seed, "booking", visit.space, visit.start_ms)
        booking = None
        if chance.happens(foresight.booked_share):
            booking = _booking_for(inputs, chance, visit, (free_ms, before_ms))
        if booking is not None and _possible(inputs, foresight, midnight, booking):
            yield booking
            free_ms = booking.end_ms
        free_ms = max(free_ms, visit.end_ms)


def _booking_for(inputs: PlanInputs, chance: Chance, visit: Stay, free: tuple[int, int]) -> Booking | None:
    foresight = way_at(inputs.lively_ms, visit.start_ms)
    grid_ms = foresight.grid_ms
    start_ms = max((visit.start_ms + grid_ms // 2) // grid_ms * grid_ms, _up(free[0], MINUTE_MS))
    end_ms = visit.end_ms // grid_ms * grid_ms if chance.happens(foresight.overstays) else _up(visit.end_ms, grid_ms)
    if end_ms - start_ms < _SHORTEST_MS:
        end_ms = _up(max(visit.end_ms, start_ms + _SHORTEST_MS), grid_ms)
    end_ms = min(end_ms, free[1] // MINUTE_MS * MINUTE_MS)
    in_time = visit.start_ms - _LATEST_MS <= start_ms <= min(visit.start_ms + _EARLIEST_MS, visit.end_ms - MINUTE_MS)
    if not in_time or end_ms - start_ms < _SHORTEST_MS:
        return None
    booking = Booking(
        visit.space, visit.person, made_ms(foresight, chance, start_ms, inputs.lively_ms), start_ms, end_ms
    )
    return _used(chance, booking, visit)


def _used(chance: Chance, booking: Booking, visit: Stay) -> Booking:
    entered = next((press.at_ms for press in visit.presses if press.button.endswith("I")), None)
    left_ms, left_by = next(((press.at_ms, "button") for press in visit.presses if press.button.endswith("O")), (0, ""))
    by_phone = uses_the_phone(chance) or entered is None
    came_ms = visit.start_ms - chance.randrange(1_000, 20_000)
    if not left_by and by_phone and chance.happens(0.5):
        left_ms, left_by = visit.end_ms + chance.randrange(1_000, 20_000), "phone"
    return msgspec.structs.replace(
        booking,
        came_ms=came_ms if by_phone else entered,
        came_by="phone" if by_phone else "button",
        left_ms=left_ms if left_by and left_ms < booking.end_ms else None,
        left_by=left_by or "button",
        gone_ms=visit.end_ms,
    )


def _unused(inputs: PlanInputs, foresight: Foresight, day: date, booth: str, visits: list[Stay]) -> Iterator[Booking]:
    """Bookings that nobody comes to, where nobody sits at the time at which somebody should come."""
    midnight = midnight_ms(day)
    chance = chance_of(inputs.seed, "nobody comes", booth, day, foresight.grid_ms)
    for _ in range(chance.number_of(foresight.unused_per_day)):
        start_ms = midnight + chance.randrange(foresight.opens_ms, foresight.closes_ms, foresight.grid_ms)
        end_ms = start_ms + chance.choice(foresight.lengths_min) * MINUTE_MS
        booking = Booking(
            booth,
            _somebody(inputs, foresight, chance, start_ms),
            made_ms(foresight, chance, start_ms, inputs.lively_ms),
            start_ms,
            end_ms,
        )
        if chance.happens(foresight.cancelled_share) and booking.made_ms < start_ms:
            booking = msgspec.structs.replace(booking, cancelled_ms=chance.randrange(booking.made_ms, start_ms))
        due = (start_ms - _SHORTEST_MS, start_ms + GRACE_MS)
        empty = all(visit.end_ms <= due[0] or due[1] <= visit.start_ms for visit in visits)
        if empty and _possible(inputs, foresight, midnight, booking):
            yield booking


def _somebody(inputs: PlanInputs, foresight: Foresight, chance: Chance, at_ms: int) -> int:
    if foresight is OFFICE:
        return chance.choice(staff(inputs.roll)).number
    return person_at(inputs.roll, chance.randrange(posts(inputs.roll)), at_ms).number


def _possible(inputs: PlanInputs, foresight: Foresight, midnight: int, booking: Booking) -> bool:
    """Whether the house is open then, and the booking belongs to one way of life as a whole."""
    open_then = midnight + foresight.opens_ms <= booking.start_ms and booking.end_ms <= midnight + foresight.closes_ms
    gone_ms = max(booking.end_ms, booking.gone_ms or 0)
    whole = gone_ms <= inputs.lively_ms if foresight is OFFICE else inputs.lively_ms <= booking.made_ms
    needed_ms = booking.start_ms if booking.came_ms is None else min(booking.start_ms, booking.came_ms)
    return open_then and whole and inputs.opened_ms <= booking.start_ms and booking.made_ms < needed_ms


def _apart(used: list[Booking], unused: list[Booking], people: int) -> Iterator[Booking]:
    """Those that overlap with none before them in the list, neither at their booth nor for their account.

    Whoever keeps a post round the clock books under the account of somebody on the roll.
    """
    kept: dict[str | int, list[Booking]] = {}
    for booking in sorted(used, key=lambda one: one.start_ms) + sorted(unused, key=lambda one: one.start_ms):
        whose = booking.person % people
        mine = [*kept.get(booking.space, ()), *kept.get(whose, ())]
        if all(other.end_ms <= booking.start_ms or booking.end_ms <= other.start_ms for other in mine):
            kept.setdefault(booking.space, []).append(booking)
            kept.setdefault(whose, []).append(booking)
            yield booking


def _up(at_ms: int, grid_ms: int) -> int:
    return -(-at_ms // grid_ms) * grid_ms
