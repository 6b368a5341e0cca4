"""Bookings: make, look at, change, use, give back.

Responsible for HTTP: keys, tags, statuses. Refuses to decide (see ``bookings``); its refusals become problems in
``api.refusals``.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from shigotoba_backend.api.asking import Db, Now
from shigotoba_backend.api.routes.booking_forms import (
    Acting,
    BookingId,
    BoothCode,
    Decided,
    IfMatch,
    Key,
    MayBook,
    Somebody,
    Until,
    WantedBooking,
    WantedDays,
    WantedEnd,
    WantedMove,
    WantedWalkIn,
    asker_of,
    version_in,
)
from shigotoba_backend.bookings import changing, making, record, using
from shigotoba_backend.bookings.journal import Event, history
from shigotoba_backend.bookings.once import once
from shigotoba_backend.bookings.values import Book, Booking, Move, WalkIn
from shigotoba_backend.read.now import site_info

router = APIRouter(tags=["bookings"])


@router.post("/sites/{site}/bookings", status_code=201)
def book(conn: Db, now: Now, access: MayBook, wanted: WantedBooking, response: Response, key: Key = None) -> Booking:
    """Books a booth. 409 names the nearest that could be had instead."""
    asker = asker_of(access.person)
    wish = Book(access.site, wanted.booth, wanted.start, wanted.end, wanted.owner_id, wanted.purpose, wanted.guests)
    if key is None:
        return _told(response, making.book(conn, asker, wish, now), made=True)
    request = f"{access.site} {wanted.model_dump_json()}".encode()
    made = once(conn, (asker.person_id, key), request, lambda: making.book(conn, asker, wish, now), now)
    return _told(response, made, made=True)


@router.post("/sites/{site}/booths/{booth}/walk-ins", status_code=201)
def walk_in(conn: Db, now: Now, access: MayBook, booth: BoothCode, wanted: WantedWalkIn, response: Response) -> Booking:
    """Takes a booth from this moment."""
    wish = WalkIn(access.site, booth, wanted.minutes)
    return _told(response, making.walk_in(conn, asker_of(access.person), wish, now), made=True)


@router.post("/sites/{site}/booths/{booth}/scans")
def scan(conn: Db, now: Now, access: MayBook, booth: BoothCode, response: Response) -> Booking:
    """What the QR code at the booth does: own booking near means check-in, a free booth means walk-in."""
    return _told(response, using.scan(conn, asker_of(access.person), access.site, booth, now))


@router.get("/bookings")
def mine(conn: Db, now: Now, asker: Acting) -> list[Booking]:
    """One's own and those made for others, present and coming; offers first."""
    return record.my_bookings(conn, asker.person_id, now)


@router.get("/bookings/past")
def past(conn: Db, now: Now, asker: Acting) -> list[Booking]:
    """What one had, newest first, at most 50."""
    return record.past_bookings(conn, asker.person_id, now)


@router.post("/sites/{site}/cancellations")
def cancel_days(conn: Db, now: Now, access: MayBook, days: WantedDays) -> list[Booking]:
    """Cancels everything of one's own that begins on these days of the site's calendar and has not begun."""
    zone = ZoneInfo(site_info(conn, access.site).time_zone)
    return changing.cancel_range(conn, asker_of(access.person), days.first, days.last, now, zone)


@router.get("/bookings/{booking_id}")
def look(conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response) -> Booking:
    """One booking, with its ETag."""
    return _told(response, record.get_booking(conn, asker, booking_id, now))


@router.get("/bookings/{booking_id}/events")
def events(conn: Db, now: Now, asker: Acting, booking_id: BookingId) -> list[Event]:
    """Everything that happened to it, oldest first."""
    record.get_booking(conn, asker, booking_id, now)
    return history(conn, booking_id)


@router.patch("/bookings/{booking_id}")
def move(
    conn: Db,
    now: Now,
    asker: Acting,
    booking_id: BookingId,
    wanted: WantedMove,
    response: Response,
    if_match: IfMatch = None,
) -> Booking:
    """Takes it to another booth or time; with ``If-Match`` only if it is still what was seen."""
    wish = Move(booking_id, wanted.booth, wanted.start, wanted.end, version_in(if_match))
    return _told(response, changing.move(conn, asker, wish, now))


@router.delete("/bookings/{booking_id}")
def cancel(
    conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response, if_match: IfMatch = None
) -> Booking:
    """Takes it back; the row stays, cancelled."""
    return _told(response, changing.cancel(conn, asker, booking_id, now, version_in(if_match)))


@router.post("/bookings/{booking_id}/check-in")
def check_in(conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response) -> Booking:
    """Says that its person has come."""
    return _told(response, using.check_in(conn, asker, booking_id, "phone", now))


@router.post("/bookings/{booking_id}/extension")
def extend(conn: Db, now: Now, asker: Acting, booking_id: BookingId, wanted: WantedEnd, response: Response) -> Booking:
    """Makes it longer; 409 says how far it could go, and what else is free."""
    return _told(response, using.extend(conn, asker, booking_id, wanted.until, now))


@router.post("/bookings/{booking_id}/shortening")
def shorten(conn: Db, now: Now, asker: Acting, booking_id: BookingId, wanted: Until, response: Response) -> Booking:
    """Gives back its end."""
    return _told(response, using.shorten(conn, asker, booking_id, wanted.until, now))


@router.post("/bookings/{booking_id}/end")
def end(conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response) -> Booking:
    """Leaves: the rest is free."""
    return _told(response, using.end_early(conn, asker, booking_id, now))


@router.post("/bookings/{booking_id}/still-here")
def still_here(conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response) -> Booking:
    """Answers the question whether one is still there."""
    return _told(response, using.still_here(conn, asker, booking_id, now))


@router.post("/bookings/{booking_id}/owner")
def hand_over(conn: Db, now: Now, asker: Acting, booking_id: BookingId, to: Somebody, response: Response) -> Booking:
    """Makes it somebody else's."""
    return _told(response, changing.hand_over(conn, asker, booking_id, to.person_id, now))


@router.post("/bookings/{booking_id}/approval")
def decide(conn: Db, now: Now, asker: Acting, booking_id: BookingId, decided: Decided, response: Response) -> Booking:
    """Agrees to it, or not."""
    return _told(response, changing.decide_approval(conn, asker, booking_id, decided.granted, now))


def _told(response: Response, booking: Booking, made: bool = False) -> Booking:
    response.headers["ETag"] = f'"{booking.version}"'
    if made:
        response.headers["Location"] = f"/api/v1/bookings/{booking.booking_id}"
    return booking
