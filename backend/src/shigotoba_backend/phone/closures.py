"""Closures, for whoever keeps a site: what is closed, closing a booth or all of it, and who would be affected.

Responsible for the page. Refuses to say who the affected people are, and to choose other booths for them (see
``bookings.rehousing``).
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api import closures
from shigotoba_backend.api.asking import actor_of
from shigotoba_backend.arranging.calendar import closures as kept
from shigotoba_backend.bookings.closing import During, Place, affected
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.phone.dates import clock_of, day_of, instant_of
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import WORDS

router = APIRouter(prefix="/s/{site}/closures")


class Wanted(BaseModel):
    """The form. No booth is the whole site; neither last day nor time is until it is opened again."""

    booth: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    first: str = Field(max_length=10)
    since: str = Field(max_length=8)
    last: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=8)
    reason: str = Field(min_length=1, max_length=200, pattern=WORDS)


@router.get("")
def shown(here: Visit) -> Response:
    """The page."""
    return _page(here)


@router.get("/preview")
def preview(here: Visit, wanted: Annotated[Wanted, Query()]) -> Response:
    """Who would be affected; nothing is done."""
    here.demand(Action.CLOSE_PLACES)
    during = _during(here, wanted)
    found = affected(here.conn, here.asker, _place(here, wanted), during, here.now)
    return _page(here, wanted=wanted, during=during, found=found)


@router.post("")
def close(here: Visit, wanted: Annotated[Wanted, Form()]) -> Response:
    """Closes, and says what became of the bookings."""
    here.demand(Action.CLOSE_PLACES)
    by = (here.asker, actor_of(here.request, here.person))
    during = _during(here, wanted)
    done = closures.close(here.conn, by, _place(here, wanted), during, wanted.reason, here.now)
    return _page(here, done=done)


@router.post("/{closure_id}/reopen")
def reopen(here: Visit, closure_id: Annotated[int, Path(ge=1, le=2**62)]) -> Response:
    """Opens again from this moment."""
    here.demand(Action.CLOSE_PLACES)
    by = (here.asker, actor_of(here.request, here.person))
    closures.reopen(here.conn, by, here.site.code, closure_id, here.now)
    return seen(f"/s/{here.site.code}/closures")


def _page(here: Here, **values: Any) -> Response:
    here.demand(Action.CLOSE_PLACES)
    booths = booths_of(here.conn, here.site.code, here.now)
    known: dict[str, Any] = {
        "closures": kept(here.conn, here.site.code, here.now), "booths": booths, "wanted": None, "found": None,
        "names": {booth.booth: booth.name for booth in booths}, "done": None, "floor_names": floor_names(here),
    }  # fmt: skip
    return page(here, "closures.html", **(known | values))


def _place(here: Here, wanted: Wanted) -> Place:
    return here.site.code, wanted.booth or None


def _during(here: Here, wanted: Wanted) -> During:
    zone = here.shown.zone
    start = instant_of(day_of(wanted.first), clock_of(wanted.since), zone)
    if wanted.until:
        return start, instant_of(day_of(wanted.last or wanted.first), clock_of(wanted.until), zone)
    if wanted.last:
        return start, instant_of(day_of(wanted.last) + timedelta(days=1), time(), zone)
    return start, None
