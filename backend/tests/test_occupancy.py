"""Occupied and vacant seconds: the rule case by case, and against a count of single milliseconds."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.rollups.intervals import QUARTER_MS, cut, united
from shigotoba_backend.rollups.occupancy import use_by_quarter

REACH_MS = 150_000
MINUTE_MS = 60_000
SEAT, OTHER_SEAT = 1, 2
SENSOR, SECOND_SENSOR, BUTTON = 11, 12, 13
NEVER, EVER = 0, 10**15

STAYS = [
    (SENSOR, REACH_MS, SEAT, NEVER, EVER),
    (SECOND_SENSOR, REACH_MS, SEAT, NEVER, EVER),
    (BUTTON, 0, SEAT, NEVER, EVER),
]


class Use(NamedTuple):
    space_id: int
    bucket_ms: int
    occupied_s: float
    vacant_s: float
    presses: int


NEVER_OPEN = pl.DataFrame(schema={"space_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64})


def told(readings, presses=(), stays=STAYS, opening=NEVER_OPEN) -> pl.DataFrame:
    """``readings`` as (point, at, seq, value), ``presses`` as (point, at, label)."""
    return use_by_quarter(
        pl.DataFrame(readings, schema=["point_id", "at_ms", "seq", "value"], orient="row").cast(
            {"point_id": pl.Int32, "at_ms": pl.Int64, "seq": pl.Int64, "value": pl.Float64}
        ),
        pl.DataFrame(list(presses), schema={"point_id": pl.Int32, "at_ms": pl.Int64, "label": pl.String}, orient="row"),
        pl.DataFrame(
            stays,
            schema={
                "point_id": pl.Int32,
                "reach_ms": pl.Int64,
                "space_id": pl.Int32,
                "since_ms": pl.Int64,
                "until_ms": pl.Int64,
            },
            orient="row",
        ),
        opening,
    )


def use(readings, presses=(), stays=STAYS) -> list[Use]:
    return [Use(*row) for row in told(readings, presses, stays).select(Use._fields).iter_rows()]


def heartbeats(point, value, *minutes):
    return [(point, minute * MINUTE_MS, number, value) for number, minute in enumerate(minutes, 1)]


def test_time_between_two_readings_is_what_the_first_one_said():
    readings = [(SENSOR, 0, 1, 1), (SENSOR, 60_000, 2, 0), (SENSOR, 100_000, 3, 0)]
    assert use(readings) == [Use(SEAT, 0, 60.0, 40.0, 0)]


def test_a_gap_within_the_reach_is_known_and_a_longer_one_is_not():
    assert use([(SENSOR, 0, 1, 1), (SENSOR, REACH_MS, 2, 1)]) == [Use(SEAT, 0, 150.0, 0.0, 0)]
    assert use([(SENSOR, 0, 1, 1), (SENSOR, REACH_MS + 1, 2, 1)]) == []


def test_nothing_is_known_after_the_last_reading():
    assert use([(SENSOR, 0, 1, 1)]) == []


def test_a_span_over_the_edge_of_a_bucket_is_shared_between_both():
    readings = [(SENSOR, QUARTER_MS - 10_000, 1, 1), (SENSOR, QUARTER_MS + 50_000, 2, 0)]
    assert use(readings) == [Use(SEAT, 0, 10.0, 0.0, 0), Use(SEAT, QUARTER_MS, 50.0, 0.0, 0)]


def test_a_span_longer_than_buckets_fills_those_in_between():
    stays = [(SENSOR, 5 * 3_600_000, SEAT, NEVER, EVER)]
    readings = [(SENSOR, 0, 1, 1), (SENSOR, 3 * QUARTER_MS, 2, 0)]
    assert use(readings, stays=stays) == [Use(SEAT, n * QUARTER_MS, 900.0, 0.0, 0) for n in range(3)]


def test_vacant_is_zero_occupied_seconds_and_not_nothing():
    assert use(heartbeats(SENSOR, 0, 0, 1, 2)) == [Use(SEAT, 0, 0.0, 120.0, 0)]


def test_of_readings_at_one_instant_the_highest_sequence_number_counts():
    readings = [(SENSOR, 0, 7, 1), (SENSOR, 0, 8, 0), (SENSOR, 60_000, 9, 0)]
    assert use(readings) == [Use(SEAT, 0, 0.0, 60.0, 0)]


def test_a_space_with_two_sensors_is_occupied_while_either_says_so():
    readings = heartbeats(SENSOR, 1, 0, 1) + heartbeats(SECOND_SENSOR, 0, 0, 1, 2)
    assert use(readings) == [Use(SEAT, 0, 60.0, 60.0, 0)]


def test_time_belongs_to_the_space_the_sensor_was_in():
    moved_ms = 90_000
    stays = [(SENSOR, REACH_MS, SEAT, NEVER, moved_ms), (SENSOR, REACH_MS, OTHER_SEAT, moved_ms, EVER)]
    assert use(heartbeats(SENSOR, 1, 0, 1, 2), stays=stays) == [
        Use(SEAT, 0, 90.0, 0.0, 0), Use(OTHER_SEAT, 0, 30.0, 0.0, 0),
    ]  # fmt: skip


def test_presses_are_counted_once_however_often_they_are_delivered():
    presses = [(BUTTON, 5, "AI"), (BUTTON, 5, "AI"), (BUTTON, 6, "AO"), (BUTTON, QUARTER_MS, "BI")]
    assert use([], presses) == [Use(SEAT, 0, 0.0, 0.0, 2), Use(SEAT, QUARTER_MS, 0.0, 0.0, 1)]


@pytest.mark.parametrize("readings", [[], [(99, 0, 1, 1), (99, 1, 2, 1)]])
def test_no_readings_or_those_of_no_known_sensor_give_no_rows(readings):
    assert use(readings) == []


STEP_MS = 30_000
TIMES = st.integers(0, 80).map(lambda step: step * STEP_MS)
SENSORS = st.sampled_from([SENSOR, SECOND_SENSOR])
READINGS = st.lists(st.tuples(SENSORS, TIMES, st.integers(1, 9), st.booleans()), max_size=40)


def states_by_step(readings) -> dict[int, bool]:
    """The seat at each step of time, worked out one step after the other: True occupied, False vacant."""
    states: dict[int, bool] = {}
    for sensor in (SENSOR, SECOND_SENSOR):
        heard = {at: value for _, at, _, value in sorted(r for r in readings if r[0] == sensor)}
        times = sorted(heard)
        for at, following in pairwise(times):
            if following - at <= REACH_MS:
                for step in range(at, following, STEP_MS):
                    states[step] = states.get(step, False) or heard[at]
    return states


@given(READINGS)
def test_the_sums_are_those_of_looking_at_every_moment(readings):
    counted = Counter((at // QUARTER_MS * QUARTER_MS, state) for at, state in states_by_step(readings).items())
    expected = [
        Use(SEAT, bucket, counted[bucket, True] * 30.0, counted[bucket, False] * 30.0, 0)
        for bucket in sorted({bucket for bucket, _ in counted})
    ]
    assert use(readings) == expected


@given(READINGS, st.randoms())
def test_order_and_repeats_change_nothing(readings, random):
    shuffled = readings + random.choices(readings, k=3) if readings else []
    random.shuffle(shuffled)
    assert use(shuffled) == use(readings)


INTERVALS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 50), st.integers(1, 20)).map(lambda t: (t[0], t[1], t[1] + t[2])),
    max_size=20,
)


@given(INTERVALS)
def test_united_intervals_cover_the_same_moments_and_do_not_touch(intervals):
    schema = {"key": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}
    union = list(united(pl.DataFrame(intervals, schema=schema, orient="row"), "key").iter_rows())
    moments = {(key, at) for key, start, end in intervals for at in range(start, end)}
    assert {(key, at) for key, start, end in union for at in range(start, end)} == moments
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(union))


@given(INTERVALS, st.integers(1, 30))
def test_cut_intervals_keep_every_moment_and_stay_in_their_buckets(intervals, width):
    schema = {"key": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}
    pieces = list(cut(pl.DataFrame(intervals, schema=schema, orient="row"), width).iter_rows())
    assert all(bucket <= start < end <= bucket + width and bucket % width == 0 for _, start, end, bucket in pieces)
    assert sum(end - start for _, start, end, _ in pieces) == sum(end - start for _, start, end in intervals)


def test_time_inside_opening_hours_is_told_apart_to_the_millisecond():
    opening = pl.DataFrame([(SEAT, 5 * MINUTE_MS, 7 * MINUTE_MS), (SEAT, 8 * MINUTE_MS, 20 * MINUTE_MS)],
                           schema=NEVER_OPEN.schema, orient="row")  # fmt: skip
    readings = heartbeats(SENSOR, 1, *range(7)) + heartbeats(SENSOR, 0, *range(7, 18))
    rows = told(readings, opening=opening).select("bucket_ms", "open_occupied_s", "open_vacant_s").rows()
    assert rows == [(0, 120.0, 420.0), (QUARTER_MS, 0.0, 120.0)]


@pytest.mark.parametrize(("away_min", "stays"), [(5, 1), (6, 2)])
def test_a_short_absence_does_not_make_a_second_stay(away_min, stays):
    back = 3 + away_min
    there = heartbeats(SENSOR, 1, 0, 1, 2) + heartbeats(SENSOR, 0, *range(3, back))
    readings = there + heartbeats(SENSOR, 1, *range(back, back + 3))
    assert told(readings)["sessions"].sum() == stays


def test_a_stay_over_many_quarters_counts_where_it_begins():
    readings = heartbeats(SENSOR, 1, *range(10, 50))
    assert told(readings).select("bucket_ms", "sessions").rows() == [(0, 1), (QUARTER_MS, 0), (2 * QUARTER_MS, 0),
                                                                     (3 * QUARTER_MS, 0)]  # fmt: skip
