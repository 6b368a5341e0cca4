"""When spaces were open: opening hours less holidays and closures, as intervals for the rollups to cut with.

Responsible for asking the database's own rule (``open_spans_v1``) for many spaces at once, and for which spaces a
change of the calendar touches. Refuses to compute opening hours a second time.
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import frame_of, rows_argument
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("opening.sql", package="shigotoba_backend.rollups")
_SPANS: Final = {"space_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64}


def open_spans(conn: psycopg.Connection, ranges: pl.DataFrame) -> pl.DataFrame:
    """When the spaces of ``ranges`` are open on the days these touch, and perhaps on days between.

    Args:
        conn: In a transaction or not.
        ranges: ``space_id, start_ms, end_ms``.

    Returns:
        ``space_id, start_ms, end_ms``, not overlapping.
    """
    return frame_of(conn, _QUERIES["open_spans"], {"ranges": rows_argument(ranges)}, _SPANS)


def touched_days(conn: psycopg.Connection, touched_id: int) -> pl.DataFrame:
    """What of the rollups a change of the calendar touches: ``space_id, start_ms, end_ms``."""
    return frame_of(conn, _QUERIES["touched_days"], {"touched_id": touched_id}, _SPANS)


def next_touched(conn: psycopg.Connection) -> int | None:
    """The oldest change of the calendar that has not been worked off."""
    row = conn.execute(_QUERIES["next_touched"]).fetchone()
    return None if row is None else int(row[0])


def forget_touched(conn: psycopg.Connection, touched_id: int) -> None:
    """The change has been worked off."""
    conn.execute(_QUERIES["forget_touched"], {"touched_id": touched_id})
