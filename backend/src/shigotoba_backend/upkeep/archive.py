"""Cold readings as Parquet files, and back: one directory per site and month, one file per day.

A file carries codes instead of the database's own numbers, so that it can be read anywhere and imported into another
database. Days are cut in UTC, like the months of the store. Export and import both add what is not there and never
remove: done twice, or beside late readings, they give each reading once, also where the store has dropped the rest.

Responsible for files and rows. Refuses the ledger, newest values and rollups: an archive is past history to them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.store.bulk import bulk_frame
from shigotoba_backend.store.sql import load
from shigotoba_wire.files import make_directory, replace_file

_QUERIES: Final = load("archive.sql", package="shigotoba_backend.upkeep")

COLUMNS: Final = {
    "device": pl.String,
    "point": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "seq": pl.Int64,
    "value": pl.Float64,
    "label": pl.String,
    "uncertain": pl.Boolean,
}

_MODE: Final = 0o644


class ArchiveError(Exception):
    """An archive cannot be written or read; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Archived:
    """What an export wrote or an import found.

    Attributes:
        readings: In the files.
        added: Of these, not in the database before (import only).
    """

    directory: Path
    days: int
    readings: int
    added: int = 0


def export_month(conn: psycopg.Connection, site: str, month: datetime, directory: Path) -> Archived:
    """Writes one month of a site below ``directory``; to a day that is there already what is missing is added.

    Durable when this returns: whoever calls may drop the readings at once.

    Args:
        conn: In autocommit mode.
        site: Its code.
        month: Its first instant, in UTC.
        directory: Made if need be.

    Raises:
        ArchiveError: The site is not known, or the files cannot be written, or one that is there cannot be read.
    """
    _check_site(conn, site)
    target = directory / f"site={site}" / f"month={month:%Y-%m}"
    try:
        make_directory(target)
        counts = [_export_day(conn, site, day, target) for day in _days(month)]
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written ({error.strerror}).") from error
    return Archived(target, sum(map(bool, counts)), sum(counts))


def import_month(conn: psycopg.Connection, site: str, month: datetime, directory: Path) -> Archived:
    """Adds what an export of that month holds and the database does not; each day is one transaction.

    Raises:
        ArchiveError: There is no such archive, a file is not one of ours, or a device is not known at the site.
    """
    _check_site(conn, site)
    source = directory / f"site={site}" / f"month={month:%Y-%m}"
    files = sorted(source.glob("*.parquet"))
    if not files:
        raise ArchiveError(f"{source}: no archive is there. Name the directory that was given to `storage export`.")
    counts = [_import_day(conn, site, file) for file in files]
    return Archived(source, len(files), sum(held for held, _ in counts), sum(added for _, added in counts))


def _days(month: datetime) -> Iterator[datetime]:
    day = month
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def _export_day(conn: psycopg.Connection, site: str, day: datetime, directory: Path) -> int:
    frame = bulk_frame(conn, _QUERIES["readings"], [site, day, day + timedelta(days=1)])
    if frame.is_empty():
        return 0
    file = directory / f"{day:%Y-%m-%d}.parquet"
    if file.exists():
        frame = _united(_read(file), frame)
    content = io.BytesIO()
    frame.write_parquet(content)
    replace_file(file, content.getvalue(), _MODE)
    return frame.height


def _united(archived: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Each reading of the two as often as the one has it that has it more often."""
    nth = pl.int_range(pl.len()).over(*COLUMNS).alias("nth")
    both = pl.concat([archived.with_columns(nth), stored.with_columns(nth)])
    return both.unique().drop("nth").sort("device", "point", "at", "seq")


def _import_day(conn: psycopg.Connection, site: str, file: Path) -> tuple[int, int]:
    frame = _read(file)
    if frame.is_empty():
        return 0, 0
    first, last = frame.select(pl.col("at").min().alias("first"), pl.col("at").max().alias("last")).row(0)
    with conn.transaction():
        conn.execute(_QUERIES["make_staged"])
        with conn.cursor() as cursor, cursor.copy(_QUERIES["copy_staged"]) as copy:
            for row in frame.iter_rows():
                copy.write_row(row)
        strangers = [row[0] for row in conn.execute(_QUERIES["strangers"], {"site": site})]
        if strangers:
            raise ArchiveError(
                f"{file}: not known at site {site!r}: {', '.join(strangers)}. Import its site file first."
            )
        conn.execute(_QUERIES["make_points"], {"site": site})
        conn.execute(_QUERIES["make_months"], {"first": first, "last": last})
        added = conn.execute(_QUERIES["add_missing"], {"site": site, "first": first, "last": last}).rowcount
        conn.execute(_QUERIES["drop_staged"])
    return frame.height, added


def _read(file: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ArchiveError(f"{file}: cannot be read: {error}. Bring a whole one, or move it away.") from error
    if dict(frame.schema) != COLUMNS:
        raise ArchiveError(f"{file}: its columns are {', '.join(frame.columns)}, not those of an archive of ours.")
    return frame


def _check_site(conn: psycopg.Connection, site: str) -> None:
    if conn.execute(_QUERIES["site"], {"site": site}).fetchone() is None:
        raise ArchiveError(f"site {site!r} is not known.")
