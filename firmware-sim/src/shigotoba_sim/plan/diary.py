"""What people do with their phones, in order of time: book, wait, move, cancel, check in, extend, leave, look in vain.

Responsible for which part of a booking's life happens on a phone. Refuses what happens at the button of a booth: that
is an event like any other (see ``plan.agenda``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

import msgspec

from shigotoba_sim.clock import HOUR_MS
from shigotoba_sim.plan.bookings import Agreed, Booking
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.wishes import Wish

Did = Literal["book", "wait", "accept", "move", "cancel", "check_in", "extend", "leave", "look", "give_up"]

AGREEING: Final[frozenset[Did]] = frozenset({"book", "accept", "move", "cancel", "extend", "look"})
"""What a product has to accept for its figures to be those of the truth."""

_LONGEST_MS: Final = 2 * HOUR_MS
"""Longer than any booking round the clock, and made no earlier before it."""


class Deed(msgspec.Struct, frozen=True):
    """Something done with a phone at ``at_ms`` about a booking or a wish; ``to`` is what a change makes of it."""

    at_ms: int
    did: Did
    about: Booking | Wish
    to: Agreed | None = None


class Diary:
    """The deeds of a plan's people from the time on at which the building lives."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._hour = lru_cache(maxsize=2)(self._deeds_of_hour)

    def between(self, start_ms: int, end_ms: int) -> Iterator[Deed]:
        """The deeds from ``start_ms`` until before ``end_ms``, in order of time."""
        for hour in range(start_ms // HOUR_MS, -(-end_ms // HOUR_MS)):
            yield from (deed for deed in self._hour(hour) if start_ms <= deed.at_ms < end_ms)

    def _deeds_of_hour(self, hour: int) -> list[Deed]:
        start_ms, end_ms = hour * HOUR_MS, (hour + 1) * HOUR_MS
        lively_ms = self._plan.inputs.lively_ms
        around = (start_ms - _LONGEST_MS, end_ms + _LONGEST_MS)
        near = [booking for booking in self._plan.bookings(*around) if booking.made_ms >= lively_ms]
        deeds = [deed for about in (*near, *self._plan.wishes(*around)) for deed in deeds_of(about)]
        return sorted((deed for deed in deeds if start_ms <= deed.at_ms < end_ms), key=lambda deed: deed.at_ms)


def deeds_of(about: Booking | Wish) -> Iterator[Deed]:
    """What is done on a phone about a booking, or to find that there is none to be had."""
    if isinstance(about, Booking):
        yield from _deeds_of_booking(about)
    else:
        yield Deed(about.looked_ms, "look", about)
        yield Deed(about.looked_ms + 1, "wait", about)
        yield Deed(about.gave_up_ms, "give_up", about)


def _deeds_of_booking(booking: Booking) -> Iterator[Deed]:
    if booking.waited_ms is None:
        yield Deed(booking.made_ms, "book", booking)
    else:
        yield Deed(booking.waited_ms, "wait", booking)
        yield Deed(booking.made_ms, "accept", booking)
    for change, agreed in booking.changed:
        yield Deed(change.at_ms, change.did, booking, agreed)
    if booking.cancelled_ms is not None:
        yield Deed(booking.cancelled_ms, "cancel", booking)
    if booking.came_ms is not None and booking.came_by == "phone":
        yield Deed(booking.came_ms, "check_in", booking)
    if booking.left_ms is not None and booking.left_by == "phone":
        yield Deed(booking.left_ms, "leave", booking)
