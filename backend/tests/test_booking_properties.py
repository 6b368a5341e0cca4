"""Whatever people do in whatever order: no two bookings keep one booth at once, and none is lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from shigotoba_backend.bookings.changing import cancel, move
from shigotoba_backend.bookings.closing import affected, close_place
from shigotoba_backend.bookings.finding import Wanted, find_free
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.using import check_in, end_early, extend, shorten
from shigotoba_backend.bookings.values import Asker, Book, Booking, Move, WalkIn
from shigotoba_backend.bookings.waiting import join, offer_what_is_free
from shigotoba_testing.booths import NINE, office, people, rules

pytestmark = [pytest.mark.integration, pytest.mark.promise]

BOOTHS = ("3f-b1", "4f-b1")
FOLLOWS = {
    "offered": {"offered", "held", "released", "cancelled"},
    "held": {"held", "checked_in", "released", "cancelled"},
    "checked_in": {"checked_in", "ended"},
    "ended": {"ended"},
    "released": {"released"},
    "cancelled": {"cancelled"},
}
OVERLAPS = """
SELECT count(*) FROM shigotoba.bookings_at_v1(%(now)s) AS a JOIN shigotoba.bookings_at_v1(%(now)s) AS b USING (space_id)
WHERE a.site = %(site)s AND a.booking_id < b.booking_id AND a.start < b.end AND b.start < a.end
  AND a.state IN ('offered', 'held', 'checked_in') AND b.state IN ('offered', 'held', 'checked_in')
"""
EVENTLESS = """
SELECT count(*) FROM shigotoba.bookings_at_v1(now()) WHERE site = %(site)s
AND NOT EXISTS (SELECT FROM shigotoba.booking_event WHERE booking_event.booking_id = bookings_at_v1.booking_id)
"""
MINUTES = st.integers(-4, 24).map(lambda number: timedelta(minutes=5 * number))
LENGTHS = st.integers(1, 12).map(lambda number: timedelta(minutes=5 * number))
_sites = (f"site-{number}" for number in itertools.count())


class Office(RuleBasedStateMachine):
    """Two booths, four people, a clock that goes on."""

    connection: psycopg.Connection
    bookings = Bundle("bookings")

    @initialize(pause=st.sampled_from([0, 10]))
    def open_site(self, pause: int) -> None:
        self.conn, self.now, self.site = self.connection, NINE, next(_sites)
        office(self.conn, 2, self.site, always_open=True)
        rules(self.conn, buffer_min=pause, concurrent=2, over_midnight=True, shortest_min=5)
        self.people = [Asker(person_id, frozenset({self.site})) for person_id in people(self.conn, 4, self.site)]
        self.states: dict[UUID, str] = {}

    @rule(target=bookings, who=st.integers(0, 3), booth=st.sampled_from(BOOTHS), after=MINUTES, length=LENGTHS)
    def book(self, who: int, booth: str, after: timedelta, length: timedelta):
        start = self.now + after
        wanted = Wanted(self.site, start, start + length)
        free = {offer.booth for offer in find_free(self.conn, wanted, self.now).free}
        made = self._made(
            lambda: book(self.conn, self.people[who], Book(self.site, booth, start, start + length), self.now)
        )
        if isinstance(made, UUID):
            assert booth in free
        return made

    @rule(target=bookings, who=st.integers(0, 3), booth=st.sampled_from(BOOTHS))
    def walk_in(self, who: int, booth: str):
        return self._made(lambda: walk_in(self.conn, self.people[who], WalkIn(self.site, booth, 30), self.now))

    @rule(booking=bookings)
    def check_in(self, booking: UUID) -> None:
        with refusals():
            self._known(check_in(self.conn, self.people[0], booking, "phone", self.now))

    @rule(booking=bookings, by=LENGTHS)
    def extend(self, booking: UUID, by: timedelta) -> None:
        with refusals():
            until = reread(self.conn, booking, self.now).end + by
            self._known(extend(self.conn, self.people[0], booking, until, self.now))

    @rule(booking=bookings, by=LENGTHS)
    def shorten(self, booking: UUID, by: timedelta) -> None:
        with refusals():
            until = reread(self.conn, booking, self.now).end - by
            self._known(shorten(self.conn, self.people[0], booking, until, self.now))

    @rule(booking=bookings, booth=st.sampled_from(BOOTHS), after=MINUTES, length=LENGTHS)
    def move(self, booking: UUID, booth: str, after: timedelta, length: timedelta) -> None:
        with refusals():
            wish = Move(booking, booth, self.now + after, self.now + after + length)
            self._known(move(self.conn, self.people[0], wish, self.now))

    @rule(booking=bookings)
    def leave(self, booking: UUID) -> None:
        with refusals():
            self._known(end_early(self.conn, self.people[0], booking, self.now))

    @rule(booking=bookings)
    def cancel(self, booking: UUID) -> None:
        with refusals():
            self._known(cancel(self.conn, self.people[0], booking, self.now))

    @rule(who=st.integers(0, 3), after=MINUTES, length=LENGTHS)
    def wait(self, who: int, after: timedelta, length: timedelta) -> None:
        start = self.now + after
        with refusals():
            join(self.conn, self.people[who], Wanted(self.site, start, start + length), None, self.now)
        offer_what_is_free(self.conn, self.now)

    @rule(booth=st.sampled_from((*BOOTHS, None)), length=LENGTHS)
    def close(self, booth: str | None, length: timedelta) -> None:
        place, during = (self.site, booth), (self.now, self.now + length)
        with refusals():
            closed = close_place(self.conn, self.people[0], place, during, "repair", self.now)
            for booking in (*closed.moved, *closed.cancelled):
                self._known(booking)
            assert affected(self.conn, self.people[0], place, during, self.now) == []

    @rule(by=LENGTHS)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    @invariant()
    def nothing_overlaps(self) -> None:
        if hasattr(self, "site"):
            assert self._count(OVERLAPS) == 0

    @invariant()
    def nothing_is_lost_and_nothing_goes_back(self) -> None:
        if hasattr(self, "site"):
            assert self._count(EVENTLESS) == 0
            for booking_id in list(self.states):
                self._known(reread(self.conn, booking_id, self.now))

    def _made(self, make: Callable[[], Booking]):
        try:
            made = make()
        except BookingRefusedError:
            return multiple()
        self.states[made.booking_id] = made.state
        return made.booking_id

    def _known(self, booking: Booking) -> None:
        assert booking.state in FOLLOWS[self.states.get(booking.booking_id, booking.state)]
        self.states[booking.booking_id] = booking.state

    def _count(self, query: str) -> int:
        row = self.conn.execute(query, {"now": self.now, "site": self.site}).fetchone()
        assert row is not None
        return row[0]


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal is an answer."""
    with suppress(BookingRefusedError):
        yield


def test_no_sequence_of_operations_overlaps_or_loses_a_booking(conn: psycopg.Connection):
    class OfficeHere(Office):
        connection = conn

    run_state_machine_as_test(
        OfficeHere,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )


def test_the_database_itself_refuses_what_the_engine_would_not_ask(conn: psycopg.Connection):
    office(conn, 2)
    insert = """
        INSERT INTO shigotoba.booking (space_id, during, booked, state, source, made_at, check_in_from, lapses_at)
        SELECT space_id, tstzrange(%(a)s, %(b)s), tstzrange(%(a)s, %(b)s), %(state)s, 'phone', %(a)s, %(a)s, %(b)s
        FROM shigotoba.space WHERE code = '3f-b1'
    """

    def at(minutes: int) -> datetime:
        return NINE + timedelta(minutes=minutes)

    conn.execute(insert, {"a": at(0), "b": at(30), "state": "held"})
    conn.execute(insert, {"a": at(30), "b": at(60), "state": "checked_in"})
    conn.execute(insert, {"a": at(0), "b": at(60), "state": "cancelled"})
    with pytest.raises(psycopg.errors.ExclusionViolation):
        conn.execute(insert, {"a": at(29), "b": at(31), "state": "offered"})
