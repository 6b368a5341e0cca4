"""My bookings: the list, one booking, and the buttons on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.accounts.seeking import names_of
from shigotoba_backend.bookings.changing import cancel, cancel_range, hand_over
from shigotoba_backend.bookings.delegates import books_for, delegates_of
from shigotoba_backend.bookings.record import get_booking, my_bookings, past_bookings
from shigotoba_backend.bookings.using import check_in, end_early, extend, still_here
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.bookings.waiting import accept_offer, decline_offer, entries
from shigotoba_backend.phone import ratings
from shigotoba_backend.phone.dates import Day, day_of
from shigotoba_backend.phone.here import Here, Visit, floor_names, site_name
from shigotoba_backend.phone.rendering import page, seen

router = APIRouter(prefix="/bookings")

Deed = Literal["check-in", "extend", "leave", "still-here", "cancel", "accept", "decline"]

#: What each button does; every one of them may be pressed twice.
_DEEDS: Final[Mapping[Deed, Callable[[Here, UUID], object]]] = {
    "check-in": lambda here, booking_id: check_in(here.conn, here.asker, booking_id, "phone", here.now),
    "extend": lambda here, booking_id: extend(here.conn, here.asker, booking_id, None, here.now),
    "leave": lambda here, booking_id: end_early(here.conn, here.asker, booking_id, here.now),
    "still-here": lambda here, booking_id: still_here(here.conn, here.asker, booking_id, here.now),
    "cancel": lambda here, booking_id: cancel(here.conn, here.asker, booking_id, here.now),
    "accept": lambda here, booking_id: accept_offer(here.conn, here.asker, booking_id, here.now),
    "decline": lambda here, booking_id: decline_offer(here.conn, here.asker, booking_id, here.now),
}
_SOON: Final = timedelta(hours=1)


def mine_now(here: Here) -> list[Booking]:
    """What somebody is in, or is about to be in, at any site."""
    found = my_bookings(here.conn, here.person.person_id, here.now)
    return [each for each in found if each.state in ("checked_in", "offered") or each.start <= here.now + _SOON]


def buttons(here: Here, booking: Booking) -> list[Deed]:
    """What can be done with a booking at this moment, the likeliest first."""
    match booking.state:
        case "checked_in":
            return ["still-here", "leave", "extend"] if booking.asked_at else ["leave", "extend"]
        case "held" if booking.approval == "waiting" or here.now < booking.check_in_from:
            return ["cancel"]
        case "held":
            return ["check-in", "cancel"]
        case "offered":
            return ["accept", "decline"]
        case _:
            return []


@router.get("")
def bookings(here: Visit) -> Response:
    """Everything that is mine."""
    return page(
        here,
        "bookings.html",
        coming=my_bookings(here.conn, here.person.person_id, here.now),
        past=past_bookings(here.conn, here.person.person_id, here.now, 20),
        waiting=[each for each in entries(here.conn, here.person.person_id) if each.state == "waiting"],
        floor_names=floor_names(here),
        deeds_of=partial(buttons, here),
    )


@router.get("/{booking_id}")
def booking(here: Visit, booking_id: UUID, new: bool = False) -> Response:
    """One booking."""
    found = get_booking(here.conn, here.asker, booking_id, here.now)
    colleagues = set(delegates_of(here.conn, here.person.person_id)) | set(books_for(here.conn, here.person.person_id))
    people = {each for each in (found.owner_id, found.booker_id) if each} | colleagues
    return page(
        here,
        "booking.html",
        booking=found,
        deeds_of=partial(buttons, here),
        may_rate=ratings.may_rate(here.conn, found, here.person.person_id),
        new=new,
        again=_again(here, found),
        floor_names=floor_names(here),
        names=names_of(here.conn, sorted(people)),
        colleagues=sorted(colleagues - {found.owner_id}),
    )


def _again(here: Here, lost: Booking) -> list[tuple[str, str]]:
    """Where to look for the same time once a booking is lost: its own site first, then the others one may visit."""
    if lost.state not in ("cancelled", "released") or lost.end <= here.now:
        return []
    sites = sorted(here.person.sites_with(Action.BOOK), key=lambda code: (code != lost.site, code))
    return [(site_name(here, code), _search(here, code, lost)) for code in sites]


def _search(here: Here, site: str, lost: Booking) -> str:
    start, length = max(lost.start, here.now), lost.end - lost.start
    asked = {
        "ask": 1, "site": site, "day": here.shown.local_day(start), "start": here.shown.clock(start),
        "length": max(5, round(length.total_seconds() / 60)), "people": lost.guests + 1,
    }  # fmt: skip
    return f"/find?{urlencode(asked)}"


@router.post("/cancel-days")
def cancel_days(here: Visit, first: Day, last: Day) -> Response:
    """Cancels everything that begins on these days."""
    cancel_range(here.conn, here.asker, day_of(first), day_of(last), here.now, here.shown.zone)
    return seen("/bookings")


@router.post("/{booking_id}/hand-over")
def give(here: Visit, booking_id: UUID, to_person: Annotated[int, Form(ge=1, le=2**31 - 1)]) -> Response:
    """Makes a booking a colleague's."""
    hand_over(here.conn, here.asker, booking_id, to_person, here.now)
    return seen("/bookings")


@router.post("/{booking_id}/rate")
def rate(here: Visit, booking_id: UUID, score: Annotated[int, Form(ge=1, le=5)]) -> Response:
    """Says how it was."""
    found = get_booking(here.conn, here.asker, booking_id, here.now)
    if ratings.may_rate(here.conn, found, here.person.person_id):
        ratings.rate(here.conn, found, score, here.shown.zone)
    return seen("/bookings")


@router.post("/{booking_id}/{deed}")
def act(here: Visit, booking_id: UUID, deed: Deed) -> Response:
    """Presses a button."""
    _DEEDS[deed](here, booking_id)
    return seen("/bookings" if deed in ("cancel", "decline") else f"/bookings/{booking_id}")
