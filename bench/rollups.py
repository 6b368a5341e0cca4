"""A day's rollup, a rebuild, and the indicators of a site-year, against the same in plain SQL and in pandas.

``python bench/rollups.py [--seats 1000] [--days 1] [--every-min 1] [--year-days 365]``: fills a database with SQL, then
measures in one run: the rollup of ``--days`` days of readings from nothing, once by portions as the worker does (with
opening hours, stays, sums by day, hour and floor, all kept) and once only its arithmetic, beside one SQL statement and
pandas, which compute occupancy alone and keep nothing; then the monthly utilisation and peak of a site-year from the
rollups, beside SQL and pandas over the quarters. For a year's rebuild: ``--days 365 --every-min 15`` (half an hour).
Kept as ``rollups-<days>-days.json``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import polars as pl
import psycopg
from ground import SEATS, ground
from ground.report import keep

from shigotoba_backend.indicators.periods import fiscal_year, month, months_between
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.rollups.intervals import QUARTER_MS
from shigotoba_backend.rollups.occupancy import use_by_quarter
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.store.sql import load

SQL = load("rollups.sql", package="ground")
GROUND = load("statements.sql", package="ground")
START = datetime(2026, 4, 5, 15, tzinfo=UTC)
"""Midnight in Tokyo before a Monday."""

YEAR = 2025
MANY_INDICATORS = ("seat_utilisation", "seat_dwell", "seat_turnover", "seat_peak", "seat_p95", "seat_min_surplus")
READINGS = {"space_id": pl.Int32, "at_ms": pl.Int64, "value": pl.Float64, "reach_ms": pl.Float64}


def timed_s(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds, and what came of it."""
    began_s = time.perf_counter()
    found = work()
    return time.perf_counter() - began_s, found


def by_pandas(readings: pl.DataFrame) -> pd.DataFrame:
    """Occupied and known seconds by space and quarter of an hour, as somebody would write it with pandas."""
    spans = pd.DataFrame(readings.to_dict(as_series=False)).sort_values(["space_id", "at_ms"])
    spans["end_ms"] = spans.groupby("space_id")["at_ms"].shift(-1)
    spans = spans[spans["end_ms"] - spans["at_ms"] <= spans["reach_ms"]].astype({"end_ms": "int64"})
    first = spans["at_ms"] // QUARTER_MS * QUARTER_MS
    buckets = [range(start, end, QUARTER_MS) for start, end in zip(first, spans["end_ms"], strict=True)]
    pieces = spans.assign(bucket=buckets).explode("bucket").astype({"bucket": "int64"})
    ends = pieces[["end_ms"]].assign(edge=pieces["bucket"] + QUARTER_MS).min(axis=1)
    pieces["known_s"] = (ends - pieces[["at_ms", "bucket"]].max(axis=1)) / 1000
    pieces["occupied_s"] = pieces["known_s"].where(pieces["value"] != 0, 0.0)
    return pieces.groupby(["space_id", "bucket"])[["occupied_s", "known_s"]].sum()


def by_polars(readings: pl.DataFrame) -> pl.DataFrame:
    """The product's arithmetic alone."""
    sensors = readings.select("space_id", reach_ms=pl.col("reach_ms").cast(pl.Int64)).unique().with_columns(
        point_id="space_id", since_ms=pl.lit(0), until_ms=pl.lit(2**53)
    )  # fmt: skip
    told = readings.select(point_id="space_id", at_ms="at_ms", seq=pl.lit(1), value="value")
    presses = pl.DataFrame(schema={"point_id": pl.Int32, "at_ms": pl.Int64, "label": pl.String})
    opening = pl.DataFrame(schema={"space_id": pl.Int32, "start_ms": pl.Int64, "end_ms": pl.Int64})
    return use_by_quarter(told, presses, sensors, opening)


def rollups(conn: psycopg.Connection, seats: int, days: int, every_min: int) -> dict[str, float]:
    """Seconds by way."""
    span = {"start": START, "end": START + timedelta(days=days), "every_min": every_min, "seats": seats}
    for statement in ("fewer_seats", "set_rhythm", "open_in_office_hours", "make_months", "fill_readings"):
        conn.execute(SQL[statement], span)
    conn.execute(GROUND["analyze"])
    took_s = {}
    took_s["rebuild, everything kept"], _ = timed_s(lambda: rebuild(conn))
    took_s["rebuild again, nothing to change"], _ = timed_s(lambda: rebuild(conn))
    took_s["plain SQL, occupancy alone"], plain = timed_s(lambda: conn.execute(SQL["plain_day"], span).fetchall())
    took_s["fetching the readings"], readings = timed_s(lambda: frame_of(conn, SQL["readings_of_day"], span, READINGS))
    took_s["arithmetic in polars"], ours = timed_s(lambda: by_polars(readings))
    took_s["arithmetic in pandas"], theirs = timed_s(lambda: by_pandas(readings))
    kept = conn.execute(SQL["kept"], span).fetchall()
    totals = [sum(row[2] for row in kept), sum(row[2] for row in plain), ours["occupied_s"].sum(),
              theirs["occupied_s"].sum()]  # fmt: skip
    if max(totals) - min(totals) > 1e-6 * max(totals):
        raise ValueError(f"the ways do not agree: {totals} occupied seconds")
    return took_s


def indicators(conn: psycopg.Connection, seats: int, days: int) -> dict[str, float]:
    """Seconds by way; quarters take the place of what the rollups left."""
    first = fiscal_year(YEAR).first
    beyond = first + timedelta(days=days)
    span = {"first": first, "beyond": beyond, "start": _midnight(first), "end": _midnight(beyond), "seats": seats}
    conn.execute("TRUNCATE shigotoba.use_15min")
    conn.execute(GROUND["triggers_off"])
    conn.execute(SQL["fill_quarters"], span)
    conn.execute(SQL["fill_sums"])
    conn.execute(GROUND["triggers_on"])
    now, months = _midnight(beyond), [month(day.year, day.month) for day in months_between(first, beyond)]
    took_s = {}
    took_s["utilisation and peak by month"], ours = timed_s(
        lambda: [
            indicator_values(conn, key, site("honcho"), months, "single_month", now)
            for key in ("seat_utilisation", "seat_peak")
        ]
    )
    took_s["six indicators of the fiscal year"], _ = timed_s(
        lambda: [
            indicator_values(conn, key, site("honcho"), [fiscal_year(YEAR)], "fiscal_year", now)
            for key in MANY_INDICATORS
        ]
    )
    took_s["plain SQL over quarters"], plain = timed_s(lambda: conn.execute(SQL["plain_year"], span).fetchall())
    took_s["pandas over quarters"], theirs = timed_s(lambda: _pandas_year(conn, span))
    for use, peak, (_month, share, taken), (their_share, their_taken) in zip(*ours, plain, theirs, strict=True):
        if abs(use.value - share) > 1e-6 or abs(peak.value - taken) > 1e-6 or abs(share - their_share) > 1e-6:
            raise ValueError(f"the ways do not agree: {use.value}, {share}, {their_share}; {peak.value}, {their_taken}")
    return took_s


def _pandas_year(conn: psycopg.Connection, span: dict[str, object]) -> list[tuple[float, float]]:
    rows = conn.execute(SQL["quarters_of_year"], span).fetchall()
    quarters = pd.DataFrame(rows, columns=["bucket", "taken_s", "known_s"]).groupby("bucket").sum()
    by_month = quarters.groupby(pd.DatetimeIndex(quarters.index).tz_convert("Asia/Tokyo").strftime("%Y-%m"))
    return [(100 * part["taken_s"].sum() / part["known_s"].sum(), part["taken_s"].max() / 900) for _, part in by_month]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=9)


def show(title: str, took_s: dict[str, float], unit: str) -> None:
    """Each way as a multiple of ``unit``."""
    print(title)
    for name, seconds in took_s.items():
        print(f"  {seconds / took_s[unit]:8.2f} x  {name} ({seconds:.3f} s)")


def main() -> None:
    """Fill, measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=SEATS)
    parser.add_argument("--days", type=int, default=1, help="of readings")
    parser.add_argument("--every-min", type=int, default=1, help="minutes between two readings of a seat")
    parser.add_argument("--year-days", type=int, default=365, help="of quarters, for the indicators")
    options = parser.parse_args()
    with ground() as place, place.connect() as conn:
        rolled_s = rollups(conn, options.seats, options.days, options.every_min)
        told_s = indicators(conn, options.seats, options.year_days)
    show(f"{options.days} days of {options.seats} seats", rolled_s, "plain SQL, occupancy alone")
    show(f"{options.year_days} days of quarters", told_s, "utilisation and peak by month")
    # A day's run and a year's are two results, not an older and a newer one.
    measured = {"given": vars(options), "rollups_s": rolled_s, "indicators_s": told_s}
    print(f"kept in {keep(f'rollups-{options.days}-days', measured)}")


if __name__ == "__main__":
    main()
