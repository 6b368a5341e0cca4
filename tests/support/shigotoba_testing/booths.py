"""An office with booths and people, for whoever tests bookings.

Responsible for putting them into a database. Refuses to book.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.values import Book
from shigotoba_backend.site.description import Device, Floor, Holiday, OpeningHours, Site, SiteFile, Space
from shigotoba_backend.site.importing import import_site

NINE = datetime(2026, 11, 24, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 09:00 in Tokyo: an ordinary morning after a holiday."""

_SEE = """
WITH sensed AS (
    INSERT INTO shigotoba.point (device_id, name)
    SELECT device_id, 'occupancy'
    FROM shigotoba.device JOIN shigotoba.assignment USING (device_id) JOIN shigotoba.space USING (space_id)
    WHERE device.kind = 'booth_sensor' AND space.code = %(booth)s
    ON CONFLICT (device_id, name) DO UPDATE SET name = EXCLUDED.name
    RETURNING point_id
)
INSERT INTO shigotoba.latest AS held (point_id, at, value, changed_at)
SELECT point_id, %(at)s, %(value)s, %(at)s FROM sensed
ON CONFLICT (point_id) DO UPDATE SET at = %(at)s, value = %(value)s,
    changed_at = CASE WHEN held.value = %(value)s THEN held.changed_at ELSE %(at)s END
"""

_PRESSED = """
INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, 'button'
FROM shigotoba.device JOIN shigotoba.site USING (site_id) WHERE device.kind = 'booth_button' AND site.code = %s
ON CONFLICT (device_id, name) DO UPDATE SET name = EXCLUDED.name RETURNING point_id
"""

WORKDAYS = OpeningHours([1, 2, 3, 4, 5], "08:00", "20:00", date(2026, 1, 1), None)


def minute(minutes: float) -> datetime:
    """So many minutes after ``NINE``."""
    return NINE + timedelta(minutes=minutes)


def wish(start: float, end: float, booth: str = "3f-b1", **more: Any) -> Book:
    """A booth wanted between two minutes after ``NINE``."""
    return Book("honcho", booth, minute(start), minute(end), **more)


def refused(code: str) -> Any:
    """Expects the engine to refuse with that code."""
    return pytest.raises(BookingRefusedError, match=f"'{code}'")


def office(conn: psycopg.Connection, booths: int = 4, site: str = "honcho", always_open: bool = False) -> None:
    """A site of two floors with so many booths, ``3f-b1`` and so on, half of them on either floor."""
    floors = ("3f", "4f")
    import_site(
        conn,
        SiteFile(
            site=Site(site, "本庁舎", "Main building", "Asia/Tokyo"),
            floors=[Floor("3f", "3階", "3rd floor", 3), Floor("4f", "4階", "4th floor", 4)],
            spaces=[
                Space(f"{floor}-b{number}", floor, "booth", None, f"ブース{floor[0]}-{number}", 2, 5.0, number * 2.0)
                for floor in floors
                for number in range(1, (booths + 1) // 2 + 1)
            ][:booths],
            devices=[
                Device("enocean-fe001122", "booth_button", "3f-b1", 86_400.0),
                Device("ble-5448e68f80b1", "booth_sensor", "3f-b1", 60.0),
            ],
            assigned_from=datetime(2026, 10, 1, tzinfo=UTC),
            opening_hours=None if always_open else [WORKDAYS],
            holidays=[Holiday(date(2026, 11, 23), date(2026, 11, 24), "勤労感謝の日", "Labour Thanksgiving Day")],
        ),
    )


def people(conn: psycopg.Connection, count: int, called: str = "p") -> list[int]:
    """So many people with accounts, ``p1`` and so on; their numbers."""
    query = "INSERT INTO shigotoba.person (login) SELECT %s || n FROM generate_series(1, %s) AS n RETURNING person_id"
    return [row[0] for row in conn.execute(query, [called, count])]


def rules(conn: psycopg.Connection, **said: object) -> None:
    """What the organisation has agreed on, instead of what it had."""
    conn.execute("DELETE FROM shigotoba.booking_policy WHERE organisation_id = 1")
    conn.execute("INSERT INTO shigotoba.booking_policy (organisation_id, rules) VALUES (1, %s)", [Jsonb(said)])


def see(conn: psycopg.Connection, at: datetime, somebody: bool, booth: str = "3f-b1") -> None:
    """The presence sensor of a booth speaks."""
    conn.execute(_SEE, {"at": at, "value": float(somebody), "booth": booth})


def press(conn: psycopg.Connection, at: datetime, label: str = "AI", site: str = "honcho") -> None:
    """The rocker of 3f-b1 is pressed; the reading arrives, and no gateway says what it decided."""
    [point_id] = conn.execute(_PRESSED, [site]).fetchall()[0]
    conn.execute("SELECT shigotoba.ensure_reading_month_v1(%s)", [at])
    reading = """
    INSERT INTO shigotoba.reading (point_id, at, seq, label, uncertain) VALUES (%s, %s, %s, %s, false)
    ON CONFLICT DO NOTHING
    """
    conn.execute(reading, [point_id, at, round(at.timestamp() * 1000), label])
