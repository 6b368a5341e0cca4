"""How long a booth may be had."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_booth.lengths import Limits, Objection, longest_end, objection

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
LIMITS = Limits()
MINUTES = st.integers(-600, 600)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (0, 15, None),
        (0, 240, None),
        (-10, 15, None),
        (30, 30, Objection.BAD_RANGE),
        (30, 0, Objection.BAD_RANGE),
        (-60, 0, Objection.PAST),
        (0, 14, Objection.TOO_SHORT),
        (-60, 14, Objection.TOO_SHORT),
        (0, 241, Objection.TOO_LONG),
        (0.5, 241, None),
        (28 * 24 * 60, 28 * 24 * 60 + 15, None),
        (28 * 24 * 60 + 1, 28 * 24 * 60 + 16, Objection.TOO_FAR_AHEAD),
    ],
)
def test_limits_are_allowed_and_a_minute_beyond_is_not(start: float, end: float, why: Objection | None):
    assert objection(at(start), at(end), TEN, LIMITS) == why


@given(MINUTES, MINUTES)
def test_what_is_allowed_lies_ahead_and_within_the_limits(start, end):
    if objection(at(start), at(end), TEN, LIMITS) is None:
        assert at(end) - max(at(start), TEN) >= LIMITS.shortest
        assert at(end) - at(start) <= LIMITS.longest


@given(st.integers(1, 300), st.none() | MINUTES)
def test_an_extension_takes_nothing_away_and_stops_at_the_next_booking_and_at_the_longest(length, free_for):
    free_until = None if free_for is None else at(free_for)
    reach = longest_end(TEN, at(length), free_until, LIMITS)
    assert reach >= at(length)
    if reach > at(length):
        assert reach <= TEN + LIMITS.longest
        assert free_until is None or reach <= free_until
