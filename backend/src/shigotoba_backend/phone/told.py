"""Notices on the first page, and where to push them."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from shigotoba_backend.api.asking import services_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.notices import mark_seen, unseen
from shigotoba_backend.phone.here import Here, Visit
from shigotoba_backend.phone.notices import Told, told_of
from shigotoba_backend.phone.push import Subscription, subscribe
from shigotoba_backend.phone.rendering import seen

router = APIRouter()


class Keys(BaseModel):
    """Keys of a browser."""

    p256dh: str = Field(pattern=r"^[A-Za-z0-9_=-]{80,100}$")
    auth: str = Field(pattern=r"^[A-Za-z0-9_=-]{16,40}$")


class Wanted(BaseModel):
    """A subscription as a browser gives it."""

    endpoint: str = Field(max_length=1000)
    keys: Keys


def told(here: Here) -> list[Told]:
    """What the person has not seen yet, in words."""
    return [
        told_of(here.conn, each, here.shown.texts, here.shown.zone, here.now)
        for each in unseen(here.conn, here.person.person_id)
    ]


@router.post("/notices/seen")
def all_seen(here: Visit) -> Response:
    """The person has read them."""
    numbers = [each.notice_id for each in unseen(here.conn, here.person.person_id)]
    mark_seen(here.conn, here.person.person_id, numbers, here.now)
    return seen("/")


@router.post("/push", status_code=204)
def push_here(here: Visit, wanted: Wanted) -> None:
    """Messages go to this browser from now on."""
    if not services_of(here.request).push_key:
        raise ProblemError(404, "not_found")
    if urlsplit(wanted.endpoint).scheme != "https":
        raise ProblemError(422, "not_understood")
    subscription = Subscription(wanted.endpoint, wanted.keys.p256dh, wanted.keys.auth)
    subscribe(here.conn, here.person.person_id, subscription, here.now)
