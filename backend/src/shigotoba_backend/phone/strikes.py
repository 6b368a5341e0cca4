"""My no-shows, and objecting to one.

Responsible for the page. Refuses to decide objections (see ``phone.desk``).
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from shigotoba_backend.bookings.quotas import banned_until
from shigotoba_backend.bookings.record import find
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.bookings.strikes import Strike, appeal, strikes_of
from shigotoba_backend.phone.here import Here, Visit
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import WORDS
from shigotoba_backend.texts import message

router = APIRouter(prefix="/strikes")

STATES = {
    "stands": message("counts"),
    "appealed": message("does not count while your objection is looked at"),
    "upheld": message("counts; your objection was not accepted"),
    "lifted": message("taken back"),
}
"""What becomes of a no-show, by state."""


@router.get("")
def mine(here: Visit) -> Response:
    """The page."""
    found = strikes_of(here.conn, here.person.person_id)
    return page(
        here, "strikes.html", strikes=[_told(here, each) for each in found], states=STATES, banned=_banned(here)
    )


@router.post("/{strike_id}/appeal")
def object_to(
    here: Visit, strike_id: UUID, words: Annotated[str, Form(min_length=1, max_length=500, pattern=WORDS)]
) -> Response:
    """Objects to one."""
    appeal(here.conn, here.asker, strike_id, words)
    return seen("/strikes")


def _told(here: Here, strike: Strike) -> dict[str, object]:
    return {"strike": strike, "booking": find(here.conn, strike.booking_id, here.now)}


def _banned(here: Here) -> str:
    """Until when nothing can be booked at any booth of the site, or at some."""
    ends = (
        banned_until(here.conn, here.person.person_id, booth.rules, here.now)
        for booth in booths_of(here.conn, here.site.code, here.now)
    )
    latest = max((end for end in ends if end is not None and end > here.now), default=None)
    return here.shown.moment(latest) if latest else ""
