"""A booth taken out of use at short notice, and what becomes of those who had booked it.

Each is moved to a booth of the same floor that is free for the whole time; otherwise a booth elsewhere, or the nearest
time, is offered and kept for them until their start; otherwise they lose the booking. All are told.

Responsible for closing and opening again. Refuses closures of whole sites (see the site file).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg import errors

from shigotoba_backend.bookings.changing import relocate, withdraw
from shigotoba_backend.bookings.finding import availability
from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.record import reread, standing_at
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth, booth_of, booths_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.using import left
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.bookings.waiting import offer
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("closing.sql", package="shigotoba_backend.bookings")
_FOREVER: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a booth led to.

    Attributes:
        closure_id: To open it again.
        moved: Bookings that are in another booth now.
        offered: Booths kept for those who could not be moved.
        cancelled: Bookings that are lost, those with an offer included.
    """

    closure_id: int
    moved: tuple[Booking, ...]
    offered: tuple[Booking, ...]
    cancelled: tuple[Booking, ...]


def close_booth(
    conn: psycopg.Connection, asker: Asker, booth: tuple[str, str], during: tuple[datetime, datetime | None],
    reason: str, now: datetime,
) -> Closed:  # fmt: skip
    """Takes a booth, given by the codes of its site and its own, out of use; without an end until it is opened again.

    Raises:
        BookingRefusedError: ``not_permitted``, ``not_found``, ``bad_range``; ``closed`` when it already is.
    """
    if booth[0] not in asker.manages:
        raise refuse("not_permitted", site=booth[0])
    start, end = during[0], during[1] or during[0] + _FOREVER
    if end <= max(start, now):
        raise refuse("bad_range")
    with conn.transaction():
        place = booth_of(conn, booth[0], booth[1], start)
        others = [other for other in booths_of(conn, booth[0], start) if other.space_id != place.space_id]
        take_booths(conn, [place.space_id, *(other.space_id for other in others)], now)
        closure_id = _close(conn, place, (start, during[1]), reason)
        closed = Closed(closure_id, (), (), ())
        for booking in standing_at(conn, [place.space_id], max(start, now), end, now):
            closed = _rehouse(conn, closed, booking, others, Happening("closed", "staff", asker.person_id), now)
        return closed


def reopen(conn: psycopg.Connection, asker: Asker, closure_id: int, now: datetime) -> None:
    """Opens a booth again from this moment.

    Raises:
        BookingRefusedError: ``not_found``, ``not_permitted``.
    """
    with conn.transaction():
        row = conn.execute(_QUERIES["site_of"], {"closure_id": closure_id}).fetchone()
        if row is None:
            raise refuse("not_found", closure=closure_id)
        if row[0] not in asker.manages:
            raise refuse("not_permitted", site=row[0])
        conn.execute(_QUERIES["reopen"], {"closure_id": closure_id, "now": now})
        conn.execute(_QUERIES["forget_future"], {"closure_id": closure_id, "now": now})


def _close(conn: psycopg.Connection, booth: Booth, during: tuple[datetime, datetime | None], reason: str) -> int:
    fields = {
        "site_id": booth.site_id, "space_id": booth.space_id, "start": during[0], "end": during[1], "reason": reason,
    }  # fmt: skip
    try:
        with conn.transaction():
            return conn.execute(_QUERIES["close"], fields).fetchall()[0][0]
    except errors.ExclusionViolation:
        raise refuse("closed", booth=booth.booth) from None


def _rehouse(
    conn: psycopg.Connection, closed: Closed, booking: Booking, others: list[Booth], why: Happening, now: datetime
) -> Closed:
    if booking.state == "checked_in":
        return Closed(*_parts(closed, cancelled=left(conn, booking, now, why)))
    span = (booking.start, booking.end)
    free = [each.booth for each in availability(conn, others, *span, now) if span in each.free]
    same_floor = [booth for booth in free if booth.floor == booking.floor]
    if same_floor and booking.state == "held":
        what = Happening("moved_by_closure", why.via, why.actor_id)
        return Closed(*_parts(closed, moved=relocate(conn, booking, same_floor[0], span, what, now)))
    what = Happening("cancelled_by_closure", why.via, why.actor_id)
    gone = withdraw(conn, booking, what, now)
    offered = _offer_one(conn, booking, free, now)
    return Closed(*_parts(closed, cancelled=gone, offered=offered))


def _offer_one(conn: psycopg.Connection, booking: Booking, free: list[Booth], now: datetime) -> Booking | None:
    for booth in free if booking.owner_id is not None else []:
        grace = timedelta(minutes=booth.rules.grace_min)
        try:
            made = offer(
                conn, booth, (booking.start, booking.end), booking.owner_id or 0, max(booking.start, now) + grace, now,
                booking.booking_id,
            )  # fmt: skip
        except BookingRefusedError:
            continue
        return reread(conn, made.booking_id, now)
    return None


def _parts(
    closed: Closed, moved: Booking | None = None, offered: Booking | None = None, cancelled: Booking | None = None
) -> tuple[int, tuple[Booking, ...], tuple[Booking, ...], tuple[Booking, ...]]:
    return (
        closed.closure_id,
        (*closed.moved, *([moved] if moved else [])),
        (*closed.offered, *([offered] if offered else [])),
        (*closed.cancelled, *([cancelled] if cancelled else [])),
    )
