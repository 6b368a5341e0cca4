"""What happened at a door while nobody here could know, brought into the bookings (design section 4, point 5).

It has happened, so it is not judged again: occupancy wins. A booking that stands in its way and that nobody has come
to is withdrawn, and its person told. A booking that was released here while its person sat there is in use again. A use
ends a pause before the next booking, and where that would leave nothing of it, the pause gives way.

Responsible for that. Refuses to know gateways and messages (see ``jobs.decisions``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from msgspec import structs

from shigotoba_backend.bookings.changing import withdraw
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.making import enter
from shigotoba_backend.bookings.record import QUERIES, find, standing_at
from shigotoba_backend.bookings.rules import Booth, booth_by_id
from shigotoba_backend.bookings.values import Booking, Means, WalkIn

Span = tuple[datetime, datetime]

_AT_THE_DOOR = "gateway"


def walked_in(conn: psycopg.Connection, booth: Booth, span: Span, now: datetime) -> Booking | None:
    """Somebody walked in; None when another use that is known leaves nothing of it."""
    wish = WalkIn(booth.site, booth.booth, source="gateway")
    for place in (booth, replace(booth, rules=structs.replace(booth.rules, buffer_min=0))):
        free = _cleared(conn, place, span, None, now)
        if free is not None:
            return enter(conn, place, free, None, wish, now)
    return None


def checked_in(conn: psycopg.Connection, booking_id: UUID, at: datetime, means: Means, now: datetime) -> str:
    """The person of a booking came at ``at``; what became of it, in a word."""
    booking = find(conn, booking_id, now)
    if booking is None or booking.state in ("cancelled", "ended", "checked_in"):
        return "known" if booking is not None and booking.state != "cancelled" else "gone"
    agreed_end = conn.execute(QUERIES["agreed_end"], {"booking_id": booking_id}).fetchall()[0][0]
    booth = booth_by_id(conn, booking.space_id, booking.start)
    free = _cleared(conn, booth, (min(at, booking.start), agreed_end), booking_id, now)
    if free is None:
        return "gone"
    fields = {"booking_id": booking_id, "start": free[0], "end": free[1], "at": at, "means": means}
    conn.execute(QUERIES["revive"], fields)
    conn.execute(QUERIES["lift_strike"], {"booking_id": booking_id, "now": now})
    note(conn, booking_id, at, Happening("checked_in", _AT_THE_DOOR))
    return "done"


def extended(conn: psycopg.Connection, booking_id: UUID, until: datetime, at: datetime, now: datetime) -> str:
    """A use was made longer at the door."""
    booking = find(conn, booking_id, now)
    if booking is None or booking.checked_in_at is None or until <= booking.end:
        return "known"
    free = _cleared(conn, booth_by_id(conn, booking.space_id, at), (booking.end, until), booking_id, now)
    if free is None or free[0] != booking.end:
        return "gone"
    fields = {
        "booking_id": booking_id, "start": booking.start, "end": free[1], "at": booking.checked_in_at,
        "means": booking.checked_in_by,
    }  # fmt: skip
    conn.execute(QUERIES["revive"], fields)
    conn.execute(QUERIES["agree_end"], {"booking_id": booking_id, "end": free[1]})
    note(conn, booking_id, at, Happening("extended", _AT_THE_DOOR), {"until": free[1].isoformat()})
    return "done"


def ended(conn: psycopg.Connection, booking_id: UUID, at: datetime, now: datetime) -> str:
    """A use ended at the door, perhaps before it ended here by itself."""
    booking = find(conn, booking_id, now)
    if booking is None or booking.checked_in_at is None or at >= booking.end:
        return "known"
    conn.execute(QUERIES["end_now"], {"booking_id": booking_id, "at": at})
    recovered_s = (booking.end - max(at, booking.start)).total_seconds()
    note(conn, booking_id, at, Happening("ended", _AT_THE_DOOR), {"recovered_s": recovered_s})
    return "done"


def _cleared(conn: psycopg.Connection, booth: Booth, span: Span, besides: UUID | None, now: datetime) -> Span | None:
    """What of a span can be had once bookings nobody came to are out of the way; None for nothing."""
    (start, end), pause = span, timedelta(minutes=booth.rules.buffer_min)
    for other in standing_at(conn, [booth.space_id], start - pause, end + pause, now):
        if other.booking_id == besides:
            continue
        if other.state != "checked_in" and other.start < span[1] and span[0] < other.end:
            withdraw(conn, other, Happening("displaced", _AT_THE_DOOR), now)
        elif other.start <= start:
            start = max(start, other.end + pause)
        else:
            end = min(end, other.start - pause)
    return (start, end) if start + timedelta(seconds=1) < end else None
