"""What must hold of the bookings of an office whatever happens there, for a machine of Hypothesis to go on from.

No two keep a booth at once, none is lost, and none goes back to a state it has left, except by what has happened at the
door while nobody here could know.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import psycopg
from hypothesis.stateful import MultipleResults, RuleBasedStateMachine, invariant, multiple

from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.values import Booking

FOLLOWS = {
    "offered": {"offered", "held", "released", "cancelled"},
    "held": {"held", "checked_in", "released", "cancelled"},
    "checked_in": {"checked_in", "ended"},
    "ended": {"ended"},
    "released": {"released"},
    "cancelled": {"cancelled"},
}
AT_THE_DOOR = FOLLOWS | {
    "held": {"held", "checked_in", "ended", "released", "cancelled"},
    "released": {"released", "checked_in", "ended"},
    "ended": {"ended", "checked_in"},
}
"""Somebody came after all, or stayed: occupancy wins."""
OVERLAPS = """
SELECT count(*) FROM shigotoba.bookings_at_v1(%(now)s) AS a JOIN shigotoba.bookings_at_v1(%(now)s) AS b USING (space_id)
WHERE a.site = %(site)s AND a.booking_id < b.booking_id AND a.start < b.end AND b.start < a.end
  AND a.state IN ('offered', 'held', 'checked_in') AND b.state IN ('offered', 'held', 'checked_in')
"""
STATES = "SELECT booking_id, state FROM shigotoba.bookings_at_v1(%(now)s) WHERE site = %(site)s"
EVENTLESS = """
SELECT count(*) FROM shigotoba.bookings_at_v1(now()) WHERE site = %(site)s
AND NOT EXISTS (SELECT FROM shigotoba.booking_event WHERE booking_event.booking_id = bookings_at_v1.booking_id)
"""


class Ledger(RuleBasedStateMachine):
    """How every booking stood last; a machine's ``open_site`` sets ``conn``, ``site`` and ``now``."""

    conn: psycopg.Connection
    site: str = ""
    now: datetime

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[UUID, str] = {}

    @invariant()
    def nothing_overlaps(self) -> None:
        if self.site:
            assert self._count(OVERLAPS) == 0

    @invariant()
    def nothing_is_lost_and_nothing_goes_back(self) -> None:
        if self.site:
            assert self._count(EVENTLESS) == 0
            self.look()

    def look(self, follows: dict[str, set[str]] = FOLLOWS) -> None:
        """Every booking is there, as it was or as may follow."""
        standing = dict(self.conn.execute(STATES, {"now": self.now, "site": self.site}).fetchall())
        wrong = {
            each: (was, standing.get(each))
            for each, was in self.states.items()
            if standing.get(each) not in follows[was]
        }
        assert wrong == {}
        self.states = standing

    def made(self, make: Callable[[], Booking | Iterable[Booking]]) -> MultipleResults[UUID]:
        """The bookings that ``make`` makes; none when it is refused."""
        try:
            made = make()
        except BookingRefusedError:
            return multiple()
        bookings = [made] if isinstance(made, Booking) else list(made)
        self.states |= {booking.booking_id: booking.state for booking in bookings}
        return multiple(*(booking.booking_id for booking in bookings))

    def known(self, booking: Booking) -> None:
        """A booking as a command gave it back."""
        assert booking.state in FOLLOWS[self.states.get(booking.booking_id, booking.state)]
        self.states[booking.booking_id] = booking.state

    def _count(self, query: LiteralString) -> int:
        row = self.conn.execute(query, {"now": self.now, "site": self.site}).fetchone()
        assert row is not None
        return row[0]


@contextmanager
def refusals(*codes: str) -> Generator[None]:
    """A refusal is an answer; where codes are named, only those are."""
    try:
        yield
    except BookingRefusedError as refusal:
        if codes and refusal.code not in codes:
            raise
