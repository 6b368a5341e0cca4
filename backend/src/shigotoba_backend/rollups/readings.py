"""Raw readings of windows of points: a few as rows, many in bulk.

Responsible for the choice. Refuses to look at what was read.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import numbered_frame_of, rows_argument
from shigotoba_backend.rollups.intervals import DAY_MS, END, START
from shigotoba_backend.store.bulk import bulk_frame
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("readings.sql", package="shigotoba_backend.rollups")
_COLUMNS: Final = {"point_id": pl.Int32, "at_ms": pl.Int64, "seq": pl.Int64, "value": pl.Float64}

MANY_DAYS: Final = 100
"""So many days of a point, with a reading a minute some 144,000, are many: from there on bulk, for all that connecting
costs, takes two thirds of the processor time, and less and less."""


def readings_in(conn: psycopg.Connection, windows: pl.DataFrame) -> pl.DataFrame:
    """Readings with a number: ``point_id, at_ms, seq, value``, in no order.

    Args:
        conn: In a transaction that has written no readings, or in none.
        windows: ``point_id, start_ms, end_ms``, not overlapping.
    """
    asked = [rows_argument(windows)]
    if windows.select((END - START).sum()).item() > MANY_DAYS * DAY_MS:
        return bulk_frame(conn, _QUERIES["readings"], asked)
    return numbered_frame_of(conn, _QUERIES["readings"], asked, _COLUMNS)
