"""Booths: how they are, what is free, one's day, taken out of use.

Responsible for HTTP. Refuses to decide (see ``bookings``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shigotoba_backend.api import closures
from shigotoba_backend.api.asking import Db, Now, services_of
from shigotoba_backend.api.changes import told
from shigotoba_backend.api.routes.booking_forms import (
    BoothCode,
    Day,
    MayBook,
    MayClose,
    Moment,
    OptionalCode,
    WantedClosure,
    asker_of,
)
from shigotoba_backend.bookings import finding
from shigotoba_backend.bookings import now as present
from shigotoba_backend.bookings.closing import Closed
from shigotoba_backend.bookings.finding import Found, Wanted
from shigotoba_backend.bookings.now import BoothNow, Slot
from shigotoba_backend.bookings.refusals import refuse

router = APIRouter(prefix="/sites/{site}", tags=["booths"])

_LONGEST_SEARCH = timedelta(days=31)


@router.get("/booths")
def booths(conn: Db, now: Now, access: MayBook) -> list[BoothNow]:
    """Every booth of the site at this moment."""
    return present.booths_now(conn, access.site, now)


@router.get("/booths/free")
def free(
    conn: Db,
    now: Now,
    access: MayBook,
    start: Annotated[Moment | None, Query(description="Now, if left out")] = None,
    end: Annotated[Moment | None, Query(description="Half an hour later, if left out")] = None,
    floor: OptionalCode = None,
    capacity: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Found:
    """Booths that are free for the whole span; when there are none, the nearest times and places."""
    since = start or now
    until = end or since + timedelta(minutes=30)
    if not since < until <= since + _LONGEST_SEARCH:
        raise refuse("bad_range")
    wanted = Wanted(access.site, since, until, floor, None, capacity)
    return finding.find_free(conn, wanted, now, access.person.person_id)


@router.get("/booths/events", response_class=Response)
def events(request: Request, conn: Db, access: MayBook) -> Response:
    """Server-sent events: a number that grows with each change at the site's booths, which are then asked for again."""
    return told(services_of(request).changes, str(present.site_number(conn, access.site)))


@router.get("/booths/{booth}/slots")
def slots(conn: Db, now: Now, access: MayBook, booth: BoothCode, day: Annotated[Day, Query()]) -> list[Slot]:
    """A booth's day without gaps; others' bookings are booked, never whose."""
    return present.slots_of_day(conn, asker_of(access.person), (access.site, booth), day, now)


@router.post("/booths/{booth}/closures", status_code=201)
def close(conn: Db, now: Now, access: MayClose, booth: BoothCode, wanted: WantedClosure) -> Closed:
    """Takes a booth out of use; those who had booked it are moved, offered another, or told."""
    return _close(conn, now, access, booth, wanted)


@router.post("/closures", status_code=201)
def close_site(conn: Db, now: Now, access: MayClose, wanted: WantedClosure) -> Closed:
    """Takes every booth of the site out of use; bookings are cancelled, their people told."""
    return _close(conn, now, access, None, wanted)


@router.delete("/closures/{closure_id}", status_code=204)
def reopen(conn: Db, now: Now, access: MayClose, closure_id: Annotated[int, Path(ge=1, le=2**62)]) -> None:
    """Opens a booth, or the site, again from this moment."""
    closures.reopen(conn, (asker_of(access.person), access.actor), access.site, closure_id, now)


def _close(conn: Db, now: Now, access: MayClose, booth: str | None, wanted: WantedClosure) -> Closed:
    by, during = (asker_of(access.person), access.actor), (wanted.start or now, wanted.end)
    return closures.close(conn, by, (access.site, booth), during, wanted.reason, now)
