"""From when on rollups may be computed again: what rests on raw readings that retention dropped is left as it is.

Without them a bucket would come out empty, and a good figure would be replaced by nothing (research/storage.md
section 7, verified). The first buckets after the cut need readings from before it, a printer that was off over a long
holiday even some days' worth; so a margin after the cut is left alone as well.

Responsible for that line. Refuses to drop readings (see ``upkeep.retention``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("kept.sql", package="shigotoba_backend.rollups")

MARGIN: Final = timedelta(days=14)
"""After the first raw readings that are kept."""


def first_ms(conn: psycopg.Connection) -> int:
    """The first instant whose rollups may be computed again; 1970 where nothing was ever dropped."""
    row = conn.execute(_QUERIES["kept_from_ms"]).fetchone()
    return 0 if row is None else int(row[0]) + MARGIN // timedelta(milliseconds=1)


def ranges_since(ranges: pl.DataFrame, since_ms: int) -> pl.DataFrame:
    """What of ``start_ms`` up to ``end_ms`` is not before ``since_ms``."""
    cut = ranges.with_columns(start_ms=pl.max_horizontal("start_ms", pl.lit(since_ms)))
    return cut.filter(pl.col("start_ms") < pl.col("end_ms"))


def windows_since(windows: pl.DataFrame, since_ms: int) -> pl.DataFrame:
    """What of ``from_ms`` to ``to_ms``, both included, is not before ``since_ms``."""
    cut = windows.with_columns(from_ms=pl.max_horizontal("from_ms", pl.lit(since_ms)))
    return cut.filter(pl.col("from_ms") <= pl.col("to_ms"))
