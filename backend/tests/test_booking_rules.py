"""Who may book what, when and how much of it, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.bookings.changing import cancel, decide_approval, hand_over, move
from shigotoba_backend.bookings.finding import Wanted, find_free, free_now
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.policies import Scope, set_policy
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.using import check_in, end_early, extend, shorten
from shigotoba_backend.bookings.values import Asker, Book, Booking, Move, WalkIn
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import Site, SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.booths import NINE, minute, refused, rules, see, wish
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-11-24T07:59+09:00", "2026-11-24T08:30+09:00", "not_open"),
        ("2026-11-24T19:30+09:00", "2026-11-24T20:01+09:00", "not_open"),
        ("2026-11-23T10:00+09:00", "2026-11-23T11:00+09:00", "not_open"),
        ("2026-11-28T10:00+09:00", "2026-11-28T11:00+09:00", "not_open"),
        ("2026-11-24T23:30+09:00", "2026-11-25T00:30+09:00", "over_midnight"),
        ("2027-04-01T09:00+09:00", "2027-04-01T10:00+09:00", "too_far_ahead"),
    ],
)
def test_outside_hours_on_holidays_over_midnight_and_too_far_ahead_nothing_is_booked(conn, somebody, start, end, code):
    asked = datetime(2026, 11, 20, 3, tzinfo=UTC)
    with refused(code):
        wanted = (datetime.fromisoformat(start), datetime.fromisoformat(end))
        book(conn, somebody[0], Book("honcho", "3f-b1", *wanted), asked)


def test_a_refusal_outside_hours_says_why_and_when_it_opens(conn, somebody):
    asked = datetime(2026, 11, 22, 3, tzinfo=UTC)
    with refused("not_open") as refusal:
        book(
            conn, somebody[0], Book("honcho", "3f-b1", NINE - timedelta(days=1), minute(60) - timedelta(days=1)), asked
        )
    assert refusal.value.facts["reason"] == "holiday"
    assert refusal.value.facts["note"] == "勤労感謝の日"
    assert refusal.value.facts["opens"] == minute(-60)


def test_a_delegate_books_for_a_chief_whose_quota_it_is(conn, somebody):
    chief, secretary, other, _ = somebody
    with refused("not_permitted"):
        book(conn, secretary, wish(0, 60, owner_id=chief.person_id), NINE)
    conn.execute(
        "INSERT INTO shigotoba.booking_delegate VALUES (%s, %s, now())", [chief.person_id, secretary.person_id]
    )
    booking = book(conn, secretary, wish(60, 120, owner_id=chief.person_id), NINE)
    assert (booking.owner_id, booking.booker_id) == (chief.person_id, secretary.person_id)
    with refused("concurrent"):
        book(conn, secretary, wish(60, 120, "3f-b2", owner_id=chief.person_id), NINE)
    with refused("not_found"):
        cancel(conn, other, booking.booking_id, NINE)
    assert hand_over(conn, chief, booking.booking_id, other.person_id, NINE).owner_id == other.person_id
    assert cancel(conn, secretary, booking.booking_id, NINE).state == "cancelled"


def test_quotas_hold_at_the_limit_by_edit_too_and_hours_are_cut_at_midnight(conn, somebody):
    rules(conn, day_count=2, day_hours=2.0, over_midnight=True, outside_hours=True)
    abe = somebody[0]
    book(conn, abe, wish(0, 60), NINE)
    with refused("quota_hours"):
        book(conn, abe, wish(120, 181), NINE)
    second = book(conn, abe, wish(120, 150), NINE)
    with refused("quota_count"):
        book(conn, abe, wish(300, 315), NINE)
    with refused("quota_hours"):
        extend(conn, abe, second.booking_id, minute(181), NINE)
    # 23:00 to 01:00 is an hour of today and an hour of tomorrow.
    with refused("quota_hours"):
        move(conn, abe, Move(second.booking_id, start=minute(839), end=minute(960)), NINE)
    assert move(conn, abe, Move(second.booking_id, start=minute(840), end=minute(960)), NINE)


def test_people_of_another_site_book_on_a_trip_unless_a_booth_says_otherwise(conn, somebody):
    traveller = somebody[0]
    branch = Site("branch", "出張所", "Branch", "Asia/Tokyo")
    import_site(conn, SiteFile(branch, [], [], [], datetime(2026, 10, 1, tzinfo=UTC)))
    home = "UPDATE shigotoba.person SET home_site_id = (SELECT site_id FROM shigotoba.site WHERE code = 'branch')"
    conn.execute(home + " WHERE person_id = %s", [traveller.person_id])
    set_policy(conn, Scope("honcho", booth="3f-b2"), (None, None), {"visitors": False})
    assert book(conn, traveller, wish(0, 30), NINE)
    with refused("visitors_not_allowed"):
        book(conn, traveller, wish(60, 90, "3f-b2"), NINE)
    assert book(conn, somebody[1], wish(60, 90, "3f-b2"), NINE)


@pytest.mark.parametrize("clock", ["08:59", "09:00"])
def test_days_and_weeks_are_those_of_japan_on_either_side_of_nine(conn, somebody, clock):
    # At 08:59 in Tokyo it is still yesterday in UTC, and on a Monday still last week.
    rules(conn, week_count=1, concurrent=None)
    asked = datetime(2026, 11, 26, 3, tzinfo=UTC)

    def booked(day: str, at: str) -> Booking:
        start = datetime.fromisoformat(f"{day}T{at}+09:00")
        return book(conn, somebody[0], Book("honcho", "3f-b1", start, start + timedelta(minutes=15)), asked)

    assert booked("2026-11-27", "19:00")
    assert booked("2026-11-30", clock)
    with refused("quota_count"):
        booked("2026-12-04", "19:00")
    assert booked("2026-12-07", clock)


def test_a_booking_over_the_31st_of_march_belongs_to_both_fiscal_years_by_its_time(conn, somebody):
    rules(conn, over_midnight=True, outside_hours=True, days_ahead=200)
    start = datetime.fromisoformat("2027-03-31T23:30+09:00")
    booking = book(conn, somebody[0], Book("honcho", "3f-b1", start, start + timedelta(hours=1)), NINE)
    ended = start + timedelta(hours=1)
    check_in(conn, somebody[0], booking.booking_id, "phone", start)
    settle(conn, BackendSettings("", Broker("127.0.0.1", 1)), ended)
    by_year = """
    SELECT date_part('epoch', upper(part) - lower(part)) / 60
    FROM shigotoba.booking_figures_v1, (VALUES (2026), (2027)) AS asked (year),
         tstzrange((year || '-04-01 00:00+09')::timestamptz, (year + 1 || '-04-01 00:00+09')::timestamptz) AS fiscal,
         LATERAL (SELECT used * fiscal AS part) AS cut
    ORDER BY year
    """
    assert conn.execute(by_year).fetchall() == [(30.0,), (30.0,)]


def test_where_somebody_has_to_agree_the_booth_is_kept_meanwhile(conn, somebody):
    rules(conn, approval=True)
    abe, chief = somebody[0], Asker(somebody[1].person_id, frozenset({"honcho"}))
    first, second = book(conn, abe, wish(0, 30), NINE), book(conn, abe, wish(60, 90), NINE)
    with refused("taken"):
        book(conn, somebody[2], wish(0, 30), NINE)
    with refused("wrong_state"):
        check_in(conn, abe, first.booking_id, "phone", NINE)
    with refused("not_permitted"):
        decide_approval(conn, abe, first.booking_id, True, NINE)
    assert decide_approval(conn, chief, first.booking_id, True, NINE).approval == "granted"
    assert decide_approval(conn, chief, second.booking_id, False, NINE).state == "cancelled"
    assert check_in(conn, abe, first.booking_id, "phone", NINE).state == "checked_in"


def test_a_pause_after_each_booking_is_kept_before_and_behind(conn, somebody):
    rules(conn, buffer_min=10)
    booking = book(conn, somebody[0], wish(60, 90), NINE)
    for start, end in ((95, 120), (35, 55)):
        with refused("buffer"):
            book(conn, somebody[1], wish(start, end), NINE)
    assert book(conn, somebody[1], wish(100, 120), NINE)
    check_in(conn, somebody[0], booking.booking_id, "phone", minute(60))
    end_early(conn, somebody[0], booking.booking_id, minute(70))
    with refused("buffer"):
        book(conn, somebody[2], wish(75, 90), minute(71))


def test_what_is_offered_beside_a_pause_can_be_had_to_the_minute(conn, somebody):
    rules(conn, buffer_min=10)
    booked = book(conn, somebody[0], wish(60, 90), NINE)
    for start, end, free in ((30, 50, True), (30, 55, False), (95, 120, False), (100, 120, True)):
        found = find_free(conn, Wanted("honcho", minute(start), minute(end)), NINE).free
        assert ("3f-b1" in {offer.booth for offer in found}) is free
    walked_in = walk_in(conn, somebody[1], WalkIn("honcho", "3f-b1", 60), minute(10))
    assert walked_in.end == minute(50), "cut, and a pause is left"
    with refused("no_room_to_extend") as caught:
        extend(conn, somebody[1], walked_in.booking_id, minute(55), minute(20))
    assert caught.value.facts["longest_until"] is None
    early = shorten(conn, somebody[1], walked_in.booking_id, minute(30), minute(20))
    with refused("no_room_to_extend") as caught:
        extend(conn, somebody[1], early.booking_id, minute(55), minute(20))
    until = caught.value.facts["longest_until"]
    assert extend(conn, somebody[1], early.booking_id, until, minute(20)).end == until == minute(50)
    end_early(conn, somebody[1], early.booking_id, minute(30))
    with refused("in_use"):
        walk_in(conn, somebody[2], WalkIn("honcho", "3f-b1", 30), minute(47))
    assert reread(conn, booked.booking_id, minute(48)).state == "held"


def test_who_finds_nothing_is_offered_the_nearest_and_counted_once(conn, somebody):
    for asker, booth in zip(somebody, ("3f-b1", "3f-b2", "4f-b1", "4f-b2"), strict=True):
        walk_in(conn, asker, WalkIn("honcho", booth, 60), NINE)
    person = somebody[0].person_id
    found = [free_now(conn, "honcho", 30, minute(minutes), person) for minutes in (1, 2, 3)]
    assert found[0].free == ()
    assert [offer.start for offer in found[0].nearest] == [minute(60)] * 4
    assert conn.execute("SELECT count(*) FROM shigotoba.unmet_demand").fetchone() == (1,)


def test_what_happened_is_never_rewritten(conn, somebody):
    book(conn, somebody[0], wish(60, 90), NINE)
    for statement in (
        "UPDATE shigotoba.booking_event SET kind = 'x'",
        "DELETE FROM shigotoba.booking_event",
        "TRUNCATE shigotoba.booking_event CASCADE",
        "DELETE FROM shigotoba.booking",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
            conn.execute(statement)


def test_a_booth_in_which_somebody_is_seen_is_offered_last_and_named(conn, somebody):
    see(conn, NINE, True)
    found = free_now(conn, "honcho", 30, minute(1))
    assert [offer.booth for offer in found.free] == ["3f-b2", "4f-b1", "4f-b2", "3f-b1"]
    assert found.seen == {"3f-b1"}
    tomorrow = find_free(conn, Wanted("honcho", minute(60), minute(90)), minute(1))
    assert (tomorrow.free[0].booth, tomorrow.seen) == ("3f-b1", frozenset())


def test_half_an_hour_from_now_can_be_booked_where_half_an_hour_is_the_longest(conn, somebody):
    rules(conn, longest_min=30)
    now = NINE + timedelta(seconds=17)
    [offer, *_] = free_now(conn, "honcho", 30, now).free
    assert offer.end == minute(31)
    assert book(conn, somebody[0], Book("honcho", offer.booth, now, offer.end), now).end == minute(31)
