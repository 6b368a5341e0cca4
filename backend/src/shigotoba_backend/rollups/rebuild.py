"""All rollups again from raw readings.

For when something other than readings changed: an assignment or a keep-alive for the past, or the rules themselves.
Rows that are right stay untouched. It works in portions, each a transaction of its own, beside a running worker, and
may be interrupted and begun again. What rests on raw readings that retention dropped is left alone (see ``kept``).

Responsible for naming everything there is. Refuses arithmetic.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups import booth_uses, printing, sessions, use
from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.rollups.intervals import QUARTER_MS, united, widened
from shigotoba_backend.rollups.kept import first_ms, ranges_since, windows_since
from shigotoba_backend.rollups.plan import booth_windows, printing_ranges, use_ranges
from shigotoba_backend.rollups.sensors import sensors_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("work.sql", package="shigotoba_backend.rollups")
_EXTENTS: Final = {"point_id": pl.Int32, "from_ms": pl.Int64, "to_ms": pl.Int64}


def rebuild(conn: psycopg.Connection) -> None:
    """Makes every rollup right: computes where there are readings or rows, and removes what no reading supports.

    Args:
        conn: In autocommit mode.
    """
    sensors = sensors_of(conn)
    since_ms = first_ms(conn)
    whole = frame_of(conn, _QUERIES["extents"], {}, _EXTENTS)
    following = whole.clear().select("point_id", at_ms="to_ms")
    spaces = united(pl.concat([use_ranges(whole, sensors), use.extents(conn), sessions.extents(conn)]), "space_id")
    kept = ranges_since(widened(spaces, QUARTER_MS), since_ms)
    use.recompute_use(conn, kept, sensors)
    sessions.recompute_sessions(conn, kept, sensors)
    printers = pl.concat([printing_ranges(whole, following, sensors), printing.extents(conn)])
    printing.recompute_printing(conn, ranges_since(united(printers, "device_id"), since_ms), sensors)
    booths = pl.concat([booth_windows(whole, sensors), booth_uses.extents(conn)]).group_by("space_id")
    windows = booths.agg(pl.col("from_ms").min(), pl.col("to_ms").max())
    booth_uses.recompute_booth_uses(conn, windows_since(windows, since_ms))
