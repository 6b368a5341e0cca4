"""Which points feed the rollups, and where their devices were when.

Responsible for that one table. Refuses to look at readings. An assignment or keep-alive that is changed for the past
changes rollups that no new reading touches: rebuild them then.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.counters import COUNTERS
from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.rollups.silence import KEEP_ALIVES_KNOWN
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("work.sql", package="shigotoba_backend.rollups")
_COLUMNS: Final = {
    "point_id": pl.Int32,
    "name": pl.String,
    "device_id": pl.Int32,
    "space_id": pl.Int32,
    "reach_ms": pl.Int64,
    "since_ms": pl.Int64,
    "until_ms": pl.Int64,
}


def sensors_of(conn: psycopg.Connection) -> pl.DataFrame:
    """``point_id, name, device_id, space_id, reach_ms, since_ms, until_ms``, a row for each stay of each point.

    ``reach_ms`` is how long a reading of the point says something; 0 for all but occupancy. A point that was never
    anywhere has one row without space.
    """
    names = ["occupancy", "button", *COUNTERS]
    return frame_of(conn, _QUERIES["sensors"], {"keep_alives": KEEP_ALIVES_KNOWN, "names": names}, _COLUMNS)
