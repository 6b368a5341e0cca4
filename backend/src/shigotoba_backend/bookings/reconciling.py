"""What happened at a door while nobody here could know, brought into the bookings (design section 4, point 5).

It has happened, so it is not judged again: occupancy wins. A booking that stands in its way and that nobody has come
to is withdrawn, and its person told. A booking that was released here while its person sat there is in use again.

Responsible for that. Refuses to know gateways and messages (see ``jobs.decisions``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.changing import withdraw
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.making import enter
from shigotoba_backend.bookings.record import QUERIES, find, standing_at
from shigotoba_backend.bookings.rules import Booth
from shigotoba_backend.bookings.values import Booking, Means, WalkIn

Span = tuple[datetime, datetime]

_AT_THE_DOOR = "gateway"


def walked_in(conn: psycopg.Connection, booth: Booth, span: Span, now: datetime) -> Booking | None:
    """Somebody walked in; None when another use that is known leaves nothing of it."""
    free = _cleared(conn, booth.space_id, span, None, now)
    return enter(conn, booth, free, None, WalkIn(booth.site, booth.booth, source="gateway"), now) if free else None


def checked_in(conn: psycopg.Connection, booking_id: UUID, at: datetime, means: Means, now: datetime) -> str:
    """The person of a booking came at ``at``; what became of it, in a word."""
    booking = find(conn, booking_id, now)
    if booking is None or booking.state in ("cancelled", "ended", "checked_in"):
        return "known" if booking is not None and booking.state != "cancelled" else "gone"
    agreed_end = conn.execute(QUERIES["agreed_end"], {"booking_id": booking_id}).fetchall()[0][0]
    free = _cleared(conn, booking.space_id, (min(at, booking.start), agreed_end), booking_id, now)
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
    free = _cleared(conn, booking.space_id, (booking.end, until), booking_id, now)
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


def _cleared(conn: psycopg.Connection, space_id: int, span: Span, besides: UUID | None, now: datetime) -> Span | None:
    """What of a span can be had once bookings nobody came to are out of the way; None for nothing."""
    start, end = span
    for other in standing_at(conn, [space_id], start, end, now):
        if other.booking_id == besides:
            continue
        if other.state == "checked_in":
            start, end = (max(start, other.end), end) if other.start <= start else (start, min(end, other.start))
        else:
            withdraw(conn, other, Happening("displaced", _AT_THE_DOOR), now)
    return (start, end) if start + timedelta(seconds=1) < end else None
