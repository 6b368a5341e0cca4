"""Bookings made, used and changed, on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shigotoba_backend.bookings.changing import cancel, cancel_range, move
from shigotoba_backend.bookings.finding import Wanted, find_free
from shigotoba_backend.bookings.journal import history
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.once import once
from shigotoba_backend.bookings.record import my_bookings, past_bookings, reread
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.using import check_in, end_early, extend, scan, shorten
from shigotoba_backend.bookings.values import Book, Move, WalkIn
from shigotoba_testing.booths import NINE, minute, refused, wish

pytestmark = pytest.mark.integration


def test_a_booth_is_booked_once_and_the_second_is_told_until_when_and_what_else(conn, somebody):
    abe, kato, *_ = somebody
    booking = book(conn, abe, wish(60, 120), NINE)
    assert (booking.state, booking.owner_id, booking.version) == ("held", abe.person_id, 1)
    with refused("taken") as refusal:
        book(conn, kato, wish(90, 150), NINE)
    assert refusal.value.facts == {"until": minute(120)}
    assert {(offer.booth, offer.start) for offer in refusal.value.alternatives[:3]} == {
        ("3f-b2", minute(90)), ("4f-b1", minute(90)), ("4f-b2", minute(90)),
    }  # fmt: skip
    assert refusal.value.alternatives[0].floor == "3f"


def test_touching_bookings_do_not_conflict(conn, somebody):
    book(conn, somebody[0], wish(60, 90), NINE)
    assert book(conn, somebody[1], wish(90, 120), NINE).start == minute(90)


def test_a_booking_nobody_came_to_is_free_at_that_minute_though_nothing_has_settled_it(conn, somebody):
    abe, kato, *_ = somebody
    booking = book(conn, abe, wish(60, 120), NINE)
    at = minute(70)
    assert [each.booth for each in find_free(conn, Wanted("honcho", at, minute(120)), at).free] == [
        "3f-b1", "3f-b2", "4f-b1", "4f-b2",
    ]  # fmt: skip
    assert my_bookings(conn, abe.person_id, at) == []
    assert past_bookings(conn, abe.person_id, at)[0].state == "released"
    assert book(conn, kato, wish(70, 120), at).start == at
    [_, released] = history(conn, booking.booking_id)
    assert (released.kind, released.at, released.facts) == ("released", at, {"recovered_s": 3000})
    with refused("lapsed") as refusal:
        check_in(conn, abe, booking.booking_id, "phone", at)
    assert refusal.value.alternatives


def test_a_booking_made_after_its_start_has_its_own_full_grace(conn, somebody):
    booking = book(conn, somebody[0], wish(-5, 60), NINE)
    assert booking.lapses_at == minute(10)


def test_check_in_opens_before_the_start_and_twice_is_once(conn, somebody):
    booking = book(conn, somebody[0], wish(60, 120), NINE)
    with refused("too_early") as refusal:
        check_in(conn, somebody[0], booking.booking_id, "phone", minute(44))
    assert refusal.value.facts == {"opens_at": minute(45)}
    came = check_in(conn, somebody[0], booking.booking_id, "phone", minute(50))
    assert (came.state, came.start, came.checked_in_by) == ("checked_in", minute(50), "phone")
    assert check_in(conn, somebody[0], booking.booking_id, "qr", minute(55)) == came


def test_a_walk_in_stops_at_the_next_booking_and_is_refused_when_that_is_near(conn, somebody):
    abe, kato, *_ = somebody
    book(conn, abe, wish(30, 60), NINE)
    assert walk_in(conn, kato, WalkIn("honcho", "3f-b1"), NINE).end == minute(30)
    with refused("in_use") as refusal:
        walk_in(conn, somebody[2], WalkIn("honcho", "3f-b1"), minute(10))
    assert refusal.value.facts == {"until": minute(30)}
    end_early(conn, kato, my_bookings(conn, kato.person_id, minute(20))[0].booking_id, minute(20))
    with refused("in_use"):
        walk_in(conn, somebody[2], WalkIn("honcho", "3f-b1"), minute(26))


def test_the_code_at_the_booth_checks_in_walks_in_or_says_until_when(conn, somebody):
    abe, kato, *_ = somebody
    book(conn, abe, wish(10, 60), NINE)
    assert scan(conn, abe, "honcho", "3f-b1", NINE).state == "checked_in"
    assert scan(conn, kato, "honcho", "3f-b2", NINE).walk_in
    with refused("in_use") as refusal:
        scan(conn, somebody[2], "honcho", "3f-b1", minute(20))
    assert refusal.value.facts == {"until": minute(60)}


def test_an_extension_stops_before_the_next_booking_and_says_how_far_it_could_go(conn, somebody):
    abe, kato, *_ = somebody
    booking = walk_in(conn, abe, WalkIn("honcho", "3f-b1", 30), NINE)
    book(conn, kato, wish(45, 90), NINE)
    with refused("no_room_to_extend") as refusal:
        extend(conn, abe, booking.booking_id, None, minute(20))
    assert refusal.value.facts == {"longest_until": minute(45)}
    assert refusal.value.alternatives[0].start == minute(30)
    assert extend(conn, abe, booking.booking_id, minute(45), minute(20)).end == minute(45)


def test_giving_back_the_end_or_leaving_early_frees_the_rest(conn, somebody):
    abe, kato, *_ = somebody
    booking = walk_in(conn, abe, WalkIn("honcho", "3f-b1"), NINE)
    assert shorten(conn, abe, booking.booking_id, minute(40), minute(5)).end == minute(40)
    book(conn, kato, wish(40, 80), minute(6))
    assert end_early(conn, abe, booking.booking_id, minute(20)).end == minute(20)
    [(used, recovered_s)] = conn.execute(
        "SELECT used, recovered_s FROM shigotoba.booking_figures_v1 WHERE booking_id = %s", [booking.booking_id]
    ).fetchall()
    assert (used.lower, used.upper, recovered_s) == (NINE, minute(20), 20 * 60)
    assert book(conn, somebody[2], wish(20, 40), minute(20)).start == minute(20)
    with refused("wrong_state"):
        extend(conn, abe, booking.booking_id, None, minute(21))


def test_an_edit_is_refused_when_somebody_else_has_edited_since(conn, somebody):
    booking = book(conn, somebody[0], wish(60, 120), NINE)
    moved = move(conn, somebody[0], Move(booking.booking_id, booth="3f-b2", version=1), NINE)
    assert (moved.booth, moved.version) == ("3f-b2", 2)
    with refused("stale"):
        move(conn, somebody[0], Move(booking.booking_id, booth="4f-b1", version=1), NINE)
    with refused("taken"):
        book(conn, somebody[1], wish(60, 90, "3f-b2"), NINE)
    assert book(conn, somebody[1], wish(60, 90), NINE)


def test_what_is_cancelled_is_free_and_a_range_of_days_goes_at_once(conn, somebody):
    abe, kato, *_ = somebody
    day = timedelta(days=1)
    bookings = [book(conn, abe, Book("honcho", "3f-b1", NINE + n * day, minute(60) + n * day), NINE) for n in (1, 2, 3)]
    assert cancel(conn, abe, bookings[0].booking_id, NINE).state == "cancelled"
    tokyo = booth_of(conn, "honcho", "3f-b1", NINE).zone_info
    gone = cancel_range(conn, abe, date(2026, 11, 25), date(2026, 11, 26), NINE, tokyo)
    assert [each.booking_id for each in gone] == [bookings[1].booking_id]
    assert [each.booking_id for each in my_bookings(conn, abe.person_id, NINE)] == [bookings[2].booking_id]
    assert book(conn, kato, Book("honcho", "3f-b1", NINE + day, minute(60) + day), NINE)


def test_the_same_key_twice_is_one_booking_and_another_request_under_it_is_refused(conn, somebody):
    abe = somebody[0]
    first = once(conn, (abe.person_id, "k"), b"a", lambda: book(conn, abe, wish(60, 90), NINE), NINE)
    again = once(conn, (abe.person_id, "k"), b"a", lambda: book(conn, abe, wish(60, 90), NINE), NINE)
    assert again == reread(conn, first.booking_id, NINE)
    with refused("key_reused"):
        once(conn, (abe.person_id, "k"), b"b", lambda: book(conn, abe, wish(60, 90), NINE), NINE)
