"""The same booth at the same hour, week after week.

What would be left out, and why, is shown first; making the series leaves out the same days for the same reasons, and
those that were taken meanwhile. Each day is a booking of its own under every rule.

Responsible for which days. Refuses rules of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from shigotoba_backend.bookings.changing import cancel
from shigotoba_backend.bookings.making import book_this
from shigotoba_backend.bookings.record import QUERIES
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth, booth_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.values import Asker, Book, Booking
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("series.sql", package="shigotoba_backend.bookings")

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Series:
    """What is wanted.

    Attributes:
        site: Code of the site.
        booth: Code of the booth.
        weekdays: As in ISO 8601, 1 is Monday.
        first: The first day it may be on.
        last: The last one.
        begins: By the site's clock.
        ends: By the site's clock; not after ``begins`` means the next day.
        owner_id: For whom; None for who asks.
        purpose: What for.
    """

    site: str
    booth: str
    weekdays: tuple[int, ...]
    first: date
    last: date
    begins: time
    ends: time
    owner_id: int | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One day of a series.

    Attributes:
        day: By the site's calendar.
        start: From when.
        end: Until when.
        skipped: Why it is left out, a code of a refusal; None when it is not.
        facts: Those of the refusal.
    """

    day: date
    start: datetime
    end: datetime
    skipped: str | None
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class SeriesBooked:
    """What came of it."""

    series_id: UUID
    bookings: tuple[Booking, ...]
    skipped: tuple[SeriesDay, ...]


def plan_series(conn: psycopg.Connection, asker: Asker, series: Series, now: datetime) -> list[SeriesDay]:
    """Each day of the series and whether it could be had; nothing is booked.

    It is tried out in a transaction that is taken back, so it is what making it now would give, quotas included.

    Raises:
        BookingRefusedError: ``bad_range`` for no day or too many, ``not_found``.
    """
    with conn.transaction(force_rollback=True):
        return _book_all(conn, asker, series, None, now)[1]


def book_series(conn: psycopg.Connection, asker: Asker, series: Series, now: datetime) -> SeriesBooked:
    """Books every day that can be had.

    Raises:
        BookingRefusedError: ``nothing_to_do`` when no day can; what ``plan_series`` refuses.
    """
    with conn.transaction():
        booth = booth_of(conn, series.site, series.booth, now)
        fields = {
            "space_id": booth.space_id, "owner_id": series.owner_id or asker.person_id,
            "booker_id": asker.person_id, "rule": Jsonb(_said(series)), "now": now,
        }  # fmt: skip
        series_id: UUID = conn.execute(_QUERIES["put"], fields).fetchall()[0][0]
        bookings, days = _book_all(conn, asker, series, series_id, now)
        if not bookings:
            raise refuse("nothing_to_do", skipped=sorted({day.skipped or "" for day in days}))
        return SeriesBooked(series_id, tuple(bookings), tuple(day for day in days if day.skipped))


def cancel_series(conn: psycopg.Connection, asker: Asker, series_id: UUID, now: datetime) -> list[Booking]:
    """Cancels what is left of a series.

    Raises:
        BookingRefusedError: ``not_found``.
    """
    with conn.transaction():
        left = rows_of(conn, Booking, QUERIES["in_series"], {"series_id": series_id, "now": now})
        if not left:
            raise refuse("not_found", series=str(series_id))
        take_booths(conn, [booking.space_id for booking in left], now)
        return [cancel(conn, asker, booking.booking_id, now) for booking in left]


def _book_all(
    conn: psycopg.Connection, asker: Asker, series: Series, series_id: UUID | None, now: datetime
) -> tuple[list[Booking], list[SeriesDay]]:
    booth = booth_of(conn, series.site, series.booth, now)
    bookings: list[Booking] = []
    days: list[SeriesDay] = []
    for day, start, end in _days(series, booth):
        wish = Book(series.site, series.booth, start, end, series.owner_id, series.purpose, 0, "series", series_id)
        try:
            bookings.append(book_this(conn, asker, wish, now))
            days.append(SeriesDay(day, start, end, None, {}))
        except BookingRefusedError as refusal:
            days.append(SeriesDay(day, start, end, refusal.code, dict(refusal.facts)))
    return bookings, days


def _days(series: Series, booth: Booth) -> Iterator[tuple[date, datetime, datetime]]:
    count = (series.last - series.first).days + 1
    if not 1 <= count <= MOST_DAYS or not series.weekdays:
        raise refuse("bad_range", most_days=MOST_DAYS)
    for day in (series.first + timedelta(days=number) for number in range(count)):
        if day.isoweekday() in series.weekdays:
            over = timedelta(days=1 if series.ends <= series.begins else 0)
            start = datetime.combine(day, series.begins, booth.zone_info)
            yield day, start, datetime.combine(day + over, series.ends, booth.zone_info)


def _said(series: Series) -> dict[str, object]:
    return {
        "weekdays": list(series.weekdays), "first": series.first.isoformat(), "last": series.last.isoformat(),
        "begins": series.begins.isoformat(), "ends": series.ends.isoformat(),
    }  # fmt: skip
