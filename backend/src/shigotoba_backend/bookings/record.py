"""A booking read, and taken hold of by somebody who may.

Responsible for finding bookings and for rights. Refuses to change them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.settling import take_booth_of
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

QUERIES: Final = load("booking.sql", package="shigotoba_backend.bookings")


def get_booking(conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime) -> Booking:
    """A booking, for those who may act on it.

    Raises:
        BookingRefusedError: ``not_found``, also when it is somebody else's: that it exists is nobody's business.
    """
    booking = find(conn, booking_id, now)
    if booking is None or not may_act(conn, asker, booking):
        raise refuse("not_found", booking=str(booking_id))
    return booking


def find(conn: psycopg.Connection, booking_id: UUID, now: datetime) -> Booking | None:
    """A booking as it stands, for jobs and for what has already been allowed."""
    found = rows_of(conn, Booking, QUERIES["by_id"], {"booking_id": booking_id, "now": now})
    return found[0] if found else None


def reread(conn: psycopg.Connection, booking_id: UUID, now: datetime) -> Booking:
    """A booking that is known to be there."""
    return rows_of(conn, Booking, QUERIES["by_id"], {"booking_id": booking_id, "now": now})[0]


def taken(
    conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime, version: int | None = None
) -> Booking:
    """A booking with its booth settled and locked until the transaction ends.

    Raises:
        BookingRefusedError: ``not_found``, or ``stale`` when it is no longer the version that was seen.
    """
    take_booth_of(conn, booking_id, now)
    booking = get_booking(conn, asker, booking_id, now)
    if version is not None and version != booking.version:
        raise refuse("stale", version=booking.version)
    return booking


def may_act(conn: psycopg.Connection, asker: Asker, booking: Booking) -> bool:
    """Whether somebody may change a booking: owner, booker, a delegate of the owner, or who manages the site."""
    if asker.person_id in (booking.owner_id, booking.booker_id) or booking.site in asker.manages:
        return True
    return booking.owner_id is not None and books_for(conn, asker.person_id, booking.owner_id)


def books_for(conn: psycopg.Connection, person_id: int, owner_id: int) -> bool:
    """Whether ``owner_id`` has made ``person_id`` a delegate."""
    row = conn.execute(QUERIES["may_book_for"], {"person_id": person_id, "owner_id": owner_id}).fetchone()
    return row is not None and bool(row[0])


def my_bookings(conn: psycopg.Connection, person_id: int, now: datetime) -> list[Booking]:
    """What somebody has or has made for others, present and coming; offers first."""
    return rows_of(conn, Booking, QUERIES["present_and_coming"], {"person_id": person_id, "now": now})


def past_bookings(conn: psycopg.Connection, person_id: int, now: datetime, most: int = 50) -> list[Booking]:
    """What somebody had, newest first."""
    return rows_of(conn, Booking, QUERIES["past"], {"person_id": person_id, "now": now, "most": most})


def standing_at(
    conn: psycopg.Connection, space_ids: list[int], start: datetime, end: datetime, now: datetime
) -> list[Booking]:
    """What keeps these booths within [start, end), by start."""
    asked = {"spaces": space_ids, "start": start, "end": end, "now": now}
    return rows_of(conn, Booking, QUERIES["of_booth"], asked)


def waiting_for_approval(conn: psycopg.Connection, site: str, now: datetime) -> list[Booking]:
    """Bookings of a site that somebody has to agree to, by start."""
    return rows_of(conn, Booking, QUERIES["waiting_for_approval"], {"site": site, "now": now})


def unanswered(conn: psycopg.Connection, site: str, now: datetime) -> list[Booking]:
    """Uses at a site whose person was asked whether they are still there and has not answered, the oldest first."""
    return rows_of(conn, Booking, QUERIES["unanswered"], {"site": site, "now": now})
