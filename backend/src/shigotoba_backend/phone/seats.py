"""Where free seats are, and which colleagues say where they sit."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import actor_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.phone import whereabouts_store
from shigotoba_backend.phone.free_seats import free_seats, zone_names
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.signs import SEAT_TYPES
from shigotoba_backend.phone.taking import Code, Words

router = APIRouter()


@router.get("/seats")
def seats(here: Visit) -> Response:
    """Free seats by floor, zone and kind."""
    english = here.shown.texts.language == "en"
    zones = {code: names[english] for code, names in zone_names(here.conn, here.site.code).items()}
    return page(
        here,
        "seats.html",
        floors=free_seats(here.conn, here.site.code, here.now),
        floor_names=floor_names(here),
        zones=zones,
        kinds=SEAT_TYPES,
        sharing=whereabouts_store.own(here.conn, here.person.person_id, here.now),
    )


@router.get("/colleagues")
def colleagues(here: Visit) -> Response:
    """Who says where, to me; whom I let look."""
    here.demand(Action.SHARE_WHEREABOUTS)
    return page(
        here,
        "colleagues.html",
        seated=whereabouts_store.look(here.conn, here.person.person_id, actor_of(here.request, here.person), here.now),
        readers=whereabouts_store.readers(here.conn, here.person.person_id),
        floor_names=floor_names(here),
    )


@router.post("/s/{site}/here")
def share(here: Visit, space: Code) -> Response:
    """Says where somebody sits, until the end of the day."""
    here.demand(Action.SHARE_WHEREABOUTS)
    place = (here.site.code, space)
    if not whereabouts_store.share(here.conn, here.person.person_id, place, _end_of_day(here), here.now):
        raise ProblemError(404, "not_found")
    return seen("/seats")


@router.post("/here/stop")
def stop(here: Visit) -> Response:
    """Not any more."""
    whereabouts_store.stop_sharing(here.conn, here.person.person_id)
    return seen("/seats")


@router.post("/colleagues")
def choose(here: Visit, login: Words) -> Response:
    """Lets a colleague look."""
    here.demand(Action.SHARE_WHEREABOUTS)
    if not whereabouts_store.choose(here.conn, here.person.person_id, login):
        raise ProblemError(404, "no_such_colleague", {"login": login})
    return seen("/colleagues")


@router.post("/colleagues/drop")
def drop(here: Visit, person_id: Annotated[int, Form(ge=1, le=2**31 - 1)]) -> Response:
    """Takes that back."""
    whereabouts_store.unchoose(here.conn, here.person.person_id, person_id)
    return seen("/colleagues")


def _end_of_day(here: Here) -> datetime:
    return datetime.combine(here.shown.today + timedelta(days=1), time(), here.shown.zone)
