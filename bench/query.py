"""How long the questions of the read side take over 1,000 seats and three years of quarters of an hour.

``python bench/query.py [--quarter-days 1095] [--times 9]``: fills a database with SQL, asks each question a few times
and prints the median as a share of the 100 ms promised; then how fast raw readings come into polars. 105 million
quarters take 12 GB and long; fewer days leave the sums at three years.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from statistics import median

import polars as pl
import psycopg
from ground import SITE, SQL, ground
from ground.report import keep, percent

from shigotoba_backend.read.now import spaces_now
from shigotoba_backend.read.raw import raw_readings
from shigotoba_backend.read.use import use_by_bucket, use_by_day, use_by_hour, use_by_space
from shigotoba_backend.store.bulk import bulk_frame

LIMIT_MS = 100.0
LAST = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""Five in the afternoon in Tokyo, on ``LAST``, a Friday."""

YEARS = timedelta(days=3 * 365)
RAW_DAYS = 2
COLUMNS = {"point_id": pl.Int32, "at_ms": pl.Int64, "seq": pl.Int64, "value": pl.Float64}


def fill(conn: psycopg.Connection, quarter_days: int) -> None:
    """Quarters, three years of their sums, newest values, two days of raw readings."""
    conn.execute(SQL["triggers_off"])
    conn.execute(SQL["fill_quarters"], {"first": NOW - timedelta(days=quarter_days), "beyond": NOW})
    conn.execute(SQL["fill_days"], {"first": NOW - YEARS, "last": LAST})
    conn.execute(SQL["fill_floor_hours"], {"first": NOW - YEARS, "last": NOW})
    conn.execute(SQL["fill_floor_days"])
    conn.execute(SQL["fill_open_quarters"], {"first": NOW - YEARS, "beyond": NOW})
    conn.execute(SQL["triggers_on"])
    conn.execute(SQL["months_until"], {"now": NOW})
    conn.execute(SQL["fill_raw_days"], {"now": NOW, "days": RAW_DAYS})
    conn.execute(SQL["fill_latest"], {"now": NOW})
    conn.execute(SQL["analyze"])


def questions(conn: psycopg.Connection) -> Mapping[str, Callable[[], object]]:
    """What is asked."""
    day, month, year = timedelta(days=1), timedelta(days=29), timedelta(days=364)
    return {
        "last value of every seat": lambda: spaces_now(conn, SITE, NOW),
        "one device's raw day": lambda: raw_readings(conn, SITE, "ble-s0500", NOW - day, NOW),
        "use by quarter, one day": lambda: use_by_bucket(conn, SITE, "seat", NOW - day, NOW),
        "use by space, one day": lambda: use_by_space(conn, SITE, NOW - day, NOW),
        "use by space, 30 days": lambda: use_by_space(conn, SITE, NOW - 30 * day, NOW),
        "use by hour, 30 days": lambda: use_by_hour(conn, SITE, "seat", NOW - 30 * day, NOW),
        "use by day, 30 days": lambda: use_by_day(conn, SITE, "seat", LAST - month, LAST),
        "use by day, a year": lambda: use_by_day(conn, SITE, "seat", LAST - year, LAST),
        "use of a floor by day, a year": lambda: use_by_day(conn, SITE, "seat", LAST - year, LAST, "5f"),
    }


def timed_ms(ask: Callable[[], object], times: int) -> float:
    """Median milliseconds; the first asking, which warms caches, is left out."""
    ask()
    found: list[float] = []
    for _ in range(times):
        began_s = time.perf_counter()
        ask()
        found.append(1000 * (time.perf_counter() - began_s))
    return median(found)


def by_rows(conn: psycopg.Connection, since: datetime) -> pl.DataFrame:
    """A frame from psycopg's rows."""
    with conn.cursor(binary=True) as cursor:
        return pl.DataFrame(cursor.execute(SQL["raw_rows"], {"since": since}).fetchall(), schema=COLUMNS, orient="row")


def by_array_agg(conn: psycopg.Connection, since: datetime) -> pl.DataFrame:
    """A frame from arrays that psycopg turns into lists."""
    with conn.cursor(binary=True) as cursor:
        arrays = cursor.execute(SQL["raw_array_agg"], {"since": since}).fetchone() or ()
    return pl.DataFrame(dict(zip(COLUMNS, arrays, strict=True)), schema=COLUMNS)


def by_packed_columns(conn: psycopg.Connection, since: datetime) -> pl.DataFrame:
    """A frame from columns that the server packed and polars unpacks."""
    with conn.cursor(binary=True) as cursor:
        packed = cursor.execute(SQL["raw_arrays"], {"since": since}).fetchone() or ()
    return pl.DataFrame(list(map(_unpacked, COLUMNS, COLUMNS.values(), packed)))


def by_adbc(conn: psycopg.Connection, since: datetime) -> pl.DataFrame:
    """A frame as bulk reads make it, connecting included."""
    return bulk_frame(conn, SQL["raw_bulk"], [since])


def _unpacked(name: str, kind: type[pl.DataType], data: bytes) -> pl.Series:
    width = 4 if kind is pl.Int32 else 8
    whole = pl.Series(name, [data], dtype=pl.Binary)
    return whole.bin.reinterpret(dtype=pl.Array(kind, len(data) // width), endianness="big").explode()


def main() -> None:
    """Fill, measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarter-days", type=int, default=3 * 365, help="days of which there are quarters")
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    with ground() as place, place.connect() as conn:
        began_s = time.perf_counter()
        fill(conn, options.quarter_days)
        (quarters,) = conn.execute(SQL["count_quarters"]).fetchone() or (0,)
        print(f"{quarters:,} quarters in {time.perf_counter() - began_s:.0f} s")
        answers_ms = {name: timed_ms(ask, options.times) for name, ask in questions(conn).items()}
        bulk_rows_per_s = _bulk(conn)
    for name, took_ms in answers_ms.items():
        print(f"  {percent(took_ms / LIMIT_MS):>6} of {LIMIT_MS:.0f} ms  {name} ({took_ms:.1f} ms)")
    for name, rate in bulk_rows_per_s.items():
        print(f"  {rate / bulk_rows_per_s['rows']:6.1f} x rows  {name} ({rate:,.0f} readings/s)")
    measured = {"quarters": quarters, "answers_ms": answers_ms, "raw_readings_into_polars_per_s": bulk_rows_per_s}
    print(f"kept in {keep('query', measured)}")


def _bulk(conn: psycopg.Connection) -> dict[str, float]:
    since = NOW - timedelta(hours=12)
    ways = {"rows": by_rows, "array_agg": by_array_agg, "packed columns": by_packed_columns, "ADBC": by_adbc}
    frames = {name: way(conn, since).sort("at_ms", "point_id") for name, way in ways.items()}
    if not all(frame.equals(frames["rows"]) for frame in frames.values()):
        raise ValueError("the ways into polars do not agree")
    height = frames["rows"].height
    return {name: 1000 * height / timed_ms(lambda way=way: way(conn, since), 3) for name, way in ways.items()}


if __name__ == "__main__":
    main()
