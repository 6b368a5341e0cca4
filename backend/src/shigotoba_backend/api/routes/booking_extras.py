"""Around bookings: series, the waitlist, delegates, strikes.

Responsible for HTTP. Refuses to decide (see ``bookings``).
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.api.asking import Db, Now, Signed, actor_of
from shigotoba_backend.api.routes.booking_forms import (
    Acting,
    Appeal,
    BookingId,
    Decided,
    MayBook,
    WantedPlace,
    WantedSeries,
    asker_of,
)
from shigotoba_backend.bookings import delegates, series, strikes, waiting
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.series import Series, SeriesBooked, SeriesDay
from shigotoba_backend.bookings.strikes import Strike
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.bookings.waiting import WaitlistEntry

router = APIRouter(tags=["bookings"])

PersonNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.post("/sites/{site}/series/plan")
def plan(conn: Db, now: Now, access: MayBook, wanted: WantedSeries) -> list[SeriesDay]:
    """What a series would be, and what it would leave out and why. Nothing is booked."""
    return series.plan_series(conn, asker_of(access.person), _series(access.site, wanted), now)


@router.post("/sites/{site}/series", status_code=201)
def book_series(conn: Db, now: Now, access: MayBook, wanted: WantedSeries) -> SeriesBooked:
    """Books every day of it that can be had."""
    return series.book_series(conn, asker_of(access.person), _series(access.site, wanted), now)


@router.delete("/series/{series_id}")
def cancel_series(conn: Db, now: Now, asker: Acting, series_id: UUID) -> list[Booking]:
    """Cancels what is left of it."""
    return series.cancel_series(conn, asker, series_id, now)


@router.get("/waitlist")
def line(conn: Db, asker: Acting) -> list[WaitlistEntry]:
    """What one waits for."""
    return waiting.entries(conn, asker.person_id)


@router.post("/sites/{site}/waitlist", status_code=201)
def join(conn: Db, now: Now, access: MayBook, wanted: WantedPlace) -> WaitlistEntry:
    """Waits for a booth, or for any of a floor or of the site."""
    sought = Wanted(access.site, wanted.start, wanted.end, wanted.floor, capacity=wanted.guests + 1)
    return waiting.join(conn, asker_of(access.person), sought, wanted.booth, now)


@router.delete("/waitlist/{entry_id}", status_code=204)
def leave(conn: Db, now: Now, asker: Acting, entry_id: UUID) -> None:
    """Waits no longer."""
    waiting.leave(conn, asker, entry_id, now)


@router.post("/bookings/{booking_id}/acceptance")
def accept(conn: Db, now: Now, asker: Acting, booking_id: BookingId, response: Response) -> Booking:
    """Takes an offer."""
    booking = waiting.accept_offer(conn, asker, booking_id, now)
    response.headers["ETag"] = f'"{booking.version}"'
    return booking


@router.post("/bookings/{booking_id}/refusal")
def decline(conn: Db, now: Now, asker: Acting, booking_id: BookingId) -> Booking:
    """Lets an offer go to the next in line."""
    return waiting.decline_offer(conn, asker, booking_id, now)


@router.get("/delegates")
def my_delegates(conn: Db, asker: Acting) -> list[int]:
    """Who may book for oneself, by number."""
    return delegates.delegates_of(conn, asker.person_id)


@router.put("/delegates/{person_id}", status_code=204)
def allow(request: Request, conn: Db, now: Now, person: Signed, asker: Acting, person_id: PersonNumber) -> None:
    """Lets somebody book for oneself."""
    delegates.allow_delegate(conn, (asker, actor_of(request, person)), person_id, now)


@router.delete("/delegates/{person_id}", status_code=204)
def drop(request: Request, conn: Db, person: Signed, asker: Acting, person_id: PersonNumber) -> None:
    """Takes that back; what has been booked stays."""
    delegates.drop_delegate(conn, (asker, actor_of(request, person)), person_id)


@router.get("/strikes")
def my_strikes(conn: Db, asker: Acting) -> list[Strike]:
    """One's own no-shows that count or counted, newest first."""
    return strikes.strikes_of(conn, asker.person_id)


@router.get("/strikes/appeals")
def appeals(conn: Db, asker: Acting) -> list[Strike]:
    """Appeals that wait for a decision at the sites one manages."""
    return strikes.appeals(conn, asker)


@router.post("/strikes/{strike_id}/appeal")
def appeal(conn: Db, asker: Acting, strike_id: UUID, words: Appeal) -> Strike:
    """Asks for a strike to be taken back."""
    return strikes.appeal(conn, asker, strike_id, words.words)


@router.post("/strikes/{strike_id}/decision")
def decide(
    request: Request, conn: Db, now: Now, person: Signed, asker: Acting, strike_id: UUID, decided: Decided
) -> Strike:
    """Takes a strike back, or not, for good."""
    with conn.transaction():
        strike = strikes.decide_appeal(conn, asker, strike_id, decided.granted, now)
        deed = Deed("strike.decide", f"strike:{strike_id}", strike.site, after={"state": strike.state})
        record(conn, actor_of(request, person), deed)
    return strike


def _series(site: str, wanted: WantedSeries) -> Series:
    return Series(
        site, wanted.booth, tuple(sorted(set(wanted.weekdays))), wanted.first, wanted.last,
        wanted.begins.replace(tzinfo=None), wanted.ends.replace(tzinfo=None), wanted.owner_id, wanted.purpose,
    )  # fmt: skip
