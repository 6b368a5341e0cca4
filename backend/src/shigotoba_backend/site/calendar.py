"""A site's calendar into the database: opening hours, holidays, closures.

A list in the file is the whole of it, so that a closure entered by mistake can be taken back; equal rows stay as they
are. The database refuses overlaps.

Responsible for these three tables. Refuses to compute when a place is open (see ``open_spans_v1`` in the migrations).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg

from shigotoba_backend.site.description import Closure, Holiday, OpeningHours, SiteFile, SiteFileError
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("calendar.sql", package="shigotoba_backend.site")


def put_calendar(conn: psycopg.Connection, site_id: int, described: SiteFile) -> None:
    """Brings the calendar in line with the lists that the file has, within the caller's transaction.

    Raises:
        SiteFileError: Two entries of one list overlap.
    """
    in_site = {"site_id": site_id}
    try:
        if described.opening_hours is not None:
            _put(conn, "hours", in_site | _hours(described.opening_hours))
        if described.holidays is not None:
            _put(conn, "holidays", in_site | _holidays(described.holidays))
        if described.closures is not None:
            _put(conn, "closures", in_site | _closures(described.closures))
    except psycopg.errors.ExclusionViolation as error:
        raise SiteFileError(_overlap(error)) from error


def _put(conn: psycopg.Connection, table: str, columns: dict[str, object]) -> None:
    conn.execute(_QUERIES[f"forget_{table}"], columns)
    conn.execute(_QUERIES[f"put_{table}"], columns)


def _hours(hours: Sequence[OpeningHours]) -> dict[str, object]:
    by_weekday = [(weekday, each) for each in hours for weekday in each.weekdays]
    return {
        "weekdays": [weekday for weekday, _ in by_weekday],
        "since": [each.since for _, each in by_weekday],
        "until": [each.until for _, each in by_weekday],
        "opens": [_minutes(each.opens) for _, each in by_weekday],
        "closes": [_minutes(each.closes) for _, each in by_weekday],
    }


def _holidays(holidays: Sequence[Holiday]) -> dict[str, object]:
    return {
        "since": [each.since for each in holidays],
        "until": [each.until for each in holidays],
        "names": [each.name for each in holidays],
        "names_en": [each.name_en for each in holidays],
    }


def _closures(closures: Sequence[Closure]) -> dict[str, object]:
    return {
        "since": [each.since for each in closures],
        "until": [each.until for each in closures],
        "spaces": [each.space for each in closures],
        "reasons": [each.reason for each in closures],
    }


def _minutes(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)


def _overlap(error: psycopg.errors.ExclusionViolation) -> str:
    what = (error.diag.constraint_name or "").replace("_", " ")
    return f"{what}, but in this file they do: {error.diag.message_detail} Correct the dates and import it again."
