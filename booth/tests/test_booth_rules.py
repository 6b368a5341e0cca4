"""What a press means, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shigotoba_booth.decisions import (
    ROCKER_SIDES,
    CheckIn,
    End,
    Extend,
    NotInUse,
    Refused,
    Side,
    Unchanged,
    WalkIn,
    after,
    decide_press,
)
from shigotoba_booth.holds import Hold, Policy, SecondPress, lapses_at

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
POLICY = Policy()


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def booking(start: float, end: float, **fields) -> Hold:
    return Hold(at(start), at(end), person="kato", **fields)


def test_a_press_in_a_free_booth_is_a_walk_in_for_the_default_length():
    assert decide_press(Side.ENTER, TEN, [], POLICY) == WalkIn(TEN, at(60))


def test_a_walk_in_stops_where_the_next_booking_begins():
    assert decide_press(Side.ENTER, TEN, [booking(20, 80)], POLICY) == WalkIn(TEN, at(20))


def test_a_booking_that_has_just_ended_is_in_nobodys_way():
    assert decide_press(Side.ENTER, TEN, [booking(-30, 0, checked_in=True)], POLICY) == WalkIn(TEN, at(60))


def test_a_press_at_a_waiting_booking_is_its_check_in():
    waiting = booking(-5, 30)
    assert decide_press(Side.ENTER, TEN, [waiting], POLICY) == CheckIn(waiting, TEN)


def test_a_press_shortly_before_a_booking_is_its_check_in_and_the_use_begins_then():
    soon = booking(3, 30)
    decision = decide_press(Side.ENTER, TEN, [soon], POLICY)
    assert decision == CheckIn(soon, TEN)
    assert after(decision, [soon]) == (booking(0, 30, checked_in=True, came_at=TEN),)


def test_two_minutes_before_somebody_elses_booking_the_booth_is_refused():
    assert decide_press(Side.ENTER, TEN, [booking(2, 30)], POLICY, person="abe") == Refused(at(30))


def test_somebody_elses_booking_is_refused_until_its_end():
    for side in Side:
        assert decide_press(side, TEN, [booking(-5, 30)], POLICY, person="abe") == Refused(at(30))


def test_a_booking_whose_person_has_not_come_within_the_grace_is_free_at_that_minute():
    held = booking(-10, 30)
    assert decide_press(Side.ENTER, at(-0.1), [held], POLICY, person="abe") == Refused(at(30))
    assert decide_press(Side.ENTER, TEN, [held], POLICY, person="abe") == WalkIn(TEN, at(60))


@pytest.mark.parametrize(("made", "lapses"), [(-60, 10), (-1, 10), (7, 17), (25, 30)])
def test_a_booking_made_late_has_its_own_full_grace(made: float, lapses: float):
    assert lapses_at(booking(0, 30, made_at=at(made)), POLICY) == at(lapses)


def test_entering_again_extends_from_the_moment_of_the_press():
    walk_in = Hold(at(-40), at(20), checked_in=True)
    assert decide_press(Side.ENTER, TEN, [walk_in], POLICY) == Extend(walk_in, at(60))


def test_an_extension_stops_at_the_next_booking_and_never_shortens():
    walk_in = Hold(at(-40), at(20), checked_in=True)
    assert decide_press(Side.ENTER, TEN, [walk_in, booking(30, 50)], POLICY) == Extend(walk_in, at(30))
    assert decide_press(Side.ENTER, TEN, [walk_in, booking(20, 50)], POLICY) == Unchanged(walk_in)
    long_use = booking(-30, 240, checked_in=True)
    assert decide_press(Side.ENTER, TEN, [long_use], POLICY) == Unchanged(long_use)


def test_where_the_office_says_so_entering_again_ends_or_changes_nothing():
    walk_in = Hold(at(-40), at(20), checked_in=True)
    for side in Side:
        assert decide_press(side, TEN, [walk_in], replace(POLICY, second_press=SecondPress.END)) == End(walk_in, TEN)
    nothing = replace(POLICY, second_press=SecondPress.NOTHING)
    assert decide_press(Side.ENTER, TEN, [walk_in], nothing) == Unchanged(walk_in)
    assert decide_press(Side.LEAVE, TEN, [walk_in], nothing) == End(walk_in, TEN)


def test_leaving_ends_the_use_and_frees_the_rest():
    walk_in = Hold(at(-40), at(20), checked_in=True)
    decision = decide_press(Side.LEAVE, TEN, [walk_in], POLICY)
    assert decision == End(walk_in, TEN)
    assert after(decision, [walk_in]) == (Hold(at(-40), TEN, checked_in=True),)


def test_a_use_that_ends_where_it_began_has_not_been_one():
    assert after(End(Hold(TEN, at(60), checked_in=True), TEN), [Hold(TEN, at(60), checked_in=True)]) == ()


def test_leaving_a_booth_nobody_is_in_changes_nothing():
    for holds in ([], [booking(-5, 30)], [booking(10, 30)]):
        assert decide_press(Side.LEAVE, TEN, holds, POLICY) == NotInUse()
        assert after(NotInUse(), holds) == tuple(holds)


def test_a_hold_without_length_is_refused_in_words():
    with pytest.raises(ValueError, match="ends after it starts"):
        Hold(TEN, TEN)


def test_the_i_half_of_a_rocker_enters_and_the_o_half_leaves():
    assert [ROCKER_SIDES.get(label) for label in ("AI", "BI", "AO", "BO", "released")] == [
        Side.ENTER, Side.ENTER, Side.LEAVE, Side.LEAVE, None,
    ]  # fmt: skip
