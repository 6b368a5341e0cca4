"""A booth, or all booths of a site, taken out of use, and opened again.

Those who had booked are rehoused at once (see ``rehousing``). A closure that came another way, with a site file or on
the calendar, is found by the jobs, which then do the same.

Responsible for closing and opening again. Refuses to choose other booths.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg import errors

from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.record import standing_at
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.rehousing import Rehoused, rehouse
from shigotoba_backend.bookings.rules import Booth, booths_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("closing.sql", package="shigotoba_backend.bookings")
_FOREVER: Final = timedelta(days=366)

Place = tuple[str, str | None]
"""Code of a site, and of a booth there or None for all of it."""
During = tuple[datetime, datetime | None]
"""From when until when; without an end until it is opened again."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a place led to.

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


def close_place(
    conn: psycopg.Connection, asker: Asker, place: Place, during: During, reason: str, now: datetime
) -> Closed:
    """Takes a booth or a whole site out of use.

    Raises:
        BookingRefusedError: ``not_permitted``, ``not_found``, ``bad_range``; ``closed`` when it already is.
    """
    span = _span(asker, place, during, now)
    with conn.transaction():
        closed, others = _booths(conn, place, during[0])
        take_booths(conn, [booth.space_id for booth in (*closed, *others)], now)
        closure_id = _close(conn, place, during, reason)
        done = rehouse(conn, closed, others, span, Happening("closed", "staff", asker.person_id), now)
        return Closed(closure_id, done.moved, done.offered, done.cancelled)


def affected(conn: psycopg.Connection, asker: Asker, place: Place, during: During, now: datetime) -> list[Booking]:
    """The bookings a closure would rehouse, and the uses it would end, by start.

    Raises:
        BookingRefusedError: As ``close_place``.
    """
    span = _span(asker, place, during, now)
    closed, _ = _booths(conn, place, during[0])
    return standing_at(conn, [booth.space_id for booth in closed], max(span[0], now), span[1], now)


def reopen(conn: psycopg.Connection, asker: Asker, closure_id: int, now: datetime) -> None:
    """Opens a place again from this moment.

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


def rehouse_closed(conn: psycopg.Connection, now: datetime) -> int:
    """Rehouses whoever still has a booking in a closed place, however it was closed; how many bookings that were."""
    found = conn.execute(_QUERIES["with_bookings"], {"now": now}).fetchall()
    return sum(_rehouse_in(conn, (site, booth), (start, end), now) for site, booth, start, end in found)


def _rehouse_in(conn: psycopg.Connection, place: Place, during: During, now: datetime) -> int:
    with conn.transaction():
        closed, others = _booths(conn, place, max(during[0], now))
        take_booths(conn, [booth.space_id for booth in (*closed, *others)], now)
        done: Rehoused = rehouse(conn, closed, others, _bounded(during, now), Happening("closed", "job"), now)
    return len(done.moved) + len(done.cancelled)


def _span(asker: Asker, place: Place, during: During, now: datetime) -> tuple[datetime, datetime]:
    if place[0] not in asker.manages:
        raise refuse("not_permitted", site=place[0])
    start, end = _bounded(during, now)
    if end <= max(start, now):
        raise refuse("bad_range")
    return start, end


def _bounded(during: During, now: datetime) -> tuple[datetime, datetime]:
    return during[0], during[1] or max(during[0], now) + _FOREVER


def _booths(conn: psycopg.Connection, place: Place, at: datetime) -> tuple[list[Booth], list[Booth]]:
    """The booths that are closed, and the others of the site."""
    site, code = place
    booths = booths_of(conn, site, at)
    closed = [booth for booth in booths if code in (None, booth.booth)]
    if code is not None and not closed:
        raise refuse("not_found", site=site, booth=code)
    return closed, [booth for booth in booths if booth not in closed]


def _close(conn: psycopg.Connection, place: Place, during: During, reason: str) -> int:
    fields = {"site": place[0], "booth": place[1], "start": during[0], "end": during[1], "reason": reason}
    try:
        with conn.transaction():
            return conn.execute(_QUERIES["close"], fields).fetchall()[0][0]
    except errors.ExclusionViolation:
        raise refuse("closed", booth=place[1] or place[0]) from None
