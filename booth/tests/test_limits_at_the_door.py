"""What a press may not do: run past closing, over the longest, into a pause; and what is no second press."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shigotoba_booth.decisions import CheckIn, End, Extend, Refused, Side, Unchanged, WalkIn, after, decide_press
from shigotoba_booth.holds import Hold, Policy, SecondPress
from shigotoba_booth.hours import Closed

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
POLICY = Policy()


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def use(start: float, end: float, came: float | None = None) -> Hold:
    return Hold(at(start), at(end), checked_in=True, came_at=None if came is None else at(came))


def test_a_walk_in_leaves_the_pause_before_the_next_booking_and_is_refused_where_that_leaves_too_little():
    paused = replace(POLICY, pause=timedelta(minutes=10))
    following = Hold(at(30), at(90), person="kato")
    assert decide_press(Side.ENTER, TEN, [following], paused) == WalkIn(TEN, at(20))
    assert decide_press(Side.ENTER, at(16), [following], paused) == Refused(at(90))
    assert decide_press(Side.ENTER, at(26), [following], paused) == CheckIn(following, at(26)), "its own person"


def test_an_extension_leaves_the_pause_before_the_next_booking():
    paused, current = replace(POLICY, pause=timedelta(minutes=10)), use(-30, 5)
    following = Hold(at(30), at(90), person="kato")
    assert decide_press(Side.ENTER, TEN, [current, following], paused) == Extend(current, at(20))


def test_no_walk_in_and_no_row_of_presses_is_longer_than_the_longest():
    short = replace(POLICY, longest=timedelta(minutes=90))
    assert decide_press(Side.ENTER, TEN, [], replace(POLICY, longest=timedelta(minutes=45))) == WalkIn(TEN, at(45))
    assert decide_press(Side.ENTER, TEN, [use(-20, 40)], short) == Extend(use(-20, 40), at(60))
    assert decide_press(Side.ENTER, TEN, [use(-50, 10)], short) == Extend(use(-50, 10), at(40))
    agreed = use(-80, 30)
    assert decide_press(Side.ENTER, TEN, [agreed], short) == Unchanged(agreed), "what is longer is not shortened"


def test_walk_ins_and_extensions_end_at_closing_and_a_coming_closure():
    night = [Closed(at(25), at(600))]
    assert decide_press(Side.ENTER, TEN, [], POLICY, closed=night) == WalkIn(TEN, at(25))
    assert decide_press(Side.ENTER, TEN, [use(-20, 10)], POLICY, closed=night) == Extend(use(-20, 10), at(25))


def test_a_closed_booth_refuses_to_be_entered_until_it_opens_and_lets_everybody_leave():
    night, inside = [Closed(at(-5), at(600))], use(-20, 10)
    assert decide_press(Side.ENTER, TEN, [], POLICY, closed=night) == Refused(at(600))
    assert decide_press(Side.LEAVE, TEN, [inside], POLICY, closed=night) == End(inside, TEN)
    assert decide_press(Side.ENTER, TEN, [inside], POLICY, closed=night) == Refused(at(600))
    assert decide_press(Side.ENTER, at(600), [], POLICY, closed=night) == WalkIn(at(600), at(660))


def test_who_has_the_first_booking_of_the_day_may_check_in_a_little_before_it_opens():
    first = Hold(at(600), at(630))
    assert decide_press(Side.ENTER, at(597), [first], POLICY, closed=[Closed(TEN, at(600))]) == CheckIn(first, at(597))
    assert decide_press(Side.ENTER, at(597), [first], POLICY, closed=[Closed(TEN, at(610))]) == Refused(at(610))


@pytest.mark.parametrize("rule", SecondPress)
def test_a_press_within_seconds_of_a_check_in_is_that_check_in_however_it_became_known(rule: SecondPress):
    policy, inside = replace(POLICY, second_press=rule), use(-30, 30, came=-0.1)
    assert decide_press(Side.ENTER, TEN, [inside], policy) == CheckIn(inside, TEN)
    assert after(CheckIn(inside, TEN), [inside]) == (inside,)
    assert decide_press(Side.LEAVE, TEN, [inside], policy) == End(inside, TEN)
    long_since = use(-30, 30, came=-0.2)
    assert not isinstance(decide_press(Side.ENTER, TEN, [long_since], policy), CheckIn)


def test_who_presses_twice_in_impatience_has_walked_in_once():
    ending = replace(POLICY, second_press=SecondPress.END)
    [walked_in] = after(decide_press(Side.ENTER, TEN, [], ending), [])
    assert decide_press(Side.ENTER, at(0.1), [walked_in], ending) == CheckIn(walked_in, at(0.1))
    assert decide_press(Side.ENTER, at(1), [walked_in], ending) == End(walked_in, at(1))


def test_a_further_press_that_changes_nothing_is_no_extension():
    nothing = replace(POLICY, second_press=SecondPress.NOTHING)
    assert decide_press(Side.ENTER, TEN, [use(-40, 20)], nothing) == Unchanged(use(-40, 20))
    assert after(Unchanged(use(-40, 20)), [use(-40, 20)]) == (use(-40, 20),)
