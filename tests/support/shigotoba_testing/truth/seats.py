"""How seats were used: shares of opening hours, stays, and how many were taken at the same time.

Responsible for the figures of one month and of one part of the building. Refuses booths (see ``booths``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from shigotoba_sim.clock import MINUTE_MS
from shigotoba_testing.truth.days import Day
from shigotoba_testing.truth.spans import Span, common, seconds

QUARTER_MS: Final = 15 * MINUTE_MS
ACTIVE_S: Final = 30 * 60
ENOUGH: Final = 0.6


@dataclass
class Seats:
    """The seats ``codes``, and the ``people`` on the roll who share them."""

    codes: Sequence[str]
    people: int
    occupied_s: float = 0.0
    open_occupied_s: float = 0.0
    open_s: float = 0.0
    stays: int = 0
    open_stays: int = 0
    open_days: int = 0
    active_days: int = 0
    taken_at: dict[int, float] = field(default_factory=dict[int, float])
    """The mean number of seats taken in each quarter of an hour inside opening hours, by its begin."""

    def add(self, day: Day) -> None:
        """Count one more day."""
        for code in self.codes:
            inside_s = seconds(common(day.taken.get(code, ()), day.open))
            stays = len(day.stays(code))
            self.occupied_s += seconds(day.taken.get(code, ()))
            self.stays += stays
            self.open_occupied_s += inside_s
            self.open_s += seconds(day.open)
            self.open_stays += stays if day.open else 0
            self.open_days += len(day.open)
            self.active_days += inside_s >= ACTIVE_S
        for open_span in day.open:
            taken = _by_quarter(list(chain.from_iterable(day.taken.get(code, ()) for code in self.codes)))
            quarters = range(*open_span, QUARTER_MS)
            self.taken_at |= {at_ms: taken[at_ms] / QUARTER_MS for at_ms in quarters}

    def figures(self) -> Iterator[tuple[str, float]]:
        """Each indicator by its key."""
        seats, most = len(self.codes), max(self.taken_at.values())
        shares = sorted(taken / seats for taken in self.taken_at.values())
        yield "seat_utilisation", 100 * self.open_occupied_s / self.open_s
        yield "seat_peak", most
        yield "seat_peak_rate", 100 * most / seats
        yield "seat_p95", 100 * _exceeded_by_a_twentieth(shares)
        yield "seat_min_surplus", seats - most
        yield "seat_band_share", 100 * sum(share >= ENOUGH for share in shares) / len(shares)
        yield "seat_dwell", self.occupied_s / 60 / self.stays
        yield "seat_turnover", self.open_stays / self.open_days
        yield "seat_active_days", 100 * self.active_days / self.open_days
        yield "seat_ratio", seats / self.people
        yield "presence_rate", 100 * self.open_occupied_s / (self.open_s / seats * self.people)


def _by_quarter(spans: Sequence[Span]) -> Counter[int]:
    """Milliseconds of all spans together, by the begin of their quarter of an hour."""
    found: Counter[int] = Counter()
    for span in spans:
        for at_ms in range(span.start_ms - span.start_ms % QUARTER_MS, span.end_ms, QUARTER_MS):
            found[at_ms] += min(span.end_ms, at_ms + QUARTER_MS) - max(span.start_ms, at_ms)
    return found


def _exceeded_by_a_twentieth(ordered: Sequence[float]) -> float:
    """The 95th percentile, between two values in proportion."""
    at = 0.95 * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
