"""How much of the booths one person may have.

A booking counts for whom it is made, whoever makes it and however it came to be: by a delegate, an edit, a series. A
count belongs to the day it begins on; hours are cut at midnight of the site. Cancelled and released ones do not count.

Responsible for the arithmetic on spans and for the rules that need a person. Refuses to look at booths.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth, Rules
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("quotas.sql", package="shigotoba_backend.bookings")

Span = tuple[datetime, datetime]


def check_person(
    conn: psycopg.Connection, booth: Booth, owner_id: int, span: Span, now: datetime, besides: UUID | None = None
) -> None:
    """Whether this person may have one more booking there; ``besides`` is the one that is being changed.

    Raises:
        BookingRefusedError: ``concurrent``, ``quota_count``, ``quota_hours``, ``visitors_not_allowed``.
    """
    if not is_welcome(conn, booth, owner_id):
        raise refuse("visitors_not_allowed", site=booth.site)
    first = monday(span[0], booth.zone_info)
    asked = {
        "owner_id": owner_id, "besides": besides, "now": now,
        "start": midnight(first, booth.zone_info), "end": midnight(first + timedelta(days=15), booth.zone_info),
    }  # fmt: skip
    had = [(row[0], row[1], row[2]) for row in conn.execute(_QUERIES["had"], asked)]
    breach = _concurrent(span, [(a, b) for a, b, holds in had if holds], booth.rules) or quota_breach(
        span, [(a, b) for a, b, _ in had], booth.rules, booth.zone_info
    )
    if breach:
        raise breach


def is_welcome(conn: psycopg.Connection, booth: Booth, person_id: int) -> bool:
    """Whether the booth is open to this person: to everybody, or the person is of its site."""
    return bool(welcoming(conn, [booth], person_id))


def welcoming(conn: psycopg.Connection, booths: Sequence[Booth], person_id: int | None) -> list[Booth]:
    """Those of the booths that are open to this person; all of them where nobody in particular asks."""
    if person_id is None or all(booth.rules.visitors for booth in booths):
        return list(booths)
    home = _home_site(conn, person_id)
    return [booth for booth in booths if booth.rules.visitors or home in (None, booth.site)]


def check_strikes(conn: psycopg.Connection, owner_id: int, rules: Rules, now: datetime) -> None:
    """Whether no-shows bar this person from booking.

    Raises:
        BookingRefusedError: ``strikes``.
    """
    until = banned_until(conn, owner_id, rules, now)
    if until is not None and until > now:
        raise refuse("strikes", until=until, strikes=rules.strikes_most)


def banned_until(conn: psycopg.Connection, owner_id: int, rules: Rules, now: datetime) -> datetime | None:
    """Until when strikes bar somebody from booking; None when they do not."""
    if not rules.strikes_most:
        return None
    since = now - timedelta(days=rules.strike_days)
    row = conn.execute(_QUERIES["strikes"], {"person_id": owner_id, "since": since}).fetchone()
    count, last = row or (0, None)
    return last + timedelta(days=rules.strike_ban_days) if last and count >= rules.strikes_most else None


def quota_breach(span: Span, had: Sequence[Span], rules: Rules, zone: ZoneInfo) -> BookingRefusedError | None:
    """The quota that ``span`` on top of ``had`` would break; None for none."""
    day, week = span[0].astimezone(zone).date(), monday(span[0], zone)
    counts = (
        ("day", day, day + timedelta(days=1), rules.day_count),
        ("week", week, week + timedelta(7), rules.week_count),
    )
    for period, first, beyond, limit in counts:
        used = sum(1 for start, _ in had if first <= start.astimezone(zone).date() < beyond)
        if limit is not None and used >= limit:
            return refuse("quota_count", limit=limit, period=period, used=used)
    last_day = (span[1] - timedelta(microseconds=1)).astimezone(zone).date()
    for each in {day, last_day}:
        found = _hours_breach("day", (each, each + timedelta(days=1)), rules.day_hours, span, had, zone)
        if found:
            return found
    for each in {week, monday(span[1] - timedelta(microseconds=1), zone)}:
        found = _hours_breach("week", (each, each + timedelta(7)), rules.week_hours, span, had, zone)
        if found:
            return found
    return None


def monday(at: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week ``at`` is in."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), zone)


def _hours_breach(
    period: str, days: tuple[date, date], limit: float | None, span: Span, had: Sequence[Span], zone: ZoneInfo
) -> BookingRefusedError | None:
    if limit is None:
        return None
    start, end = midnight(days[0], zone), midnight(days[1], zone)
    used_h, more_h = (sum(_within(each, start, end) for each in spans) / 3600 for spans in (had, [span]))
    return refuse("quota_hours", limit_h=limit, period=period, used_h=used_h) if used_h + more_h > limit else None


def _within(span: Span, start: datetime, end: datetime) -> float:
    return max(0.0, (min(span[1], end) - max(span[0], start)).total_seconds())


def _concurrent(span: Span, standing: Sequence[Span], rules: Rules) -> BookingRefusedError | None:
    limit = rules.concurrent
    at_once = sum(1 for start, end in standing if start < span[1] and span[0] < end)
    return refuse("concurrent", limit=limit) if limit is not None and at_once >= limit else None


def _home_site(conn: psycopg.Connection, person_id: int) -> str | None:
    row = conn.execute(_QUERIES["home_site"], {"person_id": person_id}).fetchone()
    return row[0] if row else None
