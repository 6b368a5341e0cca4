"""How long each space was occupied and vacant, from the words of its sensors.

The rule: the time between two consecutive readings of a sensor is what the first one said, if the gap is within the
sensor's reach (``silence``); a longer gap is unknown as a whole, and nothing is known after the last reading. Of
several readings at one instant the one with the highest sequence number counts. Time belongs to the space the sensor
was in. A space with several sensors is occupied while any says so and vacant while some speak and none says so. A stay
goes on over a gap of up to ``STAY_GAP_MS``, and counts where it begins.

Responsible for the arithmetic. Refuses to fetch: readings come in, seconds go out.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from shigotoba_backend.rollups.intervals import END, QUARTER_MS, START, common, cut, merged, united

STAY_GAP_MS: Final = 5 * 60 * 1000
"""Somebody who is back within this was not gone."""


def use_by_quarter(
    readings: pl.DataFrame, presses: pl.DataFrame, sensors: pl.DataFrame, opening: pl.DataFrame
) -> pl.DataFrame:
    """Use of spaces by quarter of an hour; one in which nothing is known and nobody pressed has no row.

    Args:
        readings: ``point_id, at_ms, seq, value`` of occupancy points, in any order; 0 is vacant.
        presses: ``point_id, at_ms, label`` of button points.
        sensors: ``point_id, reach_ms, space_id, since_ms, until_ms``: which point served which space when.
        opening: ``space_id, start_ms, end_ms``: when the spaces are open, not overlapping.

    Returns:
        ``space_id, bucket_ms, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions``.
    """
    spans = spans_of_spaces(spans_of_sensors(readings, sensors), sensors)
    known, occupied = united(spans, "space_id"), united(spans.filter("occupied"), "space_id")
    counted = [
        _time_by_quarter(known, "known_ms"),
        _time_by_quarter(occupied, "occupied_ms"),
        _time_by_quarter(common(known, opening, "space_id"), "open_known_ms"),
        _time_by_quarter(common(occupied, opening, "space_id"), "open_occupied_ms"),
        _presses_by_quarter(presses, sensors),
        _stays_by_quarter(occupied),
    ]
    keys = ["space_id", "bucket_ms"]
    told = counted[0]
    for column in counted[1:]:
        told = told.join(column, on=keys, how="full", coalesce=True)
    return told.fill_null(0).select(*keys, *_SECONDS, "presses", "sessions").sort(keys)


_SECONDS: Final = [
    (pl.col("occupied_ms") / 1000).alias("occupied_s"),
    ((pl.col("known_ms") - pl.col("occupied_ms")) / 1000).alias("vacant_s"),
    (pl.col("open_occupied_ms") / 1000).alias("open_occupied_s"),
    ((pl.col("open_known_ms") - pl.col("open_occupied_ms")) / 1000).alias("open_vacant_s"),
]


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
    pieces = cut(spans, QUARTER_MS)
    return pieces.group_by("space_id", "bucket_ms").agg((END - START).sum().alias(name))


def _presses_by_quarter(presses: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    at = pl.col("at_ms")
    placed = presses.unique().join(sensors, on="point_id").filter(pl.col("since_ms") <= at, at < pl.col("until_ms"))
    bucketed = placed.with_columns(bucket_ms=at // QUARTER_MS * QUARTER_MS)
    return bucketed.group_by("space_id", "bucket_ms").agg(presses=pl.len().cast(pl.Int64))


def _stays_by_quarter(occupied: pl.DataFrame) -> pl.DataFrame:
    begun = merged(occupied, "space_id", STAY_GAP_MS).with_columns(bucket_ms=START // QUARTER_MS * QUARTER_MS)
    return begun.group_by("space_id", "bucket_ms").agg(sessions=pl.len().cast(pl.Int64))
