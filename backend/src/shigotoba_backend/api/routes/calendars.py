"""Calendars that other programs subscribe to, under secret addresses: of a person, of a booth.

Responsible for the addresses. Refuses to say whether a secret that opens nothing ever opened something.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import Response

from shigotoba_backend.accounts import links
from shigotoba_backend.accounts.people import person_by_id
from shigotoba_backend.api.asking import Db, Now
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.feeds import booth_calendar, person_calendar
from shigotoba_backend.bookings.record import my_bookings, standing_at
from shigotoba_backend.bookings.rules import booth_by_id
from shigotoba_backend.texts import texts_in

router = APIRouter(prefix="/ics", tags=["calendars"])

_MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_AROUND: Final = timedelta(days=60)

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,100}$")]


@router.get("/person/{secret}.ics", response_class=Response)
def of_person(conn: Db, now: Now, secret: Secret) -> Response:
    """Somebody's own bookings, present and coming."""
    person_id = links.find(conn, "person_calendar", secret)
    person = None if person_id is None else person_by_id(conn, person_id, now)
    if person is None:
        raise ProblemError(404, "not_found")
    own = [each for each in my_bookings(conn, person.person_id, now) if each.owner_id == person.person_id]
    return Response(person_calendar(own, texts_in(person.language), now), media_type=_MEDIA_TYPE)


@router.get("/booth/{secret}.ics", response_class=Response)
def of_booth(conn: Db, now: Now, secret: Secret) -> Response:
    """When a booth is booked, never by whom."""
    space_id = links.find(conn, "booth_calendar", secret)
    if space_id is None:
        raise ProblemError(404, "not_found")
    bookings = standing_at(conn, [space_id], now - timedelta(days=1), now + _AROUND, now)
    name = booth_by_id(conn, space_id, now).name
    return Response(booth_calendar(bookings, name, texts_in("ja"), now), media_type=_MEDIA_TYPE)
