"""How much spaces were used: by space, by quarter of an hour, by day.

Known seconds are those in which a live sensor said either thing; a rate is occupied over known. Where nothing is known
``occupied_s`` is None and the rate is "—".

Responsible for sums over ``use_15min`` and over the sums the database keeps of it (migration 0009). Refuses to divide:
rates belong to whoever states their denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.indicators.withheld import NOTHING, withheld_at
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("use.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class SpaceUse:
    """One space over a period.

    Attributes:
        space: Its code.
        name: For people.
        floor: The floor's code.
        kind: ``seat``, ``booth``, ``room``, ``studio`` or ``lounge``.
        occupied_s: Seconds somebody was there; None when nothing is known.
        known_s: Seconds of which anything is known.
        presses: Presses of its button; None when it has no button.
    """

    space: str
    name: str
    floor: str
    kind: str
    occupied_s: float | None
    known_s: float
    presses: int | None


@dataclass(frozen=True, slots=True)
class BucketUse:
    """All spaces of a kind in one quarter of an hour.

    Attributes:
        bucket: Its start, UTC.
        kind: Of the spaces.
        occupied_s: Occupied seconds, all spaces together.
        known_s: Known seconds, all spaces together.
        spaces: How many spaces anything is known of.
    """

    bucket: datetime
    kind: str
    occupied_s: float
    known_s: float
    spaces: int


@dataclass(frozen=True, slots=True)
class DayUse:
    """All spaces of a kind on one day of the site's time zone.

    Attributes:
        day: The day.
        kind: Of the spaces.
        occupied_s: Occupied seconds, all spaces together; None when nothing is known.
        known_s: Known seconds, all spaces together.
        spaces: How many spaces anything is known of.
        open_occupied_s: Of the occupied seconds those inside opening hours.
        open_known_s: Known seconds inside opening hours.
        sessions: Stays that began.
        revised_at: 更新: when late readings changed the day; None for never.
    """

    day: date
    kind: str
    occupied_s: float | None
    known_s: float
    spaces: int
    open_occupied_s: float = 0.0
    open_known_s: float = 0.0
    sessions: int = 0
    revised_at: datetime | None = None


def use_by_space(conn: psycopg.Connection, site: str, start: datetime, end: datetime) -> list[SpaceUse]:
    """Every space that people use, over the quarters of an hour that begin in [start, end)."""
    return rows_of(conn, SpaceUse, _QUERIES["use_by_space"], {"site": site, "start": start, "end": end})


def use_by_bucket(conn: psycopg.Connection, site: str, kind: str, start: datetime, end: datetime) -> list[BucketUse]:
    """The quarters of an hour that begin in [start, end) and of which anything is known and told, in order."""
    arguments = {"site": site, "kind": kind, "start": start, "end": end}
    days = (start.date() - timedelta(days=1), end.date() + timedelta(days=2))
    withheld = withheld_at(conn, site, *days) if kind == "seat" else NOTHING
    return rows_of(conn, BucketUse, _QUERIES["use_by_bucket"], arguments | withheld.arguments())


def use_by_hour(conn: psycopg.Connection, site: str, kind: str, start: datetime, end: datetime) -> list[BucketUse]:
    """Like ``use_by_bucket``, by hours of UTC; for windows of weeks and longer."""
    arguments = {"site": site, "kind": kind, "start": start, "end": end}
    return rows_of(conn, BucketUse, _QUERIES["use_by_hour"], arguments)


def use_by_day(
    conn: psycopg.Connection, site: str, kind: str, first: date, last: date, floor: str | None = None
) -> list[DayUse]:
    """Every day from ``first`` to ``last``, both included, whether anything is known of it or not.

    With ``floor``, the code of one, of that floor alone.
    """
    arguments = {"site": site, "kind": kind, "first": first, "last": last, "floor": floor}
    return rows_of(conn, DayUse, _QUERIES["use_by_day"], arguments)
