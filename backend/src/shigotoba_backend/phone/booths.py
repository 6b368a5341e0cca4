"""Booth first: all booths of a floor as map and list, one booth's day, and what its QR code leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from shigotoba_backend.accounts.seeking import names_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.delegates import books_for
from shigotoba_backend.bookings.now import BoothNow, Slot, booths_now, slots_of_day
from shigotoba_backend.bookings.record import my_bookings
from shigotoba_backend.bookings.using import scan
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.phone.dates import day_of, next_quarter
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.plan import plan_of
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import LENGTHS_MIN

router = APIRouter()

_DAYS_SHOWN: Final = 7

FloorCode = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@router.get("/booths")
def booths(here: Visit, floor: FloorCode = None) -> Response:
    """All booths of a floor."""
    names = floor_names(here)
    everywhere = booths_now(here.conn, here.site.code, here.now)
    floors = {code: name for code, name in names.items() if any(each.floor == code for each in everywhere)}
    chosen = floor if floor in floors else next(iter(floors), "")
    there = [each for each in everywhere if each.floor == chosen]
    return page(here, "booths.html", booths=there, floors=floors, floor=chosen, plan=plan_of(there))


@router.get("/s/{site}/booths/{booth}")
def booth(here: Visit, booth: str, day: Annotated[str | None, Query(max_length=10)] = None) -> Response:
    """One booth's day, and a form to book it."""
    chosen = day_of(day) if day else here.shown.today
    slots = slots_of_day(here.conn, here.asker, (here.site.code, booth), chosen, here.now)
    return page(
        here,
        "booth.html",
        booth=_known(here, booth),
        slots=[_left_of(slot, here.now) for slot in slots if slot.end > here.now],
        day=chosen,
        days=[here.shown.today + timedelta(days=ahead) for ahead in range(_DAYS_SHOWN)],
        start=next_quarter(here.now).astimezone(here.shown.zone),
        lengths=LENGTHS_MIN,
        floor_names=floor_names(here),
        owners=names_of(here.conn, books_for(here.conn, here.person.person_id)),
    )


@router.get("/b/{site}/{booth}")
def at_the_booth(here: Visit, booth: str) -> Response:
    """What the QR code leads to: one button, for looking must not change anything."""
    there = _known(here, booth)
    own = my_bookings(here.conn, here.person.person_id, here.now)
    near = next((each for each in own if _is_at(each, there) and each.check_in_from <= here.now), None)
    return page(here, "at_the_booth.html", booth=there, near=near, floor_names=floor_names(here))


@router.post("/b/{site}/{booth}")
def scanned(here: Visit, booth: str) -> Response:
    """Checks in to one's own booking, or walks in."""
    booking = scan(here.conn, here.asker, here.site.code, booth, here.now)
    return seen(f"/bookings/{booking.booking_id}?new=1")


def _left_of(slot: Slot, now: datetime) -> Slot:
    return replace(slot, start=max(slot.start, now)) if slot.kind in ("free", "closed") else slot


def _known(here: Here, code: str) -> BoothNow:
    for each in booths_now(here.conn, here.site.code, here.now):
        if each.booth == code:
            return each
    raise ProblemError(404, "not_found")


def _is_at(booking: Booking, there: BoothNow) -> bool:
    return (booking.site, booking.booth) == (there.site, there.booth)
