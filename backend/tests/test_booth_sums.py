"""Sums of bookings and uses of booths, which one statement works out, against the same counted tick by tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.indicators.places import places_of
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.telemetry.bookings import Booked, booked_of
from shigotoba_backend.indicators.telemetry.stretches import Stretch
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

JAPAN = ZoneInfo("Asia/Tokyo")
TICK = timedelta(minutes=5)
BEGIN, DAYS = datetime(2026, 9, 28, tzinfo=JAPAN), 6
TICKS, A_DAY = range(DAYS * 288), 288
NOW, SENSED_FROM = 5 * A_DAY + 160, A_DAY
MONTHS = [Stretch(date(2026, 9, 1), date(2026, 10, 1)), Stretch(date(2026, 10, 1), date(2026, 11, 1))]
SPANS = [range(3 * A_DAY), range(3 * A_DAY, NOW)]
HOLDING = ("held", "checked_in", "ended", "released")
BOOTHS = ("3f-b1", "3f-b2", "3f-b3")
"""With a sensor from the second day on, without one, and with one but closed for some hours of its own."""
SENSED = {"3f-b1", "3f-b3"}

OFFICE = """
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT site_id, floor_id, made.code, 'booth', made.code, 1, 0, 0
FROM shigotoba.floor, unnest('{3f-b2,3f-b3}'::text[]) AS made (code);
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'on-' || code, 'booth_sensor', 60 FROM shigotoba.space WHERE code IN ('3f-b1', '3f-b3');
INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-09-29 00:00+09,)'
FROM shigotoba.device JOIN shigotoba.space ON device.code = 'on-' || space.code;
INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
SELECT site_id, space_id, '[2026-09-30 10:00+09, 2026-09-30 15:00+09)', 'x' FROM shigotoba.space WHERE code = '3f-b3'
"""
HOURS = """
INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, '[2026-09-28,)', int4range(%s, %s) FROM shigotoba.site, generate_series(1, 7) AS weekday
"""
BOOK = """
INSERT INTO shigotoba.booking (space_id, booked, during, state, source, made_at, checked_in_at, checked_in_by,
                               lapses_at, check_in_from, walk_in, sensor_dead)
SELECT space_id, tstzrange(%(first)s, %(beyond)s), tstzrange(%(kept_from)s, %(kept_to)s), %(state)s, 'phone', %(first)s,
       %(came)s, CASE WHEN %(came)s::timestamptz IS NOT NULL THEN 'phone' END, %(first)s, %(first)s, %(walk_in)s, false
FROM shigotoba.space WHERE code = %(booth)s
ON CONFLICT DO NOTHING RETURNING booking_id
"""
USED = (
    "INSERT INTO shigotoba.{} (space_id, during, source) SELECT space_id, tstzrange(%s, %s), 'x' FROM shigotoba.space"
)
KNOWN = """
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, unnest(%s::timestamptz[]), 0, 900, 0 FROM shigotoba.space WHERE code = %s
"""
HIDDEN_BEFORE = """
SELECT space_id, during FROM shigotoba.booth_use WHERE NOT EXISTS (
    SELECT FROM shigotoba.booking
    WHERE booking.space_id = booth_use.space_id AND checked_in_at < upper(booth_use.during)
      AND upper(booking.during) > lower(booth_use.during))
ORDER BY space_id, during
"""
HIDDEN_NOW = "SELECT space_id, during FROM shigotoba.booth_used_v1 WHERE booking_id IS NULL ORDER BY space_id, during"


@dataclass(frozen=True)
class Booking:
    """One booking; ``kept`` is empty where nothing of it was."""

    booth: str
    booked: range
    kept: range
    state: str
    came: int | None
    walk_in: bool

    @property
    def used(self) -> range:
        begins = len(TICKS) if self.came is None else max(self.came, self.kept.start)
        return range(begins, self.kept.stop) if self.kept and begins < self.kept.stop else range(0)

    @property
    def slot(self) -> range:
        settled = self.state in ("ended", "released")
        return range(
            max(self.kept.stop, self.booked.start) if self.kept else self.booked.start,
            self.booked.stop if settled else 0,
        )


@dataclass(frozen=True)
class Office:
    """What happened, and in which ticks the office was open."""

    bookings: list[Booking]
    seen: dict[str, list[range]]
    pressed: dict[str, list[range]]
    known: dict[str, set[int]]
    open_ticks: range


def at(tick: int) -> datetime:
    return BEGIN + tick * TICK


def some(rng: Random, longest: int, first: int = 0) -> range:
    begins = rng.randrange(first, len(TICKS) - longest)
    return range(begins, begins + rng.randint(1, longest))


def apart(spans: Iterable[range]) -> list[range]:
    kept: list[range] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or kept[-1].stop <= span.start:
            kept.append(span)
    return kept


def drawn(rng: Random) -> Booking:
    booked = some(rng, 40)
    state = rng.choice(("ended", "ended", "released", "cancelled", "held", "checked_in"))
    stop = rng.randint(booked.start, booked.stop)
    kept = {"ended": range(booked.start, stop), "released": range(booked.start, stop), "cancelled": range(0)}.get(
        state, booked
    )
    came = (
        rng.randint(booked.start - 2, booked.stop + 2)
        if state in ("ended", "checked_in") or rng.random() < 0.1
        else None
    )
    return Booking(rng.choice(BOOTHS), booked, kept, state, came, rng.random() < 0.2)


def lived_in(conn: psycopg.Connection, rng: Random) -> Office:
    hours = rng.choice(((108, 204), (0, 288)))
    conn.execute(HOURS, [5 * hour for hour in hours])
    bookings = [booking for booking in (drawn(rng) for _ in range(120)) if book(conn, booking)]
    seen = {booth: apart(some(rng, 12, SENSED_FROM) for _ in range(40)) for booth in SENSED}
    pressed = {booth: apart(some(rng, 12) for _ in range(40)) for booth in BOOTHS}
    for table, uses in (("booth_session", seen), ("booth_use", pressed)):
        for booth, spans in uses.items():
            with conn.cursor() as cursor:
                rows = [(at(span.start), at(span.stop), booth) for span in spans]
                cursor.executemany(USED.format(table) + " WHERE code = %s", rows)
    known = {booth: quarters(rng) for booth in SENSED}
    for booth, ticks in known.items():
        conn.execute(KNOWN, [[at(tick) for tick in sorted(ticks) if tick % 3 == 0], booth])
    return Office(bookings, seen, pressed, known, range(*hours))


def quarters(rng: Random) -> set[int]:
    """Ticks of which the sensor speaks: whole days, none, or some quarters of an hour."""
    shares = [rng.choice((0.0, 0.7, 1.0, 1.0)) for _ in range(DAYS)]
    heard = [tick for tick in TICKS if tick % 3 == 0 and rng.random() < shares[tick // A_DAY]]
    return {tick + part for tick in heard for part in range(3)}


def book(conn: psycopg.Connection, booking: Booking) -> bool:
    told = {
        "booth": booking.booth,
        "first": at(booking.booked.start),
        "beyond": at(booking.booked.stop),
        "kept_from": at(booking.kept.start),
        "kept_to": at(booking.kept.stop),
        "state": booking.state,
        "came": None if booking.came is None else at(booking.came),
        "walk_in": booking.walk_in,
    }
    return conn.execute(BOOK, told).fetchone() is not None


def uses_of(office: Office, booth: str) -> list[range]:
    """What sensor, or booking and button without one, tell; pieces that a sensor did not yet cut are as they began."""
    mine = [each for each in office.bookings if each.booth == booth]
    hides = [(each.came, each.kept.stop) for each in mine if each.came is not None and each.kept]
    told = [each.used for each in mine if each.used] + [
        span
        for span in office.pressed[booth]
        if not any(came < span.stop and until > span.start for came, until in hides)
    ]
    limit = SENSED_FROM if booth in SENSED else len(TICKS)
    return office.seen.get(booth, []) + [
        range(span.start, min(span.stop, limit)) for span in told if span.start < limit
    ]


def counted(office: Office, span: range) -> Booked:
    rows = [counted_at(office, booth, span) for booth in BOOTHS]
    sums = {field.name: sum(getattr(row, field.name) for row in rows) for field in fields(Booked)}
    return Booked(**sums | {"has_bare": any(row.has_bare for row in rows)})


def counted_at(office: Office, booth: str, span: range) -> Booked:
    shut = range(2 * A_DAY + 120, 2 * A_DAY + 180) if booth == "3f-b3" else range(0)
    opened = {tick for tick in span if tick % A_DAY in office.open_ticks and tick not in shut}
    sensed = {tick for tick in span if booth in SENSED and tick >= SENSED_FROM}
    mine = [each for each in office.bookings if each.booth == booth]
    uses = [use for use in uses_of(office, booth) if use.start < NOW]
    used = opened & ticks(uses)
    booked = opened & ticks(each.booked for each in mine if each.state in HOLDING and not each.walk_in)
    watched = (opened - sensed) | office.known.get(booth, set())
    here = [each for each in mine if each.booked.start in span]
    made = [each for each in here if not each.walk_in]
    reached = [each for each in made if each.state in ("checked_in", "ended", "released")]
    again = [
        set(each.slot)
        & (ticks(uses) | ticks(other.booked for other in mine if other is not each and other.state in HOLDING))
        for each in here
    ]
    return Booked(
        open_s=300 * len(opened),
        used_s=300 * len(used),
        booked_s=300 * len(booked),
        used_booked_s=300 * len(used & booked),
        watched_booked_s=300 * len(booked & watched),
        watched_used_s=300 * len(used & booked & watched),
        has_bare=bool(opened - sensed),
        reached=len(reached),
        observed=len(reached),
        unused=sum(each.state == "released" for each in made),
        made=len(made),
        cancelled_late=0,
        recovered_s=300 * sum(len(each.slot) for each in here),
        reused_s=300 * sum(map(len, again)),
        uses=sum(use.start in span for use in uses),
    )


def ticks(spans: Iterable[range]) -> set[int]:
    return {tick for span in spans for tick in span}


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_booths_are_what_counting_every_five_minutes_gives(
    conn: psycopg.Connection, small_site: SiteFile, seed: int
) -> None:
    conn.execute(OFFICE)
    office = lived_in(conn, Random(seed))
    (told,) = booked_of(conn, places_of(conn, [site("honcho")], MONTHS[1].first), MONTHS, at(NOW))
    assert told == [counted(office, span) for span in SPANS]
    assert told[0].reused_s > 0
    assert told[0].booked_s > told[0].watched_booked_s > 0
    now = conn.execute(HIDDEN_NOW).fetchall()
    assert now == conn.execute(HIDDEN_BEFORE).fetchall()
    assert 0 < len(now) < sum(map(len, office.pressed.values()))
