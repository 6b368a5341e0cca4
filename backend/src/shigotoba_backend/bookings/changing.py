"""A booking moved, cancelled, handed over, agreed to.

Responsible for changes of mind before the use. Refuses what is done while it is used (see ``using``).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.bookings.checks import check_company, check_free, check_in_from, check_span, lapse
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.making import instead, refused_if_taken
from shigotoba_backend.bookings.quotas import check_person, check_strikes, midnight
from shigotoba_backend.bookings.record import QUERIES, get_booking, reread, taken
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.rules import Booth, booth_by_id, booth_of
from shigotoba_backend.bookings.settling import take_booths, take_person
from shigotoba_backend.bookings.values import Asker, Booking, Move
from shigotoba_backend.read.rows import rows_of


def move(conn: psycopg.Connection, asker: Asker, wish: Move, now: datetime) -> Booking:
    """Takes a booking to another booth or time; every rule is asked again.

    Raises:
        BookingRefusedError: As in ``book``, and ``stale``, ``wrong_state``.
    """
    seen = get_booking(conn, asker, wish.booking_id, now)
    span = (wish.start or seen.start, wish.end or seen.end)
    target = wish.booth or seen.booth
    wanted = Wanted(seen.site, *span, capacity=seen.guests + 1)
    with instead(conn, wanted, target, now, asker.person_id), conn.transaction():
        booth = booth_of(conn, seen.site, target, span[0])
        if seen.owner_id is not None:
            take_person(conn, seen.owner_id)
        take_booths(conn, [seen.space_id, booth.space_id], now)
        booking = _held(taken(conn, asker, wish.booking_id, now, wish.version))
        check_span(booth, span, now)
        check_company(booth, booking.guests)
        check_free(conn, booth, span, now, booking.booking_id)
        if booking.owner_id is not None:
            check_strikes(conn, booking.owner_id, booth.rules, now)
            check_person(conn, booth, booking.owner_id, span, now, booking.booking_id)
        return relocate(conn, booking, booth, span, Happening("moved", "phone", asker.person_id), now)


def relocate(
    conn: psycopg.Connection,
    booking: Booking,
    booth: Booth,
    span: tuple[datetime, datetime],
    what: Happening,
    now: datetime,
) -> Booking:
    """The move itself, once nothing speaks against it.

    Raises:
        BookingRefusedError: ``taken``.
    """
    fields: dict[str, object] = {
        "booking_id": booking.booking_id, "space_id": booth.space_id, "start": span[0], "end": span[1],
        "buffer": timedelta(minutes=booth.rules.buffer_min), "check_in_from": check_in_from(booth, span[0]),
        "lapses_at": lapse(booth, span, now),
    }  # fmt: skip
    with refused_if_taken(conn, booth, fields, now):
        conn.execute(QUERIES["move"], fields)
    facts = {
        "from": {"booth": booking.booth, "start": booking.start.isoformat(), "end": booking.end.isoformat()},
        "to": {"booth": booth.booth, "start": span[0].isoformat(), "end": span[1].isoformat()},
    }
    note(conn, booking.booking_id, now, what, facts)
    return reread(conn, booking.booking_id, now)


def cancel(
    conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime, version: int | None = None
) -> Booking:
    """Takes a booking or an offer back. Doing so twice changes nothing.

    Raises:
        BookingRefusedError: ``wrong_state`` once somebody has checked in (see ``end_early``), ``stale``.
    """
    with conn.transaction():
        booking = taken(conn, asker, booking_id, now, version)
        if booking.state == "cancelled":
            return booking
        if booking.state not in ("offered", "held"):
            raise refuse("wrong_state", state=booking.state)
        return withdraw(conn, booking, Happening("cancelled", "phone", asker.person_id), now)


def withdraw(conn: psycopg.Connection, booking: Booking, what: Happening, now: datetime) -> Booking:
    """The cancellation itself, of a booking that is ``taken``."""
    conn.execute(QUERIES["cancel"], {"booking_id": booking.booking_id, "at": now})
    note(conn, booking.booking_id, now, what, {"recovered_s": (booking.end - max(booking.start, now)).total_seconds()})
    return reread(conn, booking.booking_id, now)


def cancel_range(
    conn: psycopg.Connection, asker: Asker, first: date, last: date, now: datetime, zone: ZoneInfo
) -> list[Booking]:
    """Cancels everything of one's own that begins on these days, both included, and has not begun."""
    asked = {
        "person_id": asker.person_id, "now": now,
        "start": midnight(first, zone), "end": midnight(last + timedelta(days=1), zone),
    }  # fmt: skip
    with conn.transaction():
        found = rows_of(conn, Booking, QUERIES["in_days"], asked)
        take_booths(conn, [booking.space_id for booking in found], now)
        return [cancel(conn, asker, booking.booking_id, now) for booking in found]


def hand_over(conn: psycopg.Connection, asker: Asker, booking_id: UUID, to_person: int, now: datetime) -> Booking:
    """Makes a booking somebody else's, whose quotas then hold.

    Raises:
        BookingRefusedError: Quotas of that person; ``wrong_state``.
    """
    with conn.transaction():
        take_person(conn, to_person)
        booking = _held(taken(conn, asker, booking_id, now))
        booth = booth_by_id(conn, booking.space_id, booking.start)
        check_strikes(conn, to_person, booth.rules, now)
        check_person(conn, booth, to_person, (booking.start, booking.end), now, booking_id)
        conn.execute(QUERIES["hand_over"], {"booking_id": booking_id, "owner_id": to_person})
        facts = {"from": booking.owner_id, "to": to_person}
        note(conn, booking_id, now, Happening("handed_over", "phone", asker.person_id), facts)
        return reread(conn, booking_id, now)


def decide_approval(conn: psycopg.Connection, asker: Asker, booking_id: UUID, granted: bool, now: datetime) -> Booking:
    """Agrees to a booking, or not.

    Raises:
        BookingRefusedError: ``not_permitted``; ``wrong_state`` when nobody waits for it.
    """
    with conn.transaction():
        booking = taken(conn, asker, booking_id, now)
        if booking.site not in asker.manages:
            raise refuse("not_permitted")
        if booking.state != "held" or booking.approval != "waiting":
            raise refuse("wrong_state", state=booking.state, approval=booking.approval)
        if not granted:
            return withdraw(conn, booking, Happening("refused", "staff", asker.person_id), now)
        conn.execute(QUERIES["grant"], {"booking_id": booking_id})
        note(conn, booking_id, now, Happening("approved", "staff", asker.person_id))
        return reread(conn, booking_id, now)


def _held(booking: Booking) -> Booking:
    if booking.state != "held":
        raise refuse("wrong_state", state=booking.state)
    return booking
