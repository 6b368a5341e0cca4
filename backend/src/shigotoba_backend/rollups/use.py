"""``use_15min``: stretches of spaces computed again from raw readings.

Responsible for fetching what the arithmetic needs (``occupancy``) and for making the table say the result: rows that
are right stay untouched, changed ones count up their revision, ones that are no more go.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import copy_rows, frame_of, rows_argument
from shigotoba_backend.rollups.intervals import DAY_MS, QUARTER_MS, cut
from shigotoba_backend.rollups.occupancy import use_by_quarter
from shigotoba_backend.rollups.opening import open_spans
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.rollups.plan import BUTTON, OCCUPANCY, use_windows
from shigotoba_backend.rollups.readings import readings_in
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("use.sql", package="shigotoba_backend.rollups")

SPACE_DAYS: Final = 400
"""So many days of one space are computed at a time: memory stays bounded however much was touched."""

_PRESSES: Final = {"point_id": pl.Int32, "at_ms": pl.Int64, "label": pl.String}
_BUCKET: Final = pl.from_epoch("bucket_ms", "ms").dt.strftime("%Y-%m-%d %H:%M:%S+00").alias("bucket_ms")
_RANGES: Final = {"space_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}


def recompute_use(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    """Makes the rows of ``ranges`` right.

    Args:
        conn: In a transaction or not; each portion is one, nested or not.
        ranges: ``space_id, start_ms, end_ms``: whole quarters of an hour, not overlapping.
        sensors: As ``sensors.sensors_of`` gives them.
    """
    for portion in cut(ranges, DAY_MS).sort("start_ms", "space_id").iter_slices(SPACE_DAYS):
        with conn.transaction():
            take_pen(conn)
            _recompute(conn, portion, sensors)


def extents(conn: psycopg.Connection) -> pl.DataFrame:
    """The stretch of each space that has rows: ``space_id, start_ms, end_ms``."""
    return frame_of(conn, _QUERIES["extents"], {}, _RANGES)


def _recompute(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    windows = use_windows(ranges, sensors)
    seen = windows.join(sensors.filter(OCCUPANCY), on="point_id", how="semi")
    pressed = windows.join(sensors.filter(BUTTON), on="point_id", how="semi")
    readings = readings_in(conn, seen)
    presses = frame_of(conn, _QUERIES["presses"], {"windows": rows_argument(pressed)}, _PRESSES)
    asked = cut(ranges, QUARTER_MS)
    found = use_by_quarter(readings, presses, sensors, open_spans(conn, ranges))
    use = found.join(asked, on=["space_id", "bucket_ms"], how="semi")
    _write(conn, ranges, use)


def _write(conn: psycopg.Connection, ranges: pl.DataFrame, use: pl.DataFrame) -> None:
    stretches = {"stretches": rows_argument(ranges)}
    if conn.execute(_QUERIES["any_held"], stretches).fetchone() is None:
        copy_rows(conn, _QUERIES["copy"], use.with_columns(_BUCKET))
        return
    rows = stretches | {"computed": rows_argument(use)}
    conn.execute(_QUERIES["forget"], rows)
    conn.execute(_QUERIES["put"], rows)
