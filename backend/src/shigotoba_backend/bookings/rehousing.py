"""What becomes of bookings in booths that are closed.

Each is moved to a booth of the same floor that is free for the whole time, with room for its guests and open to its
person; otherwise one elsewhere on the site at the same time is offered and kept until the booking's start; otherwise it
is lost. Whoever had an offer from the waitlist waits on at the same place. A use goes on until the closure begins. All
are told, for each step is an event.

Responsible for that choice. Refuses to close anything (see ``closing``), and to send anybody to another site: a journey
is for the person to decide, whose page leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import psycopg

from shigotoba_backend.bookings.changing import relocate, withdraw
from shigotoba_backend.bookings.finding import availability
from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.quotas import is_welcome
from shigotoba_backend.bookings.record import reread, standing_at
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.rules import Booth
from shigotoba_backend.bookings.using import left
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.bookings.waiting import Proposal, offer, wait_again


@dataclass(frozen=True, slots=True)
class Rehoused:
    """What became of the bookings.

    Attributes:
        moved: Those that are in another booth now.
        offered: Booths kept for those who could not be moved.
        cancelled: Those that are lost, the ones with an offer included.
    """

    moved: tuple[Booking, ...] = ()
    offered: tuple[Booking, ...] = ()
    cancelled: tuple[Booking, ...] = ()


def rehouse(
    conn: psycopg.Connection, closed: Sequence[Booth], others: Sequence[Booth], during: tuple[datetime, datetime],
    why: Happening, now: datetime,
) -> Rehoused:  # fmt: skip
    """Rehouses whoever has one of the ``closed`` booths within the span; the locks of all booths are taken."""
    done = Rehoused()
    for booking in standing_at(conn, [booth.space_id for booth in closed], max(during[0], now), during[1], now):
        if booking.state != "checked_in":
            done = _one(conn, done, booking, others, why, now)
        elif during[0] <= now:
            done = replace(done, cancelled=(*done.cancelled, left(conn, booking, now, why)))
    return done


def _one(
    conn: psycopg.Connection, done: Rehoused, booking: Booking, others: Sequence[Booth], why: Happening, now: datetime
) -> Rehoused:
    span, fitting = (booking.start, booking.end), [booth for booth in others if _suits(conn, booth, booking)]
    free = [each.booth for each in availability(conn, fitting, *span, now) if span in each.free]
    same_floor = [booth for booth in free if booth.floor == booking.floor]
    if moved := _move_one(conn, booking, same_floor, replace(why, kind="moved_by_closure"), now):
        return replace(done, moved=(*done.moved, moved))
    gone = withdraw(conn, booking, replace(why, kind="cancelled_by_closure"), now)
    offered = None if wait_again(conn, booking.booking_id) else _offer_one(conn, booking, free, now)
    return replace(done, cancelled=(*done.cancelled, gone), offered=(*done.offered, *([offered] if offered else [])))


def _suits(conn: psycopg.Connection, booth: Booth, booking: Booking) -> bool:
    welcome = booking.owner_id is None or is_welcome(conn, booth, booking.owner_id)
    return welcome and booth.capacity > booking.guests


def _move_one(
    conn: psycopg.Connection, booking: Booking, free: list[Booth], what: Happening, now: datetime
) -> Booking | None:
    """The booking in the first of these booths where the pause behind it is free as well."""
    for booth in free if booking.state == "held" else []:
        try:
            return relocate(conn, booking, booth, (booking.start, booking.end), what, now)
        except BookingRefusedError:
            continue
    return None


def _offer_one(conn: psycopg.Connection, booking: Booking, free: list[Booth], now: datetime) -> Booking | None:
    for booth in free if booking.owner_id is not None else []:
        until = max(booking.start, now) + timedelta(minutes=booth.rules.grace_min)
        party = (booking.guests, booking.purpose, booking.booking_id)
        proposal = Proposal(booking.owner_id or 0, booking.start, booking.end, until, *party)
        try:
            made = offer(conn, booth, proposal, now)
        except BookingRefusedError:
            continue
        return reread(conn, made.booking_id, now)
    return None
