"""What presence sensors say of bookings: a check-in, a doubt, or that nothing is known.

Where a gateway takes the same decision at the door, the first of the two counts and the second finds it done.

Responsible for bringing sight and bookings together. Refuses to end anything (see ``shigotoba_booth.presence``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.record import QUERIES, standing_at
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.rules import booth_by_id
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.sights import Sight, sights
from shigotoba_backend.bookings.using import came
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load
from shigotoba_booth.holds import Hold
from shigotoba_booth.presence import Doubt, decide_presence, doubt

_QUERIES: Final = load("witness.sql", package="shigotoba_backend.jobs")


def witness(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Looks at every booth with a presence sensor; how many bookings that changed."""
    return sum(_look_at(conn, space_id, sight, now) for space_id, sight in sights(conn, now).items())


def _look_at(conn: psycopg.Connection, space_id: int, sight: Sight, now: datetime) -> int:
    with conn.transaction():
        rules = booth_by_id(conn, space_id, now).rules
        near = now + rules.at_the_door.early_check_in + timedelta(microseconds=1)
        if not standing_at(conn, [space_id], now, near, now):
            return 0
        take_booths(conn, [space_id], now)
        bookings = standing_at(conn, [space_id], now, near, now)
        if sight.sensor == "occupied":
            return _seen(conn, bookings, now) if rules.presence_checks_in else 0
        if sight.sensor == "unknown":
            return sum(_blind(conn, booking, now) for booking in bookings if booking.start <= now)
        patience, answer_in = timedelta(minutes=rules.patience_min), timedelta(minutes=rules.answer_min)
        return sum(_unseen(conn, booking, sight, (patience, answer_in), now) for booking in bookings)


def _seen(conn: psycopg.Connection, bookings: list[Booking], now: datetime) -> int:
    by_start = {booking.start: booking for booking in bookings if booking.state in ("held", "checked_in")}
    holds = [Hold(each.start, each.end, None, each.state == "checked_in", each.made_at) for each in by_start.values()]
    # What stands is settled, and each knows from when it can be checked in to, so no policy but that is asked.
    policy = booth_by_id(conn, bookings[0].space_id, now).rules.at_the_door
    decision = decide_presence(now, holds, policy)
    if decision is None:
        return 0
    try:
        came(conn, by_start[decision.hold.start], "presence", now, None)
    except BookingRefusedError:
        # Waits for approval, or opens a moment later.
        return 0
    return 1


def _blind(conn: psycopg.Connection, booking: Booking, now: datetime) -> int:
    if booking.state != "held":
        return 0
    if conn.execute(_QUERIES["mark_blind"], {"booking_id": booking.booking_id}).rowcount:
        note(conn, booking.booking_id, now, Happening("sensor_silent", "presence"))
        return 1
    return 0


def _unseen(
    conn: psycopg.Connection, booking: Booking, sight: Sight, waits: tuple[timedelta, timedelta], now: datetime
) -> int:
    if booking.state != "checked_in" or booking.checked_in_at is None:
        return 0
    row = conn.execute(_QUERIES["answered_at"], {"booking_id": booking.booking_id}).fetchone()
    since = max(sight.since or now, booking.checked_in_at, row[0] if row and row[0] else booking.checked_in_at)
    match doubt(now, since, booking.asked_at, *waits):
        case Doubt.ASK:
            conn.execute(QUERIES["ask"], {"booking_id": booking.booking_id, "at": now})
            note(conn, booking.booking_id, now, Happening("asked", "presence"))
            return 1
        case Doubt.TELL_STAFF:
            told = conn.execute(_QUERIES["staff_told"], {"booking_id": booking.booking_id, "since": booking.asked_at})
            if told.fetchone() is None:
                note(conn, booking.booking_id, now, Happening("nobody_seen", "presence"))
                return 1
            return 0
        case Doubt.NONE:
            return 0
