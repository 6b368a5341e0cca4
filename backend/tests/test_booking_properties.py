"""Whatever people do in whatever order: no two bookings keep one booth at once, and none is lost."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, rule, run_state_machine_as_test

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.arranging.calendar import add_closure
from shigotoba_backend.bookings import reconciling
from shigotoba_backend.bookings.changing import cancel, hand_over, move
from shigotoba_backend.bookings.closing import affected, close_place, rehouse_closed
from shigotoba_backend.bookings.finding import Wanted, find_free
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.record import my_bookings, reread
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.series import Series, book_series
from shigotoba_backend.bookings.settling import take_booth_of, take_booths
from shigotoba_backend.bookings.using import check_in, end_early, extend, shorten
from shigotoba_backend.bookings.values import Asker, Book, Move, WalkIn
from shigotoba_backend.bookings.waiting import accept_offer, decline_offer, join, offer_what_is_free
from shigotoba_backend.jobs.presses import play_presses
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.booking_ledger import AT_THE_DOOR, Ledger, refusals
from shigotoba_testing.booths import NINE, office, people, press, rules
from shigotoba_wire.settings import Broker

pytestmark = [pytest.mark.integration, pytest.mark.promise]

BOOTHS = ("3f-b1", "4f-b1")
TOKYO = ZoneInfo("Asia/Tokyo")
SETTINGS = BackendSettings("", Broker("127.0.0.1", 1))
MINUTES = st.integers(-4, 24).map(lambda number: timedelta(minutes=5 * number))
LENGTHS = st.integers(1, 12).map(lambda number: timedelta(minutes=5 * number))
_sites = (f"site-{number}" for number in itertools.count())


class Office(Ledger):
    """Two booths, four people, a clock that goes on."""

    connection: psycopg.Connection
    bookings = Bundle("bookings")

    @initialize(pause=st.sampled_from([0, 10]))
    def open_site(self, pause: int) -> None:
        self.conn, self.now, self.site = self.connection, NINE, next(_sites)
        office(self.conn, 2, self.site, always_open=True)
        rules(self.conn, buffer_min=pause, concurrent=2, over_midnight=True, shortest_min=5)
        self.people = [Asker(person_id, frozenset({self.site})) for person_id in people(self.conn, 4, self.site)]

    @rule(target=bookings, who=st.integers(0, 3), booth=st.sampled_from(BOOTHS), after=MINUTES, length=LENGTHS)
    def book(self, who: int, booth: str, after: timedelta, length: timedelta):
        start = self.now + after
        wanted = Wanted(self.site, start, start + length)
        free = {offer.booth for offer in find_free(self.conn, wanted, self.now).free}
        made = self.made(
            lambda: book(self.conn, self.people[who], Book(self.site, booth, start, start + length), self.now)
        )
        assert not made.values or booth in free
        return made

    @rule(target=bookings, who=st.integers(0, 3), booth=st.sampled_from(BOOTHS))
    def walk_in(self, who: int, booth: str):
        return self.made(lambda: walk_in(self.conn, self.people[who], WalkIn(self.site, booth, 30), self.now))

    @rule(booking=bookings)
    def check_in(self, booking: UUID) -> None:
        with refusals():
            self.known(check_in(self.conn, self.people[0], booking, "phone", self.now))

    @rule(booking=bookings, by=LENGTHS)
    def extend(self, booking: UUID, by: timedelta) -> None:
        with refusals():
            until = reread(self.conn, booking, self.now).end + by
            self.known(extend(self.conn, self.people[0], booking, until, self.now))

    @rule(booking=bookings, by=LENGTHS)
    def shorten(self, booking: UUID, by: timedelta) -> None:
        with refusals():
            until = reread(self.conn, booking, self.now).end - by
            self.known(shorten(self.conn, self.people[0], booking, until, self.now))

    @rule(booking=bookings, booth=st.sampled_from(BOOTHS), after=MINUTES, length=LENGTHS)
    def move(self, booking: UUID, booth: str, after: timedelta, length: timedelta) -> None:
        with refusals():
            wish = Move(booking, booth, self.now + after, self.now + after + length)
            self.known(move(self.conn, self.people[0], wish, self.now))

    @rule(booking=bookings)
    def leave(self, booking: UUID) -> None:
        with refusals():
            self.known(end_early(self.conn, self.people[0], booking, self.now))

    @rule(booking=bookings)
    def cancel(self, booking: UUID) -> None:
        with refusals():
            self.known(cancel(self.conn, self.people[0], booking, self.now))

    @rule(who=st.integers(0, 3), after=MINUTES, length=LENGTHS)
    def wait(self, who: int, after: timedelta, length: timedelta) -> None:
        start = self.now + after
        with refusals():
            join(self.conn, self.people[who], Wanted(self.site, start, start + length), None, self.now)
        offer_what_is_free(self.conn, self.now)

    @rule(booth=st.sampled_from((*BOOTHS, None)), length=LENGTHS)
    def close(self, booth: str | None, length: timedelta) -> None:
        place, during = (self.site, booth), (self.now, self.now + length)
        with refusals("closed"):
            closed = close_place(self.conn, self.people[0], place, during, "repair", self.now)
            for booking in (*closed.moved, *closed.cancelled):
                self.known(booking)
            assert affected(self.conn, self.people[0], place, during, self.now) == []

    @rule(by=LENGTHS)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    @rule(who=st.integers(0, 3), yes=st.booleans())
    def answer(self, who: int, yes: bool) -> None:
        asker = self.people[who]
        for offered in [each for each in my_bookings(self.conn, asker.person_id, self.now) if each.state == "offered"]:
            with refusals():
                answer = accept_offer if yes else decline_offer
                self.known(answer(self.conn, asker, offered.booking_id, self.now))

    @rule(target=bookings, who=st.integers(0, 3), booth=st.sampled_from(BOOTHS), after=MINUTES, length=LENGTHS)
    def book_three_days(self, who: int, booth: str, after: timedelta, length: timedelta):
        start = (self.now + after).astimezone(TOKYO)
        hours = (start.time(), (start + length).time())
        series = Series(self.site, booth, (1, 2, 3, 4, 5, 6, 7), start.date(), start.date() + timedelta(2), *hours)
        return self.made(lambda: book_series(self.conn, self.people[who], series, self.now).bookings)

    @rule(booking=bookings, who=st.integers(0, 3))
    def hand_over(self, booking: UUID, who: int) -> None:
        with refusals():
            self.known(hand_over(self.conn, self.people[0], booking, self.people[who].person_id, self.now))

    @rule(after=MINUTES, length=LENGTHS)
    def close_on_the_calendar(self, after: timedelta, length: timedelta) -> None:
        start = self.now + after
        with suppress(ProblemError):
            add_closure(self.conn, (self.site, "4f-b1"), (start, start + length), "repair", COMMAND)
        settle(self.conn, SETTINGS, self.now)
        assert rehouse_closed(self.conn, self.now) == 0

    @rule(ago=LENGTHS, label=st.sampled_from(["AI", "AO"]))
    def press_that_no_gateway_decides(self, ago: timedelta, label: str) -> None:
        press(self.conn, self.now - ago, label, self.site)
        play_presses(self.conn, SETTINGS, self.now)
        self.look(AT_THE_DOOR)

    @rule(target=bookings, booth=st.sampled_from(BOOTHS), ago=LENGTHS, length=LENGTHS)
    def walk_in_at_the_door(self, booth: str, ago: timedelta, length: timedelta):
        start = self.now - ago
        with self.conn.transaction():
            place = booth_of(self.conn, self.site, booth, start)
            take_booths(self.conn, [place.space_id], self.now)
            made = reconciling.walked_in(self.conn, place, (start, start + length), self.now)
        return self.made(lambda: [made] if made else [])

    @rule(booking=bookings, ago=LENGTHS, by=LENGTHS, what=st.sampled_from(["came", "stayed", "left"]))
    def decide_at_the_door(self, booking: UUID, ago: timedelta, by: timedelta, what: str) -> None:
        at = self.now - ago
        with self.conn.transaction():
            take_booth_of(self.conn, booking, self.now)
            if what == "came":
                reconciling.checked_in(self.conn, booking, at, "button", self.now)
            elif what == "stayed":
                until = reread(self.conn, booking, self.now).end + by
                reconciling.extended(self.conn, booking, until, at, self.now)
            else:
                reconciling.ended(self.conn, booking, at, self.now)
        self.look(AT_THE_DOOR)


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
