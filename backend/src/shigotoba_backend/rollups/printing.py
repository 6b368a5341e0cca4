"""``printing_hour``: stretches of printers computed again from raw readings.

Responsible for fetching what the arithmetic needs (``counters``) and for making the table say the result: rows that
are right stay untouched, changed ones count up their revision, ones that are no more go. Rises that are not counted are
put beside it for a person (``holds``).
"""

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups import holds
from shigotoba_backend.rollups.counters import NOT_A_COUNTER_FROM, counted, printing_by_hour
from shigotoba_backend.rollups.frames import frame_of, rows_argument
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
_LIMITS: Final[dict[str, object]] = {"not_a_counter_from": NOT_A_COUNTER_FROM}


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
    return frame_of(conn, _QUERIES["following"], {"touched": rows_argument(counters)} | _LIMITS, _FOLLOWING)


def extents(conn: psycopg.Connection) -> pl.DataFrame:
    """The stretch of each printer that has rows: ``device_id, start_ms, end_ms``."""
    return frame_of(conn, _QUERIES["extents"], {}, _RANGES)


def _recompute(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    windows = rows_argument(printing_windows(ranges, sensors))
    readings = frame_of(conn, _QUERIES["readings"], {"windows": windows} | _LIMITS, _READINGS)
    stretches = rows_argument(ranges)
    steps = counted(readings, holds.speeds(conn, stretches), holds.released(conn, stretches))
    asked = steps.with_columns(bucket_ms=pl.col("at_ms") // HOUR_MS * HOUR_MS).join(
        cut(ranges, HOUR_MS), on=["device_id", "bucket_ms"], how="semi"
    )
    rows = {"stretches": stretches, "computed": rows_argument(printing_by_hour(asked))}
    conn.execute(_QUERIES["forget"], rows)
    conn.execute(_QUERIES["put"], rows)
    holds.put(conn, stretches, asked.filter(pl.col("cause").is_not_null()))
