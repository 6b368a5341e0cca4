"""A booking in use: checked in to, made longer or shorter, ended, asked about.

Responsible for what its person does with it. Refuses to take it elsewhere (see ``changing``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from psycopg import errors

from shigotoba_backend.bookings.checks import check_free, lapse
from shigotoba_backend.bookings.finding import Wanted, availability
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.making import instead, walk_in
from shigotoba_backend.bookings.quotas import check_person
from shigotoba_backend.bookings.record import QUERIES, find, get_booking, reread, standing_at, taken
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.rules import Booth, booth_by_id, booth_of
from shigotoba_backend.bookings.settling import take_person
from shigotoba_backend.bookings.values import Asker, Booking, Means, WalkIn
from shigotoba_booth.lengths import longest_end

_A_WHILE: Final = timedelta(hours=1)
"""For how long somebody who came too late is offered another booth."""


def check_in(conn: psycopg.Connection, asker: Asker, booking_id: UUID, means: Means, now: datetime) -> Booking:
    """Says that the person of a booking has come. Saying so twice changes nothing.

    Raises:
        BookingRefusedError: ``too_early``, ``lapsed`` with what else there is, ``wrong_state``.
    """
    seen = get_booking(conn, asker, booking_id, now)
    until = seen.end if seen.end > now else now + _A_WHILE
    wanted = Wanted(seen.site, max(seen.start, now), until, capacity=seen.guests + 1)
    with instead(conn, wanted, seen.booth, now, asker.person_id), conn.transaction():
        return came(conn, taken(conn, asker, booking_id, now), means, now, asker.person_id)


def came(conn: psycopg.Connection, booking: Booking, means: Means, now: datetime, person_id: int | None) -> Booking:
    """The check-in itself, of a booking that is ``taken``."""
    if booking.state == "checked_in":
        return booking
    if booking.state == "released":
        raise refuse("lapsed", at=booking.lapses_at)
    if booking.state != "held" or booking.approval == "waiting":
        raise refuse("wrong_state", state=booking.state, approval=booking.approval)
    if now < booking.check_in_from:
        raise refuse("too_early", opens_at=booking.check_in_from)
    start = min(now, booking.start) if _free_before(conn, booking, now) else booking.start
    fields = {"booking_id": booking.booking_id, "at": now, "means": means, "start": start}
    conn.execute(QUERIES["check_in"], fields)
    note(conn, booking.booking_id, now, Happening("checked_in", means, person_id))
    return reread(conn, booking.booking_id, now)


def scan(conn: psycopg.Connection, asker: Asker, site: str, booth: str, now: datetime) -> Booking:
    """What the QR code at a booth does: own booking near means check-in, a free booth means walk-in.

    Raises:
        BookingRefusedError: ``in_use`` until when, with the nearest alternatives.
    """
    place = booth_of(conn, site, booth, now)
    near = now + timedelta(minutes=place.rules.early_check_in_min)
    for booking in standing_at(conn, [place.space_id], now, near + timedelta(microseconds=1), now):
        if booking.owner_id == asker.person_id and booking.state in ("held", "checked_in"):
            return check_in(conn, asker, booking.booking_id, "qr", now)
    return walk_in(conn, asker, WalkIn(site, booth, source="qr"), now)


def extend(conn: psycopg.Connection, asker: Asker, booking_id: UUID, until: datetime | None, now: datetime) -> Booking:
    """Makes a booking longer, until ``until`` or by the usual step.

    Raises:
        BookingRefusedError: ``no_room_to_extend`` with the longest that is possible, and other booths; quotas.
    """
    seen = get_booking(conn, asker, booking_id, now)
    step = timedelta(minutes=booth_by_id(conn, seen.space_id, seen.start).rules.extend_min)
    wanted = seen.end + step if until is None else until
    elsewhere = Wanted(seen.site, seen.end, max(wanted, seen.end), capacity=seen.guests + 1)
    with instead(conn, elsewhere, None, now, asker.person_id), conn.transaction():
        if seen.owner_id is not None:
            take_person(conn, seen.owner_id)
        booking = _in_use_or_held(taken(conn, asker, booking_id, now))
        booth = booth_by_id(conn, booking.space_id, booking.start)
        if wanted <= booking.end:
            raise refuse("bad_range", end=booking.end)
        longest = longest_until(conn, booth, booking, now)
        if wanted > longest:
            raise refuse("no_room_to_extend", longest_until=longest if longest > booking.end else None)
        check_free(conn, booth, (booking.end, wanted), now, booking.booking_id)
        if booking.owner_id is not None:
            check_person(conn, booth, booking.owner_id, (booking.start, wanted), now, booking.booking_id)
        return _set_end(conn, booth, booking, wanted, Happening("extended", "phone", asker.person_id), now)


def longest_until(conn: psycopg.Connection, booth: Booth, booking: Booking, now: datetime) -> datetime:
    """How far a booking can be extended; its end when not at all."""
    limits = booth.rules.limits
    if booking.start + limits.longest <= booking.end:
        return booking.end
    there = availability(conn, [booth], booking.end, booking.start + limits.longest, now, booking.booking_id)[0]
    free_until = there.free[0][1] if there.free and there.free[0][0] == booking.end else booking.end
    return longest_end(booking.start, booking.end, free_until, limits)


def shorten(conn: psycopg.Connection, asker: Asker, booking_id: UUID, until: datetime, now: datetime) -> Booking:
    """Gives back the end of a booking.

    Raises:
        BookingRefusedError: ``bad_range`` when nothing would be left, or it would not be shorter.
    """
    with conn.transaction():
        booking = _in_use_or_held(taken(conn, asker, booking_id, now))
        if not max(booking.start, now) < until < booking.end:
            raise refuse("bad_range", start=max(booking.start, now), end=booking.end)
        booth = booth_by_id(conn, booking.space_id, booking.start)
        return _set_end(conn, booth, booking, until, Happening("shortened", "phone", asker.person_id), now)


def end_early(conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime) -> Booking:
    """Leaves: the rest is free from this moment. Leaving twice changes nothing.

    Raises:
        BookingRefusedError: ``wrong_state`` when nobody has checked in.
    """
    with conn.transaction():
        booking = taken(conn, asker, booking_id, now)
        if booking.state == "ended":
            return booking
        if booking.state != "checked_in":
            raise refuse("wrong_state", state=booking.state)
        return left(conn, booking, now, Happening("ended", "phone", asker.person_id))


def left(conn: psycopg.Connection, booking: Booking, at: datetime, what: Happening) -> Booking:
    """The end of a use, of a booking that is ``taken``."""
    conn.execute(QUERIES["end_now"], {"booking_id": booking.booking_id, "at": at})
    recovered_s = max(0.0, (booking.end - max(at, booking.start)).total_seconds())
    note(conn, booking.booking_id, at, what, {"recovered_s": recovered_s})
    return reread(conn, booking.booking_id, at)


def still_here(conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime) -> Booking:
    """Answers the question whether the person is still there.

    Raises:
        BookingRefusedError: ``wrong_state`` when the use is over.
    """
    with conn.transaction():
        booking = taken(conn, asker, booking_id, now)
        if booking.state != "checked_in":
            raise refuse("wrong_state", state=booking.state)
        conn.execute(QUERIES["answered"], {"booking_id": booking_id})
        note(conn, booking_id, now, Happening("answered", "phone", asker.person_id))
        return reread(conn, booking_id, now)


def _free_before(conn: psycopg.Connection, booking: Booking, now: datetime) -> bool:
    others = standing_at(conn, [booking.space_id], now, booking.start, now) if now < booking.start else []
    return not [other for other in others if other.booking_id != booking.booking_id]


def _set_end(
    conn: psycopg.Connection, booth: Booth, booking: Booking, end: datetime, what: Happening, now: datetime
) -> Booking:
    lapses = lapse(booth, (booking.start, end), booking.made_at)
    fields = {"booking_id": booking.booking_id, "end": end, "lapses_at": lapses}
    try:
        with conn.transaction():
            conn.execute(QUERIES["set_end"], fields)
    except errors.ExclusionViolation:
        raise refuse("no_room_to_extend", longest_until=None) from None
    note(conn, booking.booking_id, now, what, {"from": booking.end.isoformat(), "until": end.isoformat()})
    return find(conn, booking.booking_id, now) or booking


def _in_use_or_held(booking: Booking) -> Booking:
    if booking.state not in ("held", "checked_in"):
        raise refuse("wrong_state", state=booking.state)
    return booking
