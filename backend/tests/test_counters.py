"""Rises of printer counters: resets, wraps, gaps, repeats, and the order of arrival."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.rollups.counters import COUNTERS, HOLD_KEY, counted, differences, printing_by_hour
from shigotoba_backend.rollups.intervals import HOUR_MS

MFP = 1
SCHEMA = {"device_id": pl.Int32, "name": pl.String, "at_ms": pl.Int64, "seq": pl.Int64, "value": pl.Float64}


def frame(readings) -> pl.DataFrame:
    return pl.DataFrame(readings, schema=SCHEMA, orient="row")


def total(*values_at_hours) -> pl.DataFrame:
    """Readings of the total counter as (hours since 1970, value)."""
    return frame(
        [
            (MFP, "impressions_total", int(hours * HOUR_MS), seq, value)
            for seq, (hours, value) in enumerate(values_at_hours)
        ]
    )


NOTHING_RELEASED = counted(
    frame([]), pl.DataFrame(schema={"device_id": pl.Int32, "per_min": pl.Float64}),
    pl.DataFrame(schema={"device_id": pl.Int32, "name": pl.String} | dict.fromkeys(HOLD_KEY[2:], pl.Int64)),
).select(HOLD_KEY)  # fmt: skip


def by_hour(readings: pl.DataFrame, per_min: float | None = None, released=NOTHING_RELEASED) -> pl.DataFrame:
    speeds = pl.DataFrame({"device_id": [MFP], "per_min": [per_min]}, {"device_id": pl.Int32, "per_min": pl.Float64})
    return printing_by_hour(counted(readings, speeds, released))


def hours_of(readings: pl.DataFrame, per_min: float | None = None) -> dict[float, dict[str, int | None]]:
    return {row.pop("bucket_ms") / HOUR_MS: row for row in by_hour(readings, per_min).iter_rows(named=True)}


def test_a_difference_belongs_to_the_hour_of_its_later_reading():
    hours = hours_of(total((1.9, 100), (2.0, 130), (2.5, 135), (3.0, 136)))
    assert {hour: row["impressions_total"] for hour, row in hours.items()} == {2: 35, 3: 1}


def test_a_first_reading_is_a_starting_point_and_its_hour_has_no_data():
    assert hours_of(total((1, 121_104))) == {}


def test_a_counter_that_stands_still_is_zero_and_one_that_was_not_read_is_missing():
    hours = hours_of(total((1.0, 5), (1.5, 5)))
    assert hours[1] == {"device_id": MFP, "impressions_total": 0, "resets": 0, "wraps": 0, "held": 0} | dict.fromkeys(
        set(COUNTERS) - {"impressions_total"}
    )


def test_hours_without_a_reading_have_no_row_and_the_rise_comes_with_the_next_reading():
    assert {h: row["impressions_total"] for h, row in hours_of(total((1, 10), (9, 80))).items()} == {9: 70}


def test_a_new_engine_board_is_one_reset_and_counts_from_zero():
    readings = frame(
        [
            (MFP, name, int(hour * HOUR_MS), seq, value)
            for name in ("impressions_total", "impressions_copy")
            for seq, (hour, value) in enumerate([(1.0, 121_104), (2.0, 30), (2.5, 42)])
        ]
    )
    row = hours_of(readings)[2]
    assert (row["impressions_total"], row["impressions_copy"], row["resets"], row["wraps"]) == (42, 42, 1, 0)


@pytest.mark.parametrize("limit", [2**32, 2**31])
def test_a_counter_that_falls_from_just_below_its_limit_has_wrapped(limit):
    row = hours_of(total((1, limit - 10), (2, 15)))[2]
    assert (row["impressions_total"], row["resets"], row["wraps"]) == (25, 0, 1)


@pytest.mark.parametrize(("old", "wrapped"), [
    (2**32 - 100_000, True), (2**32 - 100_001, False), (2**32, False), (2**31 - 1, True), (2**31, False),
])  # fmt: skip
def test_only_the_last_hundred_thousand_below_a_limit_can_wrap(old, wrapped):
    row = hours_of(total((1, old), (2, 3)))[2]
    assert (row["wraps"], row["resets"]) == ((1, 0) if wrapped else (0, 1))


def test_an_old_counter_above_the_signed_limit_is_not_taken_for_a_wrap():
    assert hours_of(total((1, 3_000_000_000), (2, 4)))[2]["impressions_total"] == 4


def test_of_readings_at_one_instant_the_highest_sequence_number_counts():
    readings = frame(
        [
            (MFP, "fax_sent", HOUR_MS, 2, 90.0),
            (MFP, "fax_sent", HOUR_MS, 1, 100.0),
            (MFP, "fax_sent", 2 * HOUR_MS, 3, 95.0),
        ]
    )
    row = hours_of(readings)[2]
    assert (row["fax_sent"], row["resets"]) == (5, 0)


STEPS = st.lists(st.tuples(st.integers(1, 5 * HOUR_MS), st.integers(0, 200)), min_size=1, max_size=30)


@given(STEPS, st.integers(0, 10**6), st.randoms())
def test_what_was_printed_is_what_the_counter_rose_by_whatever_the_order_and_repeats(steps, start, random):
    at_ms, value, readings = 0, start, [(MFP, "scan_sent", 0, 0, float(start))]
    for seq, (wait_ms, pages) in enumerate(steps, 1):
        at_ms, value = at_ms + wait_ms, value + pages
        readings.append((MFP, "scan_sent", at_ms, seq, float(value)))
    arrived = readings + random.choices(readings, k=5)
    random.shuffle(arrived)
    hours = by_hour(frame(arrived))
    assert hours["scan_sent"].sum() == value - start
    assert hours["resets"].sum() == hours["wraps"].sum() == 0
    assert hours.equals(by_hour(frame(readings)))


@given(st.integers(2**32 - 100_000, 2**32 - 1), st.integers(0, 10**5))
def test_a_wrapped_counter_loses_no_page(start, pages):
    steps = differences(total((1, start), (2, (start + pages) % 2**32)))
    assert steps["delta"].to_list() == [pages]
