"""How people came to the bookings of a day: extended in the booth, moved before, waited for.

Every change leaves what is agreed in the end as it is, and is drawn from a generator of its own: what is different is
only what was agreed before. So who sits where, and what is booked, used and recovered, does not depend on whether
anybody changes a mind. What is held on the way is in nobody's way either: a booth and a time that are free all day.

Responsible for these ways. Refuses to draw what is agreed in the end (see ``plan.ahead``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, day_of, midnight_ms
from shigotoba_sim.people.foresight import Foresight, way_at
from shigotoba_sim.people.staff import staff
from shigotoba_sim.plan.bookings import Agreed, Booking, Change
from shigotoba_sim.plan.inputs import PlanInputs

_SHORTEST_MS: Final = 15 * MINUTE_MS
_TIME_TO_CHANGE_MS: Final = 10 * MINUTE_MS
_SAME_DAY_MS: Final = 6 * HOUR_MS
_TRIES: Final = 4
_FARTHEST: Final = 8
"""Steps of the grid by which a booking is moved at most."""


class _Held:
    """What is held of booths and by accounts on a day, at whatever time of their lives."""

    def __init__(self, bookings: Iterable[Booking], people: int) -> None:
        self._by: dict[str | int, list[Agreed]] = {}
        self._people = people
        for booking in bookings:
            for agreed in booking.agreed:
                self.hold(booking.person, agreed)

    def hold(self, person: int, agreed: Agreed) -> None:
        """Nobody else can have this booth then, and this account no other booth."""
        for of in (agreed.space, person % self._people):
            self._by.setdefault(of, []).append(agreed)

    def is_free(self, person: int, agreed: Agreed, besides: Agreed | None = None) -> bool:
        """Whether the booth is free for the account, as if it did not hold ``besides``."""
        return not any(
            agreed.meets(other)
            for of in (agreed.space, person % self._people)
            for other in self._by.get(of, ())
            if other != besides
        )

    def has_time(self, person: int, agreed: Agreed) -> bool:
        """Whether the account has no booth then."""
        return not any(agreed.meets(other) for other in self._by.get(person % self._people, ()))


def with_changes(inputs: PlanInputs, bookings: list[Booking]) -> list[Booking]:
    """The same bookings with what was agreed before, and those that somebody had to give back for who waited."""
    held = _Held(bookings, len(staff(inputs.roll)))
    lived = [one for booking in bookings for one in _lived(inputs, held, _extended(inputs, booking))]
    return sorted(lived, key=lambda one: (one.start_ms, one.space, one.made_ms))


def _lived(inputs: PlanInputs, held: _Held, booking: Booking) -> Iterator[Booking]:
    foresight = way_at(inputs.lively_ms, booking.start_ms)
    chance = chance_of(inputs.seed, "change of mind", booking.space, booking.start_ms)
    ahead_ms = _settled_ms(booking) - booking.made_ms
    if booking.cancelled_ms is None and ahead_ms >= _TIME_TO_CHANGE_MS:
        if chance.happens(foresight.moves):
            yield _moved(inputs, foresight, chance, held, booking)
            return
        if ahead_ms <= _SAME_DAY_MS and chance.happens(foresight.waits):
            yield from _waited(inputs, chance, held, booking)
            return
    yield booking


def _settled_ms(booking: Booking) -> int:
    """Until when a booking can be changed by who has not come yet."""
    return min(booking.start_ms, booking.came_ms or booking.start_ms) - MINUTE_MS


def _extended(inputs: PlanInputs, booking: Booking) -> Booking:
    """The booking as it is, or at first as much shorter as its person sat in the booth beyond some step of the grid."""
    foresight = way_at(inputs.lively_ms, booking.start_ms)
    chance = chance_of(inputs.seed, "extension", booking.space, booking.start_ms)
    if booking.came_ms is None or booking.gone_ms is None or not chance.happens(foresight.extends):
        return booking
    first_end_ms = (min(booking.gone_ms, booking.end_ms) - 1) // foresight.grid_ms * foresight.grid_ms
    asked_ms = first_end_ms - chance.randrange(30_000, 5 * MINUTE_MS)
    since_ms = max(booking.came_ms, booking.start_ms) + MINUTE_MS
    if first_end_ms - booking.start_ms < _SHORTEST_MS or asked_ms < since_ms:
        return booking
    was = Agreed(booking.space, booking.start_ms, first_end_ms)
    return msgspec.structs.replace(booking, changes=(Change(asked_ms, "extend", was),))


def _moved(inputs: PlanInputs, foresight: Foresight, chance: Chance, held: _Held, booking: Booking) -> Booking:
    """The booking, first made for another time or booth if one is free then."""
    now = booking.agreed[0]
    for _ in range(_TRIES):
        was = _elsewhere(inputs, foresight, chance, now)
        until_ms = min(_settled_ms(booking), was.start_ms - MINUTE_MS)
        in_time = booking.made_ms + MINUTE_MS < until_ms and _open(foresight, was)
        if in_time and held.is_free(
            booking.person, was, besides=Agreed(booking.space, booking.start_ms, booking.end_ms)
        ):
            held.hold(booking.person, was)
            change = Change(chance.randrange(booking.made_ms + MINUTE_MS, until_ms), "move", was)
            return msgspec.structs.replace(booking, changes=(change, *booking.changes))
    return booking


def _elsewhere(inputs: PlanInputs, foresight: Foresight, chance: Chance, now: Agreed) -> Agreed:
    """Another booth of the floor at the same time, or the same booth at another."""
    floors = {booth.code: booth.floor for booth in inputs.place.of_kind("booth")}
    near = [code for code, floor in floors.items() if floor == floors[now.space] and code != now.space]
    if near and chance.happens(0.4):
        return msgspec.structs.replace(now, space=chance.choice(near))
    by_ms = chance.choice((-1, 1)) * chance.randint(1, _FARTHEST) * foresight.grid_ms
    return Agreed(now.space, now.start_ms + by_ms, now.end_ms + by_ms)


def _open(foresight: Foresight, agreed: Agreed) -> bool:
    midnight = midnight_ms(day_of(agreed.start_ms))
    return midnight + foresight.opens_ms <= agreed.start_ms and agreed.end_ms <= midnight + foresight.closes_ms


def _waited(inputs: PlanInputs, chance: Chance, held: _Held, booking: Booking) -> Iterator[Booking]:
    """The booking, made when somebody who had the same booth at the same time gave it back, and that one's."""
    wanted = booking.agreed[0]
    rival = chance.choice(staff(inputs.roll)).number
    if booking.changes or not held.has_time(rival, wanted):
        yield booking
        return
    held.hold(rival, wanted)
    ahead_ms = _settled_ms(booking) - booking.made_ms
    waited_ms = booking.made_ms + int(chance.uniform(0.1, 0.4) * ahead_ms)
    given_back_ms = booking.made_ms + int(chance.uniform(0.45, 0.6) * ahead_ms)
    taken_ms = given_back_ms + chance.randrange(45_000, 3 * MINUTE_MS)
    yield Booking(wanted.space, rival, booking.made_ms, wanted.start_ms, wanted.end_ms, cancelled_ms=given_back_ms)
    yield msgspec.structs.replace(booking, made_ms=taken_ms, waited_ms=waited_ms)
