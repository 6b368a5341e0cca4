"""Minds changed about bookings: extended, moved, waited for, and wished for in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS
from shigotoba_sim.history.bookings import PastBooking, past_bookings
from shigotoba_sim.plan.ahead import bookings_of
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.days import stays_of
from shigotoba_sim.plan.diary import deeds_of
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.wishes import Wish
from shigotoba_sim.truth.tables import changes_of, frame_of


@pytest.fixture(scope="module")
def month(inputs: PlanInputs) -> Plan:
    """A plan of five weeks in office hours and a day round the clock."""
    return Plan(msgspec.structs.replace(inputs, opened_on=date(2026, 10, 1)))


@pytest.fixture(scope="module")
def bookings(month: Plan) -> list[Booking]:
    """All of them."""
    return list(month.bookings(month.inputs.opened_ms, month.inputs.lively_ms + 24 * HOUR_MS))


@pytest.fixture(scope="module")
def wishes(month: Plan) -> list[Wish]:
    """Those in vain of a day and a half round the clock."""
    return list(month.wishes(month.inputs.lively_ms, month.inputs.lively_ms + 36 * HOUR_MS))


def changes(bookings: list[Booking], did: str) -> Iterator[tuple[Booking, int]]:
    return ((one, number) for one in bookings for number, change in enumerate(one.changes) if change.did == did)


def test_some_extend_some_move_some_wait_and_most_do_none_of_it(bookings: list[Booking]) -> None:
    kinds = Counter(change.did for one in bookings for change in one.changes)
    assert kinds["move"] > 5
    assert kinds["extend"] > 5
    assert sum(one.waited_ms is not None for one in bookings) > 3
    assert sum(not one.changes and one.waited_ms is None for one in bookings) > 0.7 * len(bookings)


def test_who_extends_sits_in_the_booth_and_the_booking_is_not_over(bookings: list[Booking]) -> None:
    for booking, number in changes(bookings, "extend"):
        change, then = list(booking.changed)[number]
        assert booking.came_ms is not None
        assert booking.came_ms < change.at_ms < change.was.end_ms < then.end_ms
        assert booking.gone_ms is not None
        assert booking.gone_ms > change.was.end_ms
        assert (then.space, then.start_ms) == (change.was.space, change.was.start_ms)


def test_who_moves_a_booking_does_so_before_either_time_and_on_the_same_day(bookings: list[Booking]) -> None:
    for booking, number in changes(bookings, "move"):
        change, then = list(booking.changed)[number]
        assert booking.made_ms < change.at_ms < min(change.was.start_ms, then.start_ms)
        assert booking.came_ms is None or change.at_ms < booking.came_ms
        assert (change.was.end_ms - change.was.start_ms) == (then.end_ms - then.start_ms)
        assert abs(change.was.start_ms - then.start_ms) <= 2 * HOUR_MS
        assert change.was != then


def test_who_waits_gets_what_somebody_else_gives_back_within_the_time_of_an_offer(bookings: list[Booking]) -> None:
    given_back = {(one.space, one.start_ms, one.end_ms): one for one in bookings if one.cancelled_ms is not None}
    for booking in bookings:
        if booking.waited_ms is not None:
            rival = given_back[booking.space, booking.start_ms, booking.end_ms]
            assert rival.cancelled_ms is not None
            assert rival.made_ms < booking.waited_ms < rival.cancelled_ms < booking.made_ms < booking.start_ms
            assert booking.made_ms - rival.cancelled_ms < 10 * MINUTE_MS


def test_what_is_agreed_in_the_end_does_not_depend_on_changes_of_mind(month: Plan, bookings: list[Booking]) -> None:
    day = month.inputs.opened_on
    settled = bookings_of(month.inputs, day, stays_of(month.inputs, day))
    lived = {one.name: one for one in bookings}
    for booking in settled:
        after = lived[booking.name]
        assert (after.end_ms, after.came_ms, after.gone_ms) == (booking.end_ms, booking.came_ms, booking.gone_ms)
        assert (after.outcome, after.recovered_ms) == (booking.outcome, booking.recovered_ms)


def test_who_wishes_in_vain_finds_every_booth_of_the_floor_booked_until_giving_up(
    month: Plan, bookings: list[Booking], wishes: list[Wish]
) -> None:
    assert wishes
    later = month.bookings(month.inputs.lively_ms + 24 * HOUR_MS, month.inputs.lively_ms + 40 * HOUR_MS)
    every = [one for one in (*bookings, *later) if one.cancelled_ms is None]
    for wish in wishes:
        assert wish.looked_ms < wish.gave_up_ms < wish.start_ms
        before = [one for one in every if one.made_ms < wish.looked_ms]
        standing = [one for one in before if wish.gave_up_ms < (one.left_ms or one.end_ms)]
        taken = {one.space for one in standing if one.start_ms < wish.end_ms and wish.start_ms < one.end_ms}
        assert {booth.space for booth in month.inputs.place.booths if booth.space.startswith(wish.floor)} <= taken


def test_each_change_is_done_on_a_phone_and_a_wish_is_looked_for_waited_for_and_given_up(
    bookings: list[Booking], wishes: list[Wish]
) -> None:
    moved = next(booking for booking, _ in changes(bookings, "move"))
    assert [deed.did for deed in deeds_of(moved)][:2] == ["book", "move"]
    waited = next(one for one in bookings if one.waited_ms is not None)
    assert [deed.did for deed in deeds_of(waited)][:2] == ["wait", "accept"]
    assert [deed.did for deed in deeds_of(wishes[0])] == ["look", "wait", "give_up"]


def test_the_file_of_the_past_begins_with_what_was_agreed_first(month: Plan, bookings: list[Booking]) -> None:
    lines = [msgspec.json.decode(line, type=PastBooking) for line in past_bookings(month)]
    for line, booking in zip(lines, bookings, strict=False):
        first, last = booking.agreed[0], booking.agreed[-1]
        assert (line.booth, line.start.timestamp() * 1000) == (first.space, first.start_ms)
        ends = [change.end for change in line.changes if change.end] or [line.end]
        assert ends[-1].timestamp() * 1000 == last.end_ms
    assert sum(line.waited_from is not None for line in lines) > 0


def test_the_truth_keeps_changes_in_a_table_of_their_own(bookings: list[Booking]) -> None:
    table = frame_of("changes", changes_of(bookings))
    assert table.height == sum(len(one.changes) for one in bookings)
    assert set(table["did"].unique()) == {"move", "extend"}
    assert frame_of("bookings", bookings)["waited"].drop_nulls().len() > 0
