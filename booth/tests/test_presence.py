"""A sensor confirms and never cancels."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_booth.decisions import BUTTON_SIDES, ROCKER_SIDES, CheckIn, Side
from shigotoba_booth.holds import Hold, Policy, stands
from shigotoba_booth.presence import Doubt, decide_presence, doubt

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
POLICY = Policy()
PATIENCE = timedelta(minutes=15)
ANSWER_IN = timedelta(minutes=10)
MINUTES = st.integers(-300, 300)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


@pytest.mark.parametrize("seen", [-5, 0, 9.9])
def test_somebody_seen_while_a_booking_waits_is_its_check_in(seen: float):
    waiting = Hold(TEN, at(30), person="kato")
    assert decide_presence(at(seen), [waiting], POLICY) == CheckIn(waiting, at(seen))


@pytest.mark.parametrize("seen", [-5.1, 10, 40])
def test_somebody_seen_too_early_or_after_the_booking_lapsed_is_nobodys_check_in(seen: float):
    assert decide_presence(at(seen), [Hold(TEN, at(30), person="kato")], POLICY) is None


def test_somebody_still_sitting_there_does_not_check_in_to_the_next_booking():
    in_use, following = Hold(at(-30), TEN, checked_in=True), Hold(TEN, at(30), person="kato")
    assert decide_presence(at(-1), [in_use, following], POLICY) is None


@given(MINUTES, st.lists(st.tuples(MINUTES, st.integers(1, 90), st.booleans()), max_size=3))
def test_presence_only_ever_checks_in_to_a_hold_that_stands_and_waits(seen, parts):
    holds = [Hold(at(start), at(start + length), checked_in=came) for start, length, came in parts]
    decision = decide_presence(at(seen), holds, POLICY)
    if decision is not None:
        assert decision.hold in holds
        assert not decision.hold.checked_in
        assert stands(decision.hold, at(seen), POLICY)


def test_a_person_nobody_sees_is_asked_then_staff_are_told_and_nothing_else():
    assert doubt(TEN, at(-14), None, PATIENCE, ANSWER_IN) is Doubt.NONE
    assert doubt(TEN, at(-15), None, PATIENCE, ANSWER_IN) is Doubt.ASK
    assert doubt(TEN, at(-20), at(-5), PATIENCE, ANSWER_IN) is Doubt.NONE
    assert doubt(TEN, at(-30), at(-10), PATIENCE, ANSWER_IN) is Doubt.TELL_STAFF


def test_a_dead_sensor_raises_no_doubt():
    assert doubt(TEN, None, None, PATIENCE, ANSWER_IN) is Doubt.NONE
    assert doubt(TEN, None, at(-60), PATIENCE, ANSWER_IN) is Doubt.NONE


def test_every_button_can_enter_and_leave():
    assert set(BUTTON_SIDES.values()) == set(Side)
    assert BUTTON_SIDES.items() >= ROCKER_SIDES.items()
    assert [BUTTON_SIDES.get(label) for label in ("press", "double", "long", "hold_release")] == [
        Side.ENTER, Side.LEAVE, Side.LEAVE, None,
    ]  # fmt: skip
