"""Closures: who is moved, who is offered another booth, who is told that there is none."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.arranging import calendar
from shigotoba_backend.bookings.closing import close_place, reopen
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.journal import history
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.now import booths_now
from shigotoba_backend.bookings.policies import Scope, set_policy
from shigotoba_backend.bookings.record import my_bookings, reread
from shigotoba_backend.bookings.using import check_in
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.bookings.waiting import accept_offer, entries, join, offer_what_is_free
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.booths import NINE, minute, office, refused, rules, wish
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration

SETTINGS = BackendSettings("", Broker("127.0.0.1", 1))


@pytest.fixture
def chief(somebody: list[Asker]) -> Asker:
    """Somebody who manages the site."""
    return Asker(somebody[3].person_id, frozenset({"honcho"}))


def works_at(conn: psycopg.Connection, person_id: int, site: str) -> None:
    query = "UPDATE shigotoba.person SET home_site_id = site_id FROM shigotoba.site WHERE code = %s AND person_id = %s"
    conn.execute(query, [site, person_id])


def test_closing_a_booth_moves_offers_or_cancels_and_the_booth_is_gone_at_once(conn, somebody, chief):
    abe, kato, saito, _ = somebody
    moved = book(conn, abe, wish(60, 120), NINE)
    offered = book(conn, kato, wish(180, 240), NINE)
    book(conn, abe, wish(180, 240, "3f-b2"), NINE)
    with refused("not_permitted"):
        close_place(conn, saito, ("honcho", "3f-b1"), (minute(30), None), "故障", NINE)
    closed = close_place(conn, chief, ("honcho", "3f-b1"), (minute(30), None), "故障", NINE)
    assert [(each.booking_id, each.booth) for each in closed.moved] == [(moved.booking_id, "3f-b2")]
    assert [(each.replaces, each.booth, each.state) for each in closed.offered] == [
        (offered.booking_id, "4f-b1", "offered")
    ]
    assert accept_offer(conn, kato, closed.offered[0].booking_id, NINE).state == "held"
    with refused("not_open") as refusal:
        book(conn, saito, wish(300, 330), NINE)
    assert refusal.value.facts["note"] == "故障"
    assert booths_now(conn, "honcho", minute(31))[0].state == "closed"
    reopen(conn, chief, closed.closure_id, minute(40))
    assert book(conn, saito, wish(300, 330), minute(40))


def test_a_closure_moves_nobody_where_guests_have_no_room_or_the_pause_is_taken(conn, somebody, chief):
    rules(conn, buffer_min=10)
    conn.execute("UPDATE shigotoba.space SET capacity = 1 WHERE code = '4f-b2'")
    crowd = book(conn, somebody[0], wish(60, 120, "4f-b1", guests=1), NINE)
    narrow = book(conn, somebody[1], wish(60, 120), NINE)
    next_there = book(conn, somebody[2], wish(125, 180, "3f-b2"), NINE)
    for booth in ("4f-b1", "3f-b1"):
        closed = close_place(conn, chief, ("honcho", booth), (minute(30), minute(200)), "故障", NINE)
        assert closed.moved == ()
        assert len(closed.cancelled) == 1
    states = [reread(conn, each.booking_id, NINE).state for each in (crowd, narrow, next_there)]
    assert states == ["cancelled", "cancelled", "held"]


def test_a_place_closed_for_longer_than_a_year_is_closed(conn, somebody):
    booking = book(conn, somebody[0], wish(60, 120), NINE)
    calendar.add_closure(conn, ("honcho", "3f-b1"), (NINE - timedelta(days=400), None), "故障", COMMAND)
    settle(conn, SETTINGS, NINE)
    assert reread(conn, booking.booking_id, NINE).booth == "3f-b2"


def test_a_closure_from_the_calendar_rehouses_too_and_a_use_goes_on_until_it_begins(conn, somebody, chief):
    abe, kato, *_ = somebody
    used, later = book(conn, abe, wish(0, 60), NINE), book(conn, kato, wish(60, 120, "3f-b2"), NINE)
    check_in(conn, abe, used.booking_id, "phone", NINE)
    calendar.add_closure(conn, ("honcho", None), (minute(30), None), "停電", COMMAND)
    for minutes, state in ((1, "checked_in"), (31, "ended")):
        settle(conn, SETTINGS, minute(minutes))
        assert reread(conn, used.booking_id, minute(minutes)).state == state
    assert reread(conn, later.booking_id, minute(31)).state == "cancelled"
    assert [each.kind for each in history(conn, later.booking_id)][-1] == "cancelled_by_closure"
    assert settle(conn, SETTINGS, minute(32)) == 0


def test_somebody_from_another_site_is_moved_only_where_visitors_are_welcome(conn, somebody, chief):
    office(conn, site="branch")
    abe, kato, *_ = somebody
    works_at(conn, abe.person_id, "branch")
    for booth in ("3f-b2", "4f-b1"):
        set_policy(conn, Scope("honcho", None, booth), (None, None), {"visitors": False})
    guest, own = book(conn, abe, wish(60, 120), NINE), book(conn, kato, wish(180, 240), NINE)
    closed = close_place(conn, chief, ("honcho", "3f-b1"), (minute(30), None), "故障", NINE)
    assert [(each.booking_id, each.booth) for each in closed.moved] == [(own.booking_id, "3f-b2")]
    assert [(each.replaces, each.booth) for each in closed.offered] == [(guest.booking_id, "4f-b2")]


def test_what_is_offered_instead_is_for_as_many_people_and_the_same_purpose(conn, somebody, chief):
    lost = book(conn, somebody[0], wish(60, 120, guests=1, purpose="面談"), NINE)
    book(conn, somebody[1], wish(60, 120, "3f-b2"), NINE)
    [offered] = close_place(conn, chief, ("honcho", "3f-b1"), (minute(30), None), "故障", NINE).offered
    assert (offered.replaces, offered.guests, offered.purpose) == (lost.booking_id, 1, "面談")
    assert accept_offer(conn, somebody[0], offered.booking_id, NINE).guests == 1


def test_whose_offer_from_the_waitlist_is_in_a_closed_booth_waits_on_first_in_line_and_gets_one_other(
    conn, somebody, chief
):
    abe, kato, *_ = somebody
    first, second = (join(conn, each, Wanted("honcho", minute(60), minute(120)), None, NINE) for each in (abe, kato))
    rules(conn, offer_min=5)
    assert offer_what_is_free(conn, NINE) == 2
    [offered] = my_bookings(conn, abe.person_id, NINE)
    closed = close_place(conn, chief, ("honcho", offered.booth), (minute(30), None), "故障", minute(1))
    assert (len(closed.cancelled), closed.offered) == (1, ())
    assert offer_what_is_free(conn, minute(2)) == 1
    assert offer_what_is_free(conn, minute(3)) == 0
    [again] = my_bookings(conn, abe.person_id, minute(3))
    assert (again.state, again.booth != offered.booth, again.lapses_at) == ("offered", True, minute(7))
    assert [each.entry_id for each in entries(conn, abe.person_id)] == [first.entry_id]
    assert [each.entry_id for each in entries(conn, kato.person_id)] == [second.entry_id]


def test_who_waits_with_guests_is_offered_only_a_booth_with_room_for_them(conn, somebody):
    abe, ito = somebody[0], somebody[2]
    conn.execute("UPDATE shigotoba.space SET capacity = 1 WHERE code IN ('3f-b1', '3f-b2', '4f-b1')")
    join(conn, abe, Wanted("honcho", minute(60), minute(120), capacity=2), None, NINE)
    held = book(conn, ito, wish(60, 120, "4f-b2"), NINE)
    assert offer_what_is_free(conn, NINE) == 0
    with refused("too_many_guests") as refusal:
        book(conn, abe, wish(180, 240, guests=1), NINE)
    assert {each.booth for each in refusal.value.alternatives} == {"4f-b2"}
    assert reread(conn, held.booking_id, minute(71)).state == "released"
    assert offer_what_is_free(conn, minute(71)) == 1
    [offered] = my_bookings(conn, abe.person_id, minute(71))
    assert (offered.booth, offered.guests) == ("4f-b2", 1)
