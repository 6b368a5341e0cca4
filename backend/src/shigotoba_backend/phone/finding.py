"""Time first: when and how long, then which booths are free, or the nearest that are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from shigotoba_backend.bookings.finding import Wanted, find_free
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.phone.dates import clock_of, day_of, instant_of, next_quarter
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.rendering import page
from shigotoba_backend.phone.taking import LENGTHS_MIN, USUAL_MIN

router = APIRouter()

Asked = Annotated[str | None, Query(max_length=10)]


@router.get("/find")
def find(
    here: Visit,
    day: Asked = None,
    start: Asked = None,
    length: Annotated[int, Query(ge=5, le=1440)] = USUAL_MIN,
    floor: Annotated[str, Query(max_length=64)] = "",
    people: Annotated[int, Query(ge=1, le=100)] = 1,
    ask: bool = False,
) -> Response:
    """The form, and what it finds."""
    soon = next_quarter(here.now).astimezone(here.shown.zone)
    chosen, begins = day_of(day) if day else soon.date(), clock_of(start) if start else soon.time()
    names = floor_names(here)
    at = instant_of(chosen, begins, here.shown.zone)
    wanted = Wanted(here.site.code, at, at + timedelta(minutes=length), floor if floor in names else None, None, people)
    return page(
        here,
        "find.html",
        found=find_free(here.conn, wanted, here.now, here.person.person_id) if ask else None,
        wanted=wanted,
        length=length,
        lengths=LENGTHS_MIN,
        floor_names=names,
        most_people=max((booth.capacity for booth in booths_of(here.conn, here.site.code, at)), default=1),
        last_day=_last_day(here),
    )


def _last_day(here: Here) -> date:
    """Far enough for a date field; the rules of each booth decide."""
    return here.shown.today + timedelta(days=366)
