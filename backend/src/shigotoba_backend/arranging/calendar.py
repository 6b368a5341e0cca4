"""When a site is open: hours by weekday, holidays, closures of the site or of a place.

Opening hours change from a day on; what a day was counted by stays so. A holiday or a closure may be corrected for the
past too: the rollups are worked off again and marked. Responsible for these changes and their entries in the audit
log. Refuses to close booths that people have booked (see ``bookings.closing``) and to ask who may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import psycopg
from psycopg import errors

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("arranging.sql", package="shigotoba_backend.arranging")


@dataclass(frozen=True, slots=True)
class HoursKept:
    """Opening hours of a weekday.

    Attributes:
        weekday: 1 is Monday.
        first: From which day on; None for always.
        beyond: The first day on which they no longer count; None while no change is known.
        opens_min: Minutes after midnight.
        closes_min: Likewise; 1440 is the end of the day.
    """

    weekday: int
    first: date | None
    beyond: date | None
    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True)
class HolidayKept:
    """Days on which a site is not open, the last included."""

    first: date
    last: date
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ClosureKept:
    """A place, or the whole site where ``space`` is None, out of use."""

    closure_id: int
    space: str | None
    since: datetime
    until: datetime | None
    reason: str


def hours(conn: psycopg.Connection, site: str, today: date) -> list[HoursKept]:
    """Opening hours of today and later, the oldest first."""
    return rows_of(conn, HoursKept, _QUERIES["hours"], {"site": site, "today": today})


def holidays(conn: psycopg.Connection, site: str, today: date) -> list[HolidayKept]:
    """Holidays of today and later."""
    return rows_of(conn, HolidayKept, _QUERIES["holidays"], {"site": site, "today": today})


def closures(conn: psycopg.Connection, site: str, now: datetime) -> list[ClosureKept]:
    """Closures that are not over."""
    return rows_of(conn, ClosureKept, _QUERIES["closures"], {"site": site, "now": now})


def set_hours(
    conn: psycopg.Connection, place: tuple[str, Sequence[int]], first: date, minutes: tuple[int, int] | None,
    actor: Actor, today: date,
) -> None:  # fmt: skip
    """Opens a site at some weekdays (1 is Monday) between two minutes of the day, or not at all, from a day on.

    Raises:
        ProblemError: ``hours_in_the_past``, ``end_not_after_start``.
    """
    site, weekdays = place
    if first < today:
        raise refuse("hours_in_the_past", first=today.isoformat())
    if minutes is not None and not 0 <= minutes[0] < minutes[1] <= 1440:
        raise refuse("end_not_after_start")
    asked = {"site": site, "weekdays": list(weekdays), "first": first}
    with conn.transaction():
        conn.execute(_QUERIES["cut_hours"], asked)
        conn.execute(_QUERIES["forget_hours"], asked)
        if minutes is not None:
            conn.execute(_QUERIES["add_hours"], asked | {"opens_min": minutes[0], "closes_min": minutes[1]})
        after = {"weekdays": list(weekdays), "first": first.isoformat(), "minutes": list(minutes or ())}
        record(conn, actor, Deed("hours.set", f"site:{site}", site, after=after))


def add_holiday(conn: psycopg.Connection, site: str, holiday: HolidayKept, actor: Actor) -> None:
    """Adds a holiday.

    Raises:
        ProblemError: ``end_not_after_start``, ``name_missing``, ``calendar_overlaps``.
    """
    if holiday.last < holiday.first:
        raise refuse("end_not_after_start")
    if not holiday.name:
        raise refuse("name_missing")
    days = {"first": holiday.first.isoformat(), "last": holiday.last.isoformat()}
    told = {**days, "name": holiday.name, "name_en": holiday.name_en}
    try:
        with conn.transaction():
            conn.execute(_QUERIES["add_holiday"], {"site": site, **told})
            record(conn, actor, Deed("holiday.add", f"holiday:{holiday.first.isoformat()}", site, after=told))
    except errors.ExclusionViolation as error:
        raise refuse("calendar_overlaps") from error


def drop_holiday(conn: psycopg.Connection, site: str, first: date, actor: Actor) -> None:
    """Takes back the holiday that begins on a day.

    Raises:
        ProblemError: ``no_such_entry``.
    """
    with conn.transaction():
        if not conn.execute(_QUERIES["drop_holiday"], {"site": site, "first": first}).rowcount:
            raise refuse("no_such_entry")
        record(conn, actor, Deed("holiday.drop", f"holiday:{first.isoformat()}", site))


def add_closure(
    conn: psycopg.Connection, place: tuple[str, str | None], during: tuple[datetime, datetime | None], reason: str,
    actor: Actor,
) -> None:  # fmt: skip
    """Takes a place, or the whole site, out of use; without an end until it is ended.

    Raises:
        ProblemError: ``no_such_space``, ``end_not_after_start``, ``calendar_overlaps``.
    """
    site, space = place
    if during[1] is not None and during[1] <= during[0]:
        raise refuse("end_not_after_start")
    fields = {"site": site, "space": space, "since": during[0], "until": during[1], "reason": reason}
    try:
        with conn.transaction():
            row = conn.execute(_QUERIES["space_id"], fields).fetchone() if space else (None,)
            if row is None:
                raise refuse("no_such_space", place=space)
            number = conn.execute(_QUERIES["add_closure"], {**fields, "space_id": row[0]}).fetchall()[0][0]
            after = {"space": space, "since": during[0].isoformat(), "until": during[1] and during[1].isoformat()}
            record(conn, actor, Deed("closure.add", f"closure:{number}", site, after=after, reason=reason))
    except errors.ExclusionViolation as error:
        raise refuse("calendar_overlaps") from error


def end_closure(conn: psycopg.Connection, site: str, closure_id: int, actor: Actor, now: datetime) -> None:
    """Ends a closure at this moment; one that has not begun is forgotten.

    Raises:
        ProblemError: ``no_such_entry``.
    """
    asked = {"site": site, "closure_id": closure_id, "now": now}
    with conn.transaction():
        changed = sum(conn.execute(_QUERIES[name], asked).rowcount for name in ("end_closure", "forget_closure"))
        if not changed:
            raise refuse("no_such_entry")
        record(conn, actor, Deed("closure.end", f"closure:{closure_id}", site))
