"""``counter_hold``: rises of counters that wait for a person.

A rise that late readings explain (they cut it into small ones) is no longer found and its row goes; a decided one
stays, as a record. Responsible for these rows. Refuses to judge a rise (see ``plausible``) and to decide about it (see
``arranging.rises``).
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import frame_of, rows_argument
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("holds.sql", package="shigotoba_backend.rollups")
_KEY: Final = {
    "device_id": pl.Int32,
    "name": pl.String,
    "from_ms": pl.Int64,
    "at_ms": pl.Int64,
    "old": pl.Int64,
    "value": pl.Int64,
}


def speeds(conn: psycopg.Connection, stretches: str) -> pl.DataFrame:
    """``device_id, per_min`` of the devices of ``stretches``; null where nobody told."""
    columns = {"device_id": pl.Int32, "per_min": pl.Float64}
    return frame_of(conn, _QUERIES["speeds"], {"stretches": stretches}, columns)


def released(conn: psycopg.Connection, stretches: str) -> pl.DataFrame:
    """The released rises that end in ``stretches``, with the columns of ``counters.HOLD_KEY``."""
    return frame_of(conn, _QUERIES["released"], {"stretches": stretches}, _KEY)


def put(conn: psycopg.Connection, stretches: str, found: pl.DataFrame) -> None:
    """Makes the waiting rises of ``stretches`` those of ``found``: the steps of ``counters.counted`` with a cause."""
    rows = {"stretches": stretches, "found": rows_argument(found.select(*_KEY, "delta", "cause"))}
    conn.execute(_QUERIES["forget"], rows)
    conn.execute(_QUERIES["put"], rows)
