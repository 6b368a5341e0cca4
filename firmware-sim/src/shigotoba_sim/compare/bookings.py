"""Bookings in truth and in the product: how many, how much of them was used, what nobody came to, what was recovered.

A live building asks for its bookings as people do, and may be refused: the booth was somebody else's, the product was
down. What was not accepted is not expected of the product; the coverage says how much was. Who books by hand in a
simulated building is not in its truth, and so a difference.

Responsible for these lines. Refuses to judge (see ``metrics``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.compare.metrics import Count, Line, counted, timed
from shigotoba_sim.compare.product import BoothDay
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.timeline import Timeline

ALL_BOOTHS: Final = "all booths"
_APART_S: Final = 5.0
"""How much later than it happened a press, a check-in or a leave may be noticed, per booking."""

Name = tuple[str, int]
"""A booking by its booth and the time at which it begins, UTC milliseconds."""


class Sums(msgspec.Struct, frozen=True):
    """Bookings, those used, those nobody came to, seconds, and how many the product did not accept."""

    bookings: int = 0
    used: int = 0
    no_shows: int = 0
    booked_s: float = 0.0
    recovered_s: float = 0.0
    refused: int = 0

    def __add__(self, more: Sums) -> Sums:
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(more), strict=True)
        return Sums(*(mine + theirs for mine, theirs in pairs))


class Bookings:
    """The bookings of ``timeline`` against the rows of a product; None for a product that tells none.

    Args:
        timeline: The truth.
        product: The product's rows.
        refused: Bookings of the live building that the product did not accept.
    """

    def __init__(self, timeline: Timeline, product: Iterable[BoothDay] | None, refused: frozenset[Name]) -> None:
        self._timeline = timeline
        self._refused = refused
        self._product: Mapping[tuple[date, str], Sums] | None = None
        if product is not None:
            self._product = {(row.day, row.space): _told(row) for row in product}
        self._truth: defaultdict[str, Sums] = defaultdict(Sums)
        self._counted: defaultdict[str, Sums] = defaultdict(Sums)

    def day(self, day: date) -> Iterator[Line]:
        """The lines of all booths together on ``day``."""
        truth: defaultdict[str, Sums] = defaultdict(Sums)
        for booking in self._timeline.bookings(midnight_ms(day), midnight_ms(next_day(day))):
            truth[booking.space] += self._really(booking)
        counted_now = {space: sums for (when, space), sums in (self._product or {}).items() if when == day}
        for space, sums in truth.items():
            self._truth[space] += sums
        for space, sums in counted_now.items():
            self._counted[space] += sums
        return self._lines(ALL_BOOTHS, day, sum(truth.values(), Sums()), sum(counted_now.values(), Sums()))

    def totals(self) -> Iterator[Line]:
        """The lines of each booth, and of all, over the days asked for so far."""
        yield from self._lines(ALL_BOOTHS, None, sum(self._truth.values(), Sums()), sum(self._counted.values(), Sums()))
        for space in sorted(self._truth.keys() | self._counted.keys()):
            yield from self._lines(space, None, self._truth[space], self._counted[space])

    def _really(self, booking: Booking) -> Sums:
        if booking.outcome == "cancelled":
            return Sums()
        return Sums(
            bookings=1,
            used=booking.outcome == "used",
            no_shows=booking.outcome == "no_show",
            booked_s=(booking.end_ms - booking.start_ms) / 1000,
            recovered_s=booking.recovered_ms / 1000,
            refused=(booking.space, booking.start_ms) in self._refused,
        )

    def _lines(self, of: str, day: date | None, truth: Sums, product: Sums) -> Iterator[Line]:
        known, coverage = self._product is not None, 1 - truth.refused / max(truth.bookings, 1)
        counts = (
            ("bookings", truth.bookings, product.bookings),
            ("bookings_used", truth.used, product.used),
            ("no_shows", truth.no_shows, product.no_shows),
        )
        for name, really, told in counts:
            yield counted(name, of, day, Count(really, told if known else None, coverage if known else 1.0))
        spans = (("booked", truth.booked_s, product.booked_s), ("recovered", truth.recovered_s, product.recovered_s))
        for name, really_s, told_s in spans:
            both_s = (really_s, told_s if known else None)
            yield timed(name, of, day, both_s, _APART_S * truth.bookings, coverage)


def _told(row: BoothDay) -> Sums:
    return Sums(row.bookings, row.used, row.no_shows, row.booked_s, row.recovered_s)
