"""Bookings in truth and in the product: how many, how much of them was used, what nobody came to, what was recovered.

A live building asks for its bookings as people do, and may be refused: the booth was somebody else's, the product was
down. What was not accepted, or not as it was changed, is not expected of the product; the coverage says how much was.
Who books by hand in a simulated building is not in its truth, and so a difference.

Responsible for these lines. Refuses to judge (see ``metrics``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.compare.metrics import Count, Line, counted, timed
from shigotoba_sim.compare.product import BoothDay, Product
from shigotoba_sim.compare.unmet import Unmet
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.timeline import Timeline

ALL_BOOTHS: Final = "all booths"
_APART_S: Final = 5.0
"""How much later than it happened a press, a check-in or a leave may be noticed, per booking."""

Name = tuple[str, int, int]
"""A booking or wish by its booth or floor, the time at which it begins, UTC milliseconds, and its person."""


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
    """The bookings of ``timeline`` against those of a product.

    Args:
        timeline: The truth.
        product: The product's figures; None for the truth alone.
        refused: Bookings and wishes of the live building that the product did not accept.
    """

    def __init__(self, timeline: Timeline, product: Product | None, refused: frozenset[Name]) -> None:
        self._timeline = timeline
        self._refused = refused
        self._product: Mapping[tuple[date, str], Sums] | None = None
        if product is not None and product.bookings is not None:
            self._product = {(row.day, row.space): _told(row) for row in product.bookings}
        self._unmet = Unmet(timeline, product, refused)
        self._truth: defaultdict[str, Sums] = defaultdict(Sums)
        self._counted: defaultdict[str, Sums] = defaultdict(Sums)

    def day(self, day: date) -> Iterator[Line]:
        """The lines of all booths together on ``day``."""
        truth: defaultdict[str, Sums] = defaultdict(Sums)
        for booking in self._timeline.bookings(midnight_ms(day), midnight_ms(next_day(day))):
            for space, sums in self._really(booking):
                truth[space] += sums
        counted_now = {space: sums for (when, space), sums in (self._product or {}).items() if when == day}
        for space, sums in truth.items():
            self._truth[space] += sums
        for space, sums in counted_now.items():
            self._counted[space] += sums
        yield from self._lines(ALL_BOOTHS, day, sum(truth.values(), Sums()), sum(counted_now.values(), Sums()))
        yield self._unmet.day(day, ALL_BOOTHS)

    def totals(self) -> Iterator[Line]:
        """The lines of each booth, and of all, over the days asked for so far."""
        yield from self._lines(ALL_BOOTHS, None, sum(self._truth.values(), Sums()), sum(self._counted.values(), Sums()))
        for space in sorted(self._truth.keys() | self._counted.keys()):
            yield from self._lines(space, None, self._truth[space], self._counted[space])
        yield self._unmet.total(ALL_BOOTHS)

    def _really(self, booking: Booking) -> Iterator[tuple[str, Sums]]:
        """What a booking adds at its booth, and that it may be elsewhere where the product did not accept it."""
        refused = booking.name in self._refused
        if refused:
            yield from ((space, Sums(refused=1)) for space in {agreed.space for agreed in booking.agreed})
        if booking.outcome != "cancelled":
            yield (
                booking.space,
                Sums(
                    bookings=1,
                    used=booking.outcome == "used",
                    no_shows=booking.outcome == "no_show",
                    booked_s=(booking.end_ms - booking.start_ms) / 1000,
                    recovered_s=booking.recovered_ms / 1000,
                ),
            )

    def _lines(self, of: str, day: date | None, truth: Sums, product: Sums) -> Iterator[Line]:
        known, coverage = self._product is not None, max(0.0, 1 - truth.refused / max(truth.bookings, 1))
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
