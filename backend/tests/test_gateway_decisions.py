"""Between the door and the bookings: schedules down, decisions up, each with one effect."""

from __future__ import annotations

import msgspec
import psycopg
import pytest

from shigotoba_backend.bookings.changing import cancel
from shigotoba_backend.bookings.journal import history
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.strikes import give, strikes_of
from shigotoba_backend.bookings.using import check_in
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store
from shigotoba_backend.jobs.decisions import play_decisions
from shigotoba_backend.jobs.presses import play_presses
from shigotoba_backend.jobs.schedules import Schedules, schedule_of
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.booths import NINE, minute, press, rules, wish
from shigotoba_testing.waiting import until
from shigotoba_wire.booths import (
    BoothEvent,
    BoothEventKind,
    BoothEvents,
    ClosedSpan,
    Trigger,
    decode_schedule,
    encode_booths,
)
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.receipts import decode_receipt
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import EVENTS, SCHEDULE, upstream

pytestmark = pytest.mark.integration

CHANNEL = upstream("honcho", "gw-1")
SETTINGS = BackendSettings("", Broker("127.0.0.1", 1))
BOOKINGS = "SELECT booking_id FROM shigotoba.booking ORDER BY made_at, booking_id"
HEARD_OF = """
INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-1', now(), '{}' FROM shigotoba.site
"""


class Message(msgspec.Struct, frozen=True):
    """As it arrives."""

    topic: str
    payload: bytes


def ms(minutes: float) -> int:
    return round(minute(minutes).timestamp() * 1000)


def event(number: int, kind: BoothEventKind, at: float, hold: str = "", until_min: float | None = None) -> BoothEvent:
    until_ms = None if until_min is None else ms(until_min)
    return BoothEvent(number, "3f-b1", kind, ms(at), Trigger.BUTTON, "enocean-fe001122", hold, until_ms)


def said(conn: psycopg.Connection, now_min: float, *events: BoothEvent) -> list[tuple[int, int]]:
    """The gateway says so, and it is played; the numbers that were receipted."""
    payload = encode_booths(BoothEvents("gw-1", "e1", events))
    receipts = store(conn, Catalogue(conn), [Message(CHANNEL.up(EVENTS), payload)], ms(now_min))
    play_decisions(conn, SETTINGS, minute(now_min))
    return [(span.first, span.count) for receipt in receipts for span in decode_receipt(receipt.payload).stored]


def every_booking(conn: psycopg.Connection, now_min: float) -> list[Booking]:
    return [reread(conn, row[0], minute(now_min)) for row in conn.execute(BOOKINGS).fetchall()]


def test_a_walk_in_at_the_door_is_a_booking_however_often_it_is_said(conn, somebody):
    walk_in = event(1, BoothEventKind.WALK_IN, 0, until_min=60)
    for _ in range(3):
        assert said(conn, 1, walk_in) == [(1, 1)]
    [booking] = every_booking(conn, 1)
    assert (booking.walk_in, booking.start, booking.end, booking.owner_id) == (True, NINE, minute(60), None)
    said(conn, 20, event(2, BoothEventKind.EXTEND, 19, "e1-1", 79), event(3, BoothEventKind.END, 20, "e1-1"))
    assert [each.kind for each in history(conn, booking.booking_id)] == ["walked_in", "extended", "ended"]
    assert every_booking(conn, 20)[0].end == minute(20)


def test_a_press_at_a_booking_is_its_check_in(conn, somebody):
    booking = book(conn, somebody[0], wish(0, 60), NINE)
    said(conn, 6, event(1, BoothEventKind.CHECK_IN, 5, f"{booking.booking_id}"))
    came = reread(conn, booking.booking_id, minute(6))
    assert (came.state, came.checked_in_by, came.checked_in_at) == ("checked_in", "button", minute(5))


def test_a_use_at_the_door_ends_a_pause_before_the_next_booking_and_never_goes_without_one(conn, somebody):
    rules(conn, buffer_min=10)
    first, second = book(conn, somebody[0], wish(60, 90), NINE), book(conn, somebody[1], wish(120, 150), NINE)
    walk_in = event(1, BoothEventKind.WALK_IN, 20, until_min=60)
    said(conn, 21, walk_in, event(2, BoothEventKind.EXTEND, 25, "e1-1", 60))
    assert [(each.end, each.state) for each in every_booking(conn, 26) if each.walk_in] == [(minute(50), "checked_in")]
    said(conn, 41, event(3, BoothEventKind.END, 40, "e1-1"))
    said(conn, 61, event(4, BoothEventKind.CHECK_IN, 60, f"{first.booking_id}"))
    said(conn, 115, event(5, BoothEventKind.WALK_IN, 114, until_min=120))
    used = [(each.start, each.end) for each in every_booking(conn, 115) if each.walk_in]
    assert used[-1] == (minute(114), minute(120)), "the pause gives way where nothing else would be left"
    assert reread(conn, second.booking_id, minute(115)).state == "held"
    outcomes = conn.execute("SELECT DISTINCT outcome FROM shigotoba.gateway_decision").fetchall()
    assert sorted(outcome for (outcome,) in outcomes) == ["done", "gone"], "no room to extend"


def test_who_came_while_the_uplink_was_down_has_come_and_who_booked_meanwhile_is_told(conn, somebody):
    rules(conn, strikes_most=3)
    abe, kato, *_ = somebody
    booking = book(conn, abe, wish(0, 60), NINE)
    settle(conn, SETTINGS, minute(11))
    give(conn, booking.booking_id, minute(10))
    displaced = book(conn, kato, wish(20, 50), minute(12))
    said(conn, 15, event(1, BoothEventKind.CHECK_IN, 5, f"{booking.booking_id}"))
    assert reread(conn, booking.booking_id, minute(15)).state == "checked_in"
    assert reread(conn, booking.booking_id, minute(15)).end == minute(60)
    assert [strike.state for strike in strikes_of(conn, abe.person_id)] == ["lifted"]
    assert [each.kind for each in history(conn, displaced.booking_id)] == ["booked", "displaced"]


def test_what_cannot_be_played_is_receipted_and_kept_with_the_reason(conn, somebody):
    lost = event(1, BoothEventKind.CHECK_IN, 0, "who knows")
    unknown = msgspec.structs.replace(event(2, BoothEventKind.WALK_IN, 0, until_min=30), booth="9f-b9")
    refused = event(3, BoothEventKind.REFUSED, 1, until_min=30)
    assert said(conn, 2, lost, unknown, refused) == [(1, 1), (2, 1), (3, 1)]
    outcomes = conn.execute("SELECT outcome FROM shigotoba.gateway_decision ORDER BY number").fetchall()
    assert outcomes == [("unknown hold",), ("refused: not_found",), ("noted",)]


def test_a_schedule_says_what_stands_and_what_it_reflects(conn, somebody):
    abe = somebody[0]
    booking = book(conn, abe, wish(60, 120), NINE)
    book(conn, somebody[1], wish(26 * 60, 27 * 60), NINE)
    said(conn, 2, event(1, BoothEventKind.WALK_IN, 0, until_min=30), event(3, BoothEventKind.REFUSED, 1))
    schedule = schedule_of(conn, "honcho", "gw-1", minute(3))
    first = schedule.booths[0]
    assert (first.booth, first.buttons, first.presence) == ("3f-b1", ("enocean-fe001122",), ("ble-5448e68f80b1",))
    assert [(hold.start_ms, hold.end_ms, hold.checked_in) for hold in first.holds] == [
        (ms(0), ms(30), True), (ms(60), ms(120), False),
    ]  # fmt: skip
    assert first.holds[1].hold == f"{booking.booking_id}"
    assert (schedule.reflects_epoch, schedule.reflects_upto) == ("e1", 1)
    assert schedule_of(conn, "honcho", "gw-1", minute(-90)).booths[0].closed_until_ms == ms(-60)
    assert (first.closed_until_ms, first.closed) == (None, (ClosedSpan(ms(11 * 60), ms(23 * 60)),))
    assert (first.holds[0].came_at_ms, first.holds[1].came_at_ms) == (ms(0), None)
    cancel(conn, abe, booking.booking_id, minute(4))
    assert len(schedule_of(conn, "honcho", "gw-1", minute(5)).booths[0].holds) == 1


def test_gateways_are_given_a_schedule_when_it_changes_and_after_a_broker_lost_it(conn, somebody, broker):
    conn.execute(HEARD_OF)
    given: list[Delivery] = []
    listener = Link(broker.settings(), Session("gw-1", (CHANNEL.down(SCHEDULE),)), given.append)
    listener.start()
    schedules, settings = Schedules(), BackendSettings("", broker.settings())

    def publish(minutes: float, count: int) -> None:
        until(lambda: schedules.publish(conn, settings, minute(minutes)) == count)

    publish(0, 1)
    assert schedules.publish(conn, settings, minute(0.5)) == 0
    booking = book(conn, somebody[0], wish(60, 120), minute(1))
    publish(1, 1)
    until(lambda: len(given) >= 2)
    holds = [hold.hold for hold in decode_schedule(given[-1].payload).booths[0].holds]
    assert holds == [f"{booking.booking_id}"]
    broker.wipe()
    publish(2, 1)
    schedules.stop()
    listener.stop()


def test_a_press_that_no_gateway_decides_is_the_use_of_the_booking_it_falls_into(conn, somebody):
    rules(conn, strikes_most=1)
    abe, kato, *_ = somebody
    first, second = book(conn, abe, wish(0, 60), NINE), book(conn, kato, wish(120, 180), NINE)
    press(conn, minute(2))
    press(conn, minute(50), "AO")
    press(conn, minute(90))
    press(conn, minute(125))
    # It arrives late: nobody had come, it was released, and that was a no-show.
    settle(conn, SETTINGS, minute(60))
    give(conn, first.booking_id, minute(10))
    for _ in range(2):
        play_presses(conn, SETTINGS, minute(126))
    used, waiting = (reread(conn, each.booking_id, minute(126)) for each in (first, second))
    assert (used.state, used.checked_in_by, used.end) == ("ended", "button", minute(50))
    assert [strike.state for strike in strikes_of(conn, abe.person_id)] == ["lifted"]
    assert (waiting.state, waiting.checked_in_at) == ("checked_in", minute(125))
    figures = conn.execute("SELECT no_show, used FROM shigotoba.booking_figures_v1 ORDER BY lower(booked)").fetchall()
    assert [(no_show, used.lower) for no_show, used in figures] == [(False, minute(2)), (False, minute(125))]


def test_at_a_door_without_a_gateway_too_a_use_ends_at_closing_and_at_the_longest(conn, somebody):
    rules(conn, longest_min=90, buffer_min=5)
    policy = schedule_of(conn, "honcho", "gw-1", NINE).booths[0].policy
    assert (policy.longest_s, policy.pause_s) == (5400.0, 300.0)
    long, late = book(conn, somebody[0], wish(0, 60), NINE), book(conn, somebody[1], wish(610, 640), NINE)
    for at in (0, 50, 55, 611, 639):
        press(conn, minute(at))
    play_presses(conn, SETTINGS, minute(640))
    assert reread(conn, long.booking_id, minute(60)).end == minute(90)
    assert reread(conn, late.booking_id, minute(640)).end == minute(660)


@pytest.mark.parametrize(("rule", "end"), [("extend", 110), ("end", 50), ("nothing", 60)])
def test_what_a_second_press_does_is_a_rule_in_the_schedule_and_without_a_gateway(conn, somebody, rule, end):
    rules(conn, second_press=rule)
    booking = book(conn, somebody[0], wish(0, 60), NINE)
    assert schedule_of(conn, "honcho", "gw-1", NINE).booths[0].policy.second_press == rule
    press(conn, minute(2))
    press(conn, minute(50))
    play_presses(conn, SETTINGS, minute(55))
    assert reread(conn, booking.booking_id, minute(55)).end == minute(end)


def test_a_press_that_would_reach_into_a_pause_holds_up_no_other(conn, somebody):
    rules(conn, buffer_min=10)
    first, second = book(conn, somebody[0], wish(0, 30), NINE), book(conn, somebody[1], wish(40, 70), NINE)
    for at in (2, 5, 41):
        press(conn, minute(at))
    play_presses(conn, SETTINGS, minute(45))
    ended, came = (reread(conn, each.booking_id, minute(45)) for each in (first, second))
    assert (ended.end, came.state, came.checked_in_at) == (minute(30), "checked_in", minute(41))


def test_presses_of_a_button_whose_gateway_decides_are_left_to_it(conn, somebody):
    said(conn, 0, event(1, BoothEventKind.NOT_IN_USE, -200))
    booking = book(conn, somebody[0], wish(0, 60), NINE)
    press(conn, minute(2))
    assert play_presses(conn, SETTINGS, minute(5)) == 0
    assert reread(conn, booking.booking_id, minute(5)).state == "held"


@pytest.mark.parametrize("rule", ["extend", "end"])
def test_a_press_whose_check_in_is_known_already_is_that_check_in(conn, somebody, rule):
    rules(conn, second_press=rule)
    booking = book(conn, somebody[0], wish(0, 30), NINE)
    check_in(conn, somebody[0], booking.booking_id, "phone", minute(2))
    press(conn, minute(2.1))
    play_presses(conn, SETTINGS, minute(5))
    assert reread(conn, booking.booking_id, minute(5)).end == minute(30)
