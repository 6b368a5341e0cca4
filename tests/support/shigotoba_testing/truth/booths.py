"""How booths were booked and used, and how much of either was the other.

Everything inside opening hours; a use is a stay of a minute or more, as the sensor sees it. Responsible for the figures
of one month and of one part of the building. Refuses to judge what became of a booking: the truth knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shigotoba_sim.clock import MINUTE_MS
from shigotoba_sim.plan.bookings import Booking
from shigotoba_testing.truth.days import Day
from shigotoba_testing.truth.spans import Span, common, joined, seconds

ACTIVE_S: Final = 60 * 60
LATE_MS: Final = 30 * MINUTE_MS


@dataclass
class Booths:
    """The booths ``codes``."""

    codes: Sequence[str]
    open_s: float = 0.0
    occupied_s: float = 0.0
    open_occupied_s: float = 0.0
    used_s: float = 0.0
    booked_s: float = 0.0
    both_s: float = 0.0
    stays: int = 0
    uses: int = 0
    open_days: int = 0
    active_days: int = 0
    made: int = 0
    kept: int = 0
    no_shows: int = 0
    late: int = 0
    given_back_s: float = 0.0
    reused_s: float = 0.0

    def add(self, day: Day) -> None:
        """Count one more day."""
        for code in self.codes:
            self._use(day, code)
            self._bookings(day.bookings.get(code, ()), day.stays(code))

    def figures(self) -> Iterator[tuple[str, float]]:
        """Each indicator by its key."""
        yield "booth_utilisation", 100 * self.open_occupied_s / self.open_s
        yield "booth_booked_rate", 100 * self.booked_s / self.open_s
        yield "booth_booked_use", 100 * self.both_s / self.booked_s
        yield "booth_walk_in_share", 100 * (self.used_s - self.both_s) / self.used_s
        yield "booth_no_show_rate", 100 * self.no_shows / self.kept
        yield "booth_late_cancel_rate", 100 * self.late / self.made
        yield "booth_recovered_hours", self.given_back_s / 3600
        yield "booth_reuse_rate", 100 * self.reused_s / self.given_back_s
        yield "booth_uses", self.uses
        yield "booth_dwell", self.occupied_s / 60 / self.stays
        yield "booth_active_days", 100 * self.active_days / self.open_days

    def _use(self, day: Day, code: str) -> None:
        taken, stays = day.taken.get(code, ()), day.stays(code)
        used = list(common(stays, day.open))
        booked = joined(common(_agreed(day.bookings.get(code, ())), day.open))
        inside_s = seconds(common(taken, day.open))
        self.open_s += seconds(day.open)
        self.occupied_s += seconds(taken)
        self.open_occupied_s += inside_s
        self.used_s += seconds(used)
        self.booked_s += seconds(booked)
        self.both_s += seconds(common(used, booked))
        self.stays += len(stays)
        self.uses += sum(stay.length_ms >= MINUTE_MS for stay in stays)
        self.open_days += len(day.open)
        self.active_days += inside_s >= ACTIVE_S

    def _bookings(self, bookings: Sequence[Booking], stays: Sequence[Span]) -> None:
        for booking in bookings:
            others = _agreed(other for other in bookings if other is not booking)
            back = [Span(booking.end_ms - booking.recovered_ms, booking.end_ms)]
            self.made += 1
            self.kept += booking.cancelled_ms is None
            self.no_shows += booking.outcome == "no_show"
            self.late += booking.cancelled_ms is not None and booking.cancelled_ms >= booking.start_ms - LATE_MS
            self.given_back_s += seconds(back)
            self.reused_s += seconds(common(joined([*stays, *others]), back))


def _agreed(bookings: Iterator[Booking] | Sequence[Booking]) -> list[Span]:
    """What was booked, as agreed in the end; what was taken back is not."""
    return [Span(one.start_ms, one.end_ms) for one in bookings if one.cancelled_ms is None]
