"""A day of the simulated building: who was where, who had booked what, and when the house was open.

Responsible for gathering it from the truth. Refuses to sum anything up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.clock import MINUTE_MS, midnight_ms, next_day
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.spells import Spells
from shigotoba_testing.truth.spans import Span, joined

OPENS_MS, CLOSES_MS = (8 * 60 + 30) * MINUTE_MS, (17 * 60 + 15) * MINUTE_MS

STAY_GAP_MS: Final = 5 * MINUTE_MS
"""Whoever is back within this was not gone (research/workplace.md section 5)."""


@dataclass(frozen=True)
class Day:
    """What happened from midnight to midnight.

    Attributes:
        day: The date, in Japan.
        start_ms: Its midnight.
        end_ms: The next one.
        open: When the house was open; nothing on a day off.
        taken: Of each space, when somebody was there.
        bookings: Of each booth, those that begin on the day, cancelled ones too.
    """

    day: date
    start_ms: int
    end_ms: int
    open: Sequence[Span]
    taken: Mapping[str, Sequence[Span]]
    bookings: Mapping[str, Sequence[Booking]]

    def stays(self, space: str) -> list[Span]:
        """The stays at ``space``."""
        return joined(self.taken.get(space, ()), STAY_GAP_MS)


def day_of(timeline: Timeline, place: Building, day: date) -> Day:
    """What happened on ``day``; nobody stays over midnight in office hours."""
    start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
    spells = Spells(timeline, [sensor.space for sensor in place.sensors], start_ms)
    taken: defaultdict[str, list[Span]] = defaultdict(list)
    for spell in filter(None, map(spells.follow, timeline.events(start_ms, end_ms))):
        taken[spell.space].append(Span(spell.start_ms, spell.end_ms))
    assert not list(spells.end(end_ms))
    bookings: defaultdict[str, list[Booking]] = defaultdict(list)
    for booking in timeline.bookings(start_ms, end_ms):
        bookings[booking.space].append(booking)
    is_open = [Span(start_ms + OPENS_MS, start_ms + CLOSES_MS)] if is_working_day(day) else []
    return Day(day, start_ms, end_ms, is_open, taken, bookings)
