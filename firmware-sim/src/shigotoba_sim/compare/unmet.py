"""Who looked for a booth and found none: in truth, and as the product counts it.

Whoever was refused a booking that the truth has may have found nothing either, so that refusals of bookings are in the
coverage too. Who looks by hand in a simulated building is not in its truth, and so a difference.

Responsible for this line. Refuses to judge (see ``metrics``).
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.compare.metrics import Count, Line, counted
from shigotoba_sim.compare.product import Product
from shigotoba_sim.plan.timeline import Timeline

METRIC = "unmet_demand"


class Unmet:
    """The wishes in vain of ``timeline`` against those of ``product``, of the site as a whole."""

    def __init__(self, timeline: Timeline, product: Product | None, refused: frozenset[tuple[str, int, int]]) -> None:
        self._timeline = timeline
        self._refused = refused
        told = None if product is None else product.unmet
        self._product = None if told is None else Counter({row.day: row.searches for row in told})
        self._sums: Counter[str] = Counter()

    def day(self, day: date, of: str) -> Line:
        """The line of ``day``, by when people looked."""
        start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
        wishes = [wish.name for wish in self._timeline.wishes(start_ms, end_ms)]
        asked = wishes + [booking.name for booking in self._timeline.bookings(start_ms, end_ms)]
        now = Counter(
            truth=len(wishes),
            product=0 if self._product is None else self._product[day],
            asked=len(asked),
            refused=sum(name in self._refused for name in asked),
        )
        self._sums.update(now)
        return self._line(of, day, now)

    def total(self, of: str) -> Line:
        """The line of all days asked for so far."""
        return self._line(of, None, self._sums)

    def _line(self, of: str, day: date | None, sums: Counter[str]) -> Line:
        known = self._product is not None
        coverage = 1 - sums["refused"] / max(sums["asked"], 1) if known else 1.0
        return counted(METRIC, of, day, Count(sums["truth"], sums["product"] if known else None, coverage))
