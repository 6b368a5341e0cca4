"""Series, the waitlist and strikes, on a real database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.erasing import erase_expired
from shigotoba_backend.accounts.keeping import close_account
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.now import booths_now, slots_of_day
from shigotoba_backend.bookings.quotas import banned_until
from shigotoba_backend.bookings.record import my_bookings, reread
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.series import Series, book_series, cancel_series, plan_series
from shigotoba_backend.bookings.settling import take_booths, unsettled_booths
from shigotoba_backend.bookings.strikes import appeal, decide_appeal, give, strikes_of
from shigotoba_backend.bookings.using import check_in
from shigotoba_backend.bookings.values import Asker, WalkIn
from shigotoba_backend.bookings.waiting import accept_offer, decline_offer, entries, join, leave, offer_what_is_free
from shigotoba_testing.booths import NINE, minute, refused, rules, wish

pytestmark = pytest.mark.integration

TOKYO = ZoneInfo("Asia/Tokyo")
ALL_BOOTHS = ("3f-b1", "3f-b2", "4f-b1", "4f-b2")


@pytest.fixture
def chief(somebody: list[Asker]) -> Asker:
    """Somebody who manages the site."""
    return Asker(somebody[3].person_id, frozenset({"honcho"}))


def test_a_series_shows_what_it_leaves_out_first_and_then_leaves_out_the_same(conn, somebody):
    abe, kato, *_ = somebody
    book(conn, kato, wish(60 * 24 * 2 + 60, 60 * 24 * 2 + 120), NINE)
    series = Series("honcho", "3f-b1", (1, 4), date(2026, 11, 23), date(2026, 12, 3), time(10), time(11))
    asked = NINE - timedelta(days=2)
    plan = plan_series(conn, abe, series, asked)
    assert [(day.day.day, day.skipped) for day in plan] == [(23, "not_open"), (26, "taken"), (30, None), (3, None)]
    assert plan[0].facts["note"] == "勤労感謝の日"
    assert my_bookings(conn, abe.person_id, asked) == []
    made = book_series(conn, abe, series, asked)
    assert [booking.start.astimezone(TOKYO) for booking in made.bookings] == [
        datetime(2026, 11, 30, 10, tzinfo=TOKYO), datetime(2026, 12, 3, 10, tzinfo=TOKYO),
    ]  # fmt: skip
    assert list(made.skipped) == [day for day in plan if day.skipped]
    assert len(cancel_series(conn, abe, made.series_id, asked)) == 2


def test_a_quota_holds_within_a_series(conn, somebody):
    rules(conn, week_count=2)
    series = Series("honcho", "3f-b1", (3, 4, 5), date(2026, 11, 25), date(2026, 11, 27), time(10), time(11))
    plan = plan_series(conn, somebody[0], series, NINE)
    assert [day.skipped for day in plan] == [None, None, "quota_count"]


def test_an_offer_is_kept_for_its_time_and_then_passes_to_the_next_in_line(conn, somebody):
    abe, kato, saito, ito = somebody
    booking = walk_in(conn, abe, WalkIn("honcho", "3f-b1", 60), NINE)
    wanted = Wanted("honcho", minute(60), minute(120))
    holder = book(conn, abe, wish(60, 120), NINE)
    first, second = (join(conn, asker, wanted, "3f-b1", NINE) for asker in (kato, saito))
    assert offer_what_is_free(conn, NINE) == 0
    # Nobody comes: free at minute 70, offered to the first.
    assert offer_what_is_free(conn, minute(70)) == 1
    [offered] = my_bookings(conn, kato.person_id, minute(71))
    assert (offered.state, offered.lapses_at, offered.start) == ("offered", minute(80), minute(70))
    with refused("taken"):
        book(conn, ito, wish(75, 120), minute(71))
    assert offer_what_is_free(conn, minute(71)) == 0
    # Not taken: it passes on, although nothing has settled it.
    assert offer_what_is_free(conn, minute(80)) == 1
    with refused("lapsed"):
        accept_offer(conn, kato, offered.booking_id, minute(80))
    [to_second] = my_bookings(conn, saito.person_id, minute(80))
    assert accept_offer(conn, saito, to_second.booking_id, minute(81)).state == "held"
    assert entries(conn, saito.person_id) == []
    assert [entry.entry_id for entry in entries(conn, kato.person_id)] == [first.entry_id]
    assert second.person_id == saito.person_id
    assert {reread(conn, each.booking_id, minute(81)).state for each in (booking, holder)} == {"ended", "released"}


def test_declining_or_leaving_the_line_lets_the_booth_go(conn, somebody):
    abe, kato, *_ = somebody
    wanted = Wanted("honcho", minute(60), minute(120))
    entry = join(conn, abe, wanted, None, NINE)
    offer_what_is_free(conn, NINE)
    [offered] = my_bookings(conn, abe.person_id, NINE)
    assert decline_offer(conn, abe, offered.booking_id, NINE).state == "cancelled"
    assert entries(conn, abe.person_id) == []
    again = join(conn, abe, wanted, "3f-b1", NINE)
    offer_what_is_free(conn, NINE)
    leave(conn, abe, again.entry_id, NINE)
    assert book(conn, kato, wish(60, 120), NINE)
    with refused("not_found"):
        leave(conn, kato, entry.entry_id, NINE)


def test_strikes_count_up_to_a_ban_and_can_be_appealed(conn, somebody, chief):
    rules(conn, strikes_most=2)
    abe = somebody[0]
    space = booth_of(conn, "honcho", "3f-b1", NINE).space_id
    for start in (0, 60):
        booking = book(conn, abe, wish(start, start + 30), minute(start - 10))
        take_booths(conn, [space], minute(start + 15))
        assert give(conn, booking.booking_id, minute(start + 10)) is not None
        assert give(conn, booking.booking_id, minute(start + 10)) is None
    with refused("strikes") as refusal:
        book(conn, abe, wish(120, 180), minute(100))
    assert refusal.value.facts["until"] == minute(70) + timedelta(days=7)
    assert walk_in(conn, abe, WalkIn("honcho", "3f-b1", 15), minute(100))
    [newest, _] = strikes_of(conn, abe.person_id)
    appeal(conn, abe, newest.strike_id, "急な呼び出し")
    assert banned_until(conn, abe.person_id, booth_of(conn, "honcho", "3f-b1", NINE).rules, minute(100)) is None
    with refused("not_permitted"):
        decide_appeal(conn, abe, newest.strike_id, True, minute(110))
    assert decide_appeal(conn, chief, newest.strike_id, False, minute(110)).state == "upheld"
    with refused("strikes"):
        book(conn, abe, wish(180, 240), minute(120))


def test_a_strike_outlives_the_name_of_its_person(conn, somebody):
    rules(conn, strikes_most=1, strike_days=400, strike_ban_days=400)
    abe, there = somebody[0].person_id, booth_of(conn, "honcho", "3f-b1", NINE)
    missed = book(conn, somebody[0], wish(0, 30), NINE)
    take_booths(conn, [there.space_id], minute(15))
    give(conn, missed.booking_id, minute(10))
    close_account(conn, abe, COMMAND, minute(20))
    erased = minute(20) + timedelta(days=91)
    assert erase_expired(conn, timedelta(days=90), erased) == [abe]
    assert conn.execute("SELECT login FROM shigotoba.person WHERE person_id = %s", [abe]).fetchone() == (None,)
    assert [each.state for each in strikes_of(conn, abe)] == ["stands"]
    assert banned_until(conn, abe, there.rules, erased) == minute(10) + timedelta(days=400)


def test_how_booths_are_now_and_a_day_without_gaps_or_names(conn, somebody):
    abe, kato, *_ = somebody
    booking = book(conn, abe, wish(0, 60), NINE)
    walk_in(conn, kato, WalkIn("honcho", "3f-b2", 30), NINE)
    book(conn, somebody[2], wish(4, 60, "4f-b1"), NINE)
    states = {each.booth: (each.state, each.until) for each in booths_now(conn, "honcho", NINE)}
    assert states == {
        "3f-b1": ("booked", minute(60)), "3f-b2": ("in_use", minute(30)), "4f-b1": ("soon", minute(4)),
        "4f-b2": ("free", minute(11 * 60)),
    }  # fmt: skip
    check_in(conn, abe, booking.booking_id, "button", NINE)
    day = [
        (slot.kind, slot.end, slot.booking_id)
        for slot in slots_of_day(conn, kato, ("honcho", "3f-b1"), date(2026, 11, 24), NINE)
    ]
    assert day == [
        ("closed", minute(-60), None), ("free", NINE, None), ("booked", minute(60), None),
        ("free", minute(11 * 60), None), ("closed", minute(15 * 60), None),
    ]  # fmt: skip
    mine = slots_of_day(conn, abe, ("honcho", "3f-b1"), date(2026, 11, 24), NINE)[2]
    assert (mine.kind, mine.booking_id) == ("mine", booking.booking_id)


def test_booths_with_something_to_settle_are_known(conn, somebody):
    book(conn, somebody[0], wish(0, 60), NINE)
    assert unsettled_booths(conn, minute(9)) == []
    assert len(unsettled_booths(conn, minute(10))) == 1
