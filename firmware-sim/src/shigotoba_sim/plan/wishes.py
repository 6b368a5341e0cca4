"""Wishes in vain: somebody looks for a booth of a floor on which every booth is booked, waits, and gives up.

Such a wish is drawn only where all that stands in its way is sure to stand until it is given up: booked before, not
cancelled, neither left nor lapsed by then. So a product that has these bookings finds nothing free and has nothing to
offer. In office hours hardly ever is a whole floor booked; round the clock it happens several times a day.

Responsible for these wishes. Refuses those that come true (see ``plan.changes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import MINUTE_MS, day_of, midnight_ms
from shigotoba_sim.people.foresight import way_at
from shigotoba_sim.people.staff import staff
from shigotoba_sim.plan.bookings import GRACE_MS, Agreed, Booking
from shigotoba_sim.plan.inputs import PlanInputs

_SHORTEST_MS: Final = 2 * MINUTE_MS
"""Whoever could wait for less does not begin to."""


class Wish(msgspec.Struct, frozen=True, gc=False):
    """A booth of ``floor`` wanted by ``person`` from ``start_ms`` until ``end_ms``.

    Attributes:
        floor: Any booth of it would do.
        person: Who wants it, a number on the roll.
        looked_ms: When the person looked, found nothing and began to wait.
        start_ms: From when.
        end_ms: Until when.
        gave_up_ms: When the person stopped waiting.
    """

    floor: str
    person: int
    looked_ms: int
    start_ms: int
    end_ms: int
    gave_up_ms: int

    @property
    def name(self) -> tuple[str, int, int]:
        """Floor, begin and person, which no two have in common."""
        return self.floor, self.start_ms, self.person


def wishes_of(inputs: PlanInputs, bookings: list[Booking]) -> list[Wish]:
    """The wishes in vain of the day of which these are the bookings, in order of their beginning."""
    floors = {booth.code: booth.floor for booth in inputs.place.of_kind("booth")}
    kept = [booking for booking in bookings if booking.cancelled_ms is None]
    found = {wish.name: wish for booking in kept for wish in _crowded_out(inputs, floors, kept, booking)}
    return sorted(found.values(), key=lambda wish: (wish.start_ms, wish.floor))


def _crowded_out(inputs: PlanInputs, floors: dict[str, str], kept: list[Booking], booking: Booking) -> Iterator[Wish]:
    chance = chance_of(inputs.seed, "wish in vain", booking.space, booking.start_ms)
    if not chance.happens(way_at(inputs.lively_ms, booking.start_ms).crowds):
        return
    floor, wanted = floors[booking.space], booking.agreed[-1]
    in_the_way = [other for other in kept if floors[other.space] == floor and wanted.meets(_sure(other))]
    if {other.space for other in in_the_way} == {code for code, of in floors.items() if of == floor}:
        yield from _wish(inputs, chance, floor, wanted, in_the_way)


def _wish(inputs: PlanInputs, chance: Chance, floor: str, wanted: Agreed, in_the_way: list[Booking]) -> Iterator[Wish]:
    """The wish, if there is time for it after the last of those bookings and before one of them is over."""
    since_ms = max(_settled_from_ms(other) for other in in_the_way) + MINUTE_MS
    until_ms = min([wanted.start_ms, *(_stands_until_ms(other) for other in in_the_way)]) - MINUTE_MS
    since_ms = max(since_ms, midnight_ms(day_of(wanted.start_ms)))
    if until_ms - since_ms >= _SHORTEST_MS:
        looked_ms = chance.randrange(since_ms, until_ms - MINUTE_MS)
        person = chance.choice(staff(inputs.roll)).number
        gave_up_ms = chance.randrange(looked_ms + MINUTE_MS // 2, until_ms)
        yield Wish(floor, person, looked_ms, wanted.start_ms, wanted.end_ms, gave_up_ms)


def _sure(booking: Booking) -> Agreed:
    """What a booking holds from its last move on, an extension apart."""
    extended = [change.was for change in booking.changes if change.did == "extend"]
    return extended[0] if extended else booking.agreed[-1]


def _stands_until_ms(booking: Booking) -> int:
    """Until when the product has no reason to give the rest of a booking to anybody else."""
    if booking.came_ms is None:
        return booking.start_ms + GRACE_MS
    return _sure(booking).end_ms if booking.left_ms is None else booking.left_ms


def _settled_from_ms(booking: Booking) -> int:
    """From when on a booking is where it stays."""
    return max([booking.made_ms, *(change.at_ms for change in booking.changes if change.did == "move")])
