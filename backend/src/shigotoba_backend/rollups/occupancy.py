"""How long each space was occupied and vacant, from the words of its sensors.

The rule: the time between two consecutive readings of a sensor is what the first one said, if the gap is within the
sensor's reach (``silence``); a longer gap is unknown as a whole, and nothing is known after the last reading. Of
several readings at one instant the one with the highest sequence number counts. Time belongs to the space the sensor
was in. A space with several sensors is occupied while any says so and vacant while some speak and none says so.

Responsible for the arithmetic. Refuses to fetch: readings come in, seconds go out.
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here: NumPy is not installed.

from __future__ import annotations

import polars as pl

from shigotoba_backend.rollups.intervals import END, QUARTER_MS, START, cut, united


def use_by_quarter(readings: pl.DataFrame, presses: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """Use of spaces by quarter of an hour; one in which nothing is known and nobody pressed has no row.

    Args:
        readings: ``point_id, at_ms, seq, value`` of occupancy points, in any order; 0 is vacant.
        presses: ``point_id, at_ms, label`` of button points.
        sensors: ``point_id, reach_ms, space_id, since_ms, until_ms``: which point served which space when.

    Returns:
        ``space_id, bucket_ms, occupied_s, vacant_s, presses``.
    """
    spans = spans_of_spaces(spans_of_sensors(readings, sensors), sensors)
    keys = ["space_id", "bucket_ms"]
    known = _time_by_quarter(spans, "known_ms")
    occupied = _time_by_quarter(spans.filter("occupied"), "occupied_ms")
    timed = known.join(occupied, on=keys, how="left")
    both = timed.join(_presses_by_quarter(presses, sensors), on=keys, how="full", coalesce=True).fill_null(0)
    seconds = both.select(
        *keys,
        occupied_s=pl.col("occupied_ms") / 1000,
        vacant_s=(pl.col("known_ms") - pl.col("occupied_ms")) / 1000,
        presses="presses",
    )
    return seconds.sort(keys)


def spans_of_sensors(readings: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """What each sensor said from when to when: ``point_id, start_ms, end_ms, occupied``."""
    ordered = readings.sort("point_id", "at_ms", "seq", "value")
    spoken = ordered.unique(["point_id", "at_ms"], keep="last", maintain_order=True)
    reach = sensors.select("point_id", "reach_ms").unique()
    spans = spoken.join(reach, on="point_id", maintain_order="left").select(
        "point_id",
        "reach_ms",
        start_ms="at_ms",
        end_ms=pl.col("at_ms").shift(-1).over("point_id"),
        occupied=pl.col("value") != 0,
    )
    return spans.filter((END - START).le(pl.col("reach_ms"))).drop("reach_ms")


def spans_of_spaces(spans: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """The same spans by space, cut to when each sensor was there: ``space_id, start_ms, end_ms, occupied``."""
    stays = sensors.select("point_id", "space_id", "since_ms", "until_ms").drop_nulls("space_id")
    placed = spans.join(stays, on="point_id").select(
        "space_id",
        "occupied",
        start_ms=pl.max_horizontal(START, "since_ms"),
        end_ms=pl.min_horizontal(END, "until_ms"),
    )
    return placed.filter(START < END)


def _time_by_quarter(spans: pl.DataFrame, name: str) -> pl.DataFrame:
    pieces = cut(united(spans, "space_id"), QUARTER_MS)
    return pieces.group_by("space_id", "bucket_ms").agg((END - START).sum().alias(name))


def _presses_by_quarter(presses: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    at = pl.col("at_ms")
    placed = presses.unique().join(sensors, on="point_id").filter(pl.col("since_ms") <= at, at < pl.col("until_ms"))
    bucketed = placed.with_columns(bucket_ms=at // QUARTER_MS * QUARTER_MS)
    return bucketed.group_by("space_id", "bucket_ms").agg(presses=pl.len().cast(pl.Int64))
