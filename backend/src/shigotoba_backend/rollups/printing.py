"""``printing_hour``: stretches of printers computed again from raw readings.

Responsible for fetching what the arithmetic needs (``counters``) and for making the table say the result: rows that
are right stay untouched, changed ones count up their revision, ones that are no more go.
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here: NumPy is not installed.

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.counters import COUNTERS, NOT_A_COUNTER_FROM, printing_by_hour
from shigotoba_backend.rollups.frames import arrays_of, frame_of
from shigotoba_backend.rollups.intervals import DAY_MS, HOUR_MS, cut
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.rollups.plan import COUNTER, printing_windows
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("printing.sql", package="shigotoba_backend.rollups")

DEVICE_DAYS: Final = 10
"""So many days of one printer are computed at a time: memory stays bounded however much was touched."""

_READINGS: Final = {
    "device_id": pl.Int32,
    "name": pl.String,
    "at_ms": pl.Int64,
    "seq": pl.Int64,
    "value": pl.Float64,
}
_FOLLOWING: Final = {"point_id": pl.Int32, "at_ms": pl.Int64}
_RANGES: Final = {"device_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}
_LIMITS: Final = {"not_a_counter_from": NOT_A_COUNTER_FROM}


def recompute_printing(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    """Makes the rows of ``ranges`` right.

    Args:
        conn: In a transaction or not; each portion is one, nested or not.
        ranges: ``device_id, start_ms, end_ms``: whole hours, not overlapping.
        sensors: As ``sensors.sensors_of`` gives them.
    """
    for portion in cut(ranges, DAY_MS).sort("start_ms", "device_id").iter_slices(DEVICE_DAYS):
        with conn.transaction():
            take_pen(conn)
            _recompute(conn, portion, sensors)


def following(conn: psycopg.Connection, touched: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """The next reading after each touched stretch of a counter: ``point_id, at_ms``."""
    counters = touched.join(sensors.filter(COUNTER), on="point_id", how="semi")
    return frame_of(
        conn, _QUERIES["following"], arrays_of(counters, point_ids="point_id", to_ms="to_ms") | _LIMITS, _FOLLOWING
    )


def extents(conn: psycopg.Connection) -> pl.DataFrame:
    """The stretch of each printer that has rows: ``device_id, start_ms, end_ms``."""
    return frame_of(conn, _QUERIES["extents"], {}, _RANGES)


def _recompute(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    windows = printing_windows(ranges, sensors)
    asked = arrays_of(windows, point_ids="point_id", starts_ms="start_ms", ends_ms="end_ms")
    readings = frame_of(conn, _QUERIES["readings"], asked | _LIMITS, _READINGS)
    hours = printing_by_hour(readings).join(cut(ranges, HOUR_MS), on=["device_id", "bucket_ms"], how="semi")
    stretches = arrays_of(ranges, range_device_ids="device_id", starts_ms="start_ms", ends_ms="end_ms")
    sums = {name: name for name in (*COUNTERS, "resets", "wraps")}
    rows = arrays_of(hours, device_ids="device_id", buckets_ms="bucket_ms", **sums)
    conn.execute(_QUERIES["forget"], stretches | rows)
    conn.execute(_QUERIES["put"], rows)
