"""Rises that may not be true: too fast for the engine, or over a time nobody saw. They wait for a person."""

from __future__ import annotations

import polars as pl
import pytest

from shigotoba_backend.rollups.counters import counted, printing_by_hour
from shigotoba_backend.rollups.plausible import judged

HOUR = 3_600_000
READINGS = {"device_id": pl.Int32, "name": pl.String, "at_ms": pl.Int64, "seq": pl.Int64, "value": pl.Float64}
RELEASED = {"device_id": pl.Int32, "name": pl.String, "from_ms": pl.Int64, "at_ms": pl.Int64, "old": pl.Int64,
            "value": pl.Int64}  # fmt: skip


def cause_of(rise: int, hours: float, per_min: float | None = None, name: str = "impressions_total") -> str | None:
    step = {"name": name, "delta": rise, "from_ms": 0, "at_ms": int(hours * HOUR), "per_min": per_min}
    return judged(pl.DataFrame([step], {**dict.fromkeys(step, pl.Int64), "name": pl.String, "per_min": pl.Float64}))[
        "cause"
    ].item()


def told(*readings: tuple[float, float], released=()) -> dict[int, tuple[int | None, int, int]]:
    """Total, resets and held rises by hour, of readings as (hour, value)."""
    rows = [(1, "impressions_total", int(hour * HOUR), seq, value) for seq, (hour, value) in enumerate(readings)]
    speeds = pl.DataFrame({"device_id": [1], "per_min": [40.0]}, {"device_id": pl.Int32, "per_min": pl.Float64})
    let_through = pl.DataFrame([(1, "impressions_total", *each) for each in released], RELEASED, orient="row")
    steps = counted(pl.DataFrame(rows, READINGS, orient="row"), speeds, let_through)
    return {
        row["bucket_ms"] // HOUR: (row["impressions_total"], row["resets"], row["held"])
        for row in printing_by_hour(steps).iter_rows(named=True)
    }


@pytest.mark.parametrize(("rise", "cause"), [(2_640, None), (2_641, "too_fast")])
def test_an_engine_marks_no_more_than_its_speed_allows(rise, cause):
    assert cause_of(rise, hours=1, per_min=40.0) == cause


def test_an_engine_of_unknown_speed_is_taken_for_a_fast_one():
    assert cause_of(6_600, hours=1) is None
    assert cause_of(6_601, hours=1) == "too_fast"


def test_fax_and_scan_have_speeds_of_their_own():
    assert cause_of(4_000, hours=1, name="fax_sent") == "too_fast"
    assert cause_of(4_000, hours=1, name="scan_sent") is None


def test_two_readings_of_one_moment_may_be_a_minute_of_work_apart():
    assert cause_of(44, hours=0.001, per_min=40.0) is None
    assert cause_of(45, hours=0.001, per_min=40.0) == "too_fast"


def test_a_rise_that_nobody_saw_for_longer_than_a_day_waits_though_the_engine_could_have_made_it():
    assert cause_of(5_000, hours=24, per_min=40.0) is None
    assert cause_of(5_000, hours=25, per_min=40.0) == "long_gap"


def test_a_printer_that_was_off_over_the_holidays_may_have_printed_before_and_after():
    assert cause_of(88, hours=24 * 9, per_min=40.0) is None


def test_a_spike_is_held_on_its_way_up_and_down_and_what_follows_counts():
    hours = told((1, 121_000), (1.5, 9_000_000), (2, 121_010), (2.5, 121_025))
    assert hours == {1: (None, 0, 1), 2: (15, 1, 1)}


def test_a_released_rise_counts_in_the_hour_of_its_later_reading():
    readings = ((40, 500), (41, 9_000))
    assert told(*readings) == {41: (None, 0, 1)}
    assert told(*readings, released=[(40 * HOUR, 41 * HOUR, 500, 9_000)]) == {41: (8_500, 0, 0)}


def test_a_release_is_of_one_rise_and_not_of_another_between_the_same_moments():
    assert told((40, 500), (41, 9_001), released=[(40 * HOUR, 41 * HOUR, 500, 9_000)]) == {41: (None, 0, 1)}


def test_readings_that_come_late_turn_a_long_gap_into_ordinary_hours():
    ends = ((1, 1_000), (49, 5_000))
    assert told(*ends) == {49: (None, 0, 1)}
    assert told(ends[0], (20, 3_000), (40, 4_900), ends[1]) == {20: (2_000, 0, 0), 40: (1_900, 0, 0), 49: (100, 0, 0)}
