"""``booth_session``: from when to when somebody was in a booth, room or studio, as its sensors saw it.

A late reading can move an end of the session it lies in, split it, or join it with a neighbour. What lies within reach
and gap of a touched stretch is computed again, with every session that it cuts as a whole; sessions farther away stay.

Responsible for presence. What buttons and bookings say of the same booth is beside it (``booth_uses``, bookings).
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import frame_of, rows_argument
from shigotoba_backend.rollups.intervals import DAY_MS, END, START, cut, merged, united
from shigotoba_backend.rollups.occupancy import STAY_GAP_MS, spans_of_sensors, spans_of_spaces
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.rollups.plan import use_windows
from shigotoba_backend.rollups.readings import readings_in
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("sessions.sql", package="shigotoba_backend.rollups")
PORTION_MS: Final = 10 * DAY_MS
PORTION_SPACES: Final = 10
"""So much of so many spaces is computed at a time. A session over the edge of two is whole after the second."""

_RANGES: Final = {"space_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}


def recompute_sessions(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    """Makes the sessions right that lie in ``ranges`` or reach into them.

    Args:
        conn: In a transaction or not; each portion is one, nested or not.
        ranges: ``space_id, start_ms, end_ms``, not overlapping; of every kind of space.
        sensors: As ``sensors.sensors_of`` gives them.
    """
    counted = frame_of(conn, _QUERIES["counted"], {"ranges": rows_argument(ranges)}, {"space_id": pl.Int32})
    portions = cut(ranges.join(counted, on="space_id", how="semi"), PORTION_MS).drop("bucket_ms")
    for portion in portions.sort("start_ms", "space_id").iter_slices(PORTION_SPACES):
        with conn.transaction():
            take_pen(conn)
            _recompute(conn, portion, sensors)


def extents(conn: psycopg.Connection) -> pl.DataFrame:
    """The stretch of each space that has sessions: ``space_id, start_ms, end_ms``."""
    return frame_of(conn, _QUERIES["extents"], {}, _RANGES)


def _recompute(conn: psycopg.Connection, ranges: pl.DataFrame, sensors: pl.DataFrame) -> None:
    whole = united(_with_sessions(conn, _padded(ranges)), "space_id")
    readings = readings_in(conn, use_windows(_padded(whole), sensors.filter(pl.col("name") == "occupancy")))
    spans = spans_of_spaces(spans_of_sensors(readings, sensors), sensors).filter("occupied")
    found = _overlapping(merged(spans, "space_id", STAY_GAP_MS), whole)
    rows = {"stretches": rows_argument(whole), "computed": rows_argument(found)}
    conn.execute(_QUERIES["forget"], rows)
    conn.execute(_QUERIES["put"], rows)


def _padded(ranges: pl.DataFrame) -> pl.DataFrame:
    return ranges.with_columns(start_ms=START - STAY_GAP_MS - 1, end_ms=END + STAY_GAP_MS + 1)


def _with_sessions(conn: psycopg.Connection, ranges: pl.DataFrame) -> pl.DataFrame:
    reached = frame_of(conn, _QUERIES["overlapping"], {"stretches": rows_argument(ranges)}, _RANGES)
    return pl.concat([ranges, reached])


def _overlapping(sessions: pl.DataFrame, ranges: pl.DataFrame) -> pl.DataFrame:
    both = sessions.join(ranges.select("space_id", from_ms="start_ms", to_ms="end_ms"), on="space_id")
    hit = both.filter(START.lt(pl.col("to_ms")), END.gt(pl.col("from_ms")))
    return hit.select("space_id", "start_ms", "end_ms").unique()
