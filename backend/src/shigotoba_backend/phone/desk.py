"""What waits for a decision of whoever manages the bookings of a site: agreements, objections, uses nobody confirms.

Responsible for the page and its buttons. Refuses to put anybody out: a use that nobody confirms is shown, so that
somebody can go and look.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.accounts.seeking import names_of
from shigotoba_backend.api.asking import actor_of
from shigotoba_backend.bookings.changing import decide_approval
from shigotoba_backend.bookings.record import unanswered, waiting_for_approval
from shigotoba_backend.bookings.strikes import appeals, decide_appeal
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.rendering import page, seen

router = APIRouter(prefix="/s/{site}/desk")

Answer = Annotated[Literal["yes", "no"], Form()]


@router.get("")
def desk(here: Visit) -> Response:
    """The page; that names are shown on it is in the audit log."""
    here.demand(Action.MANAGE_BOOKINGS)
    approvals = waiting_for_approval(here.conn, here.site.code, here.now)
    quiet = unanswered(here.conn, here.site.code, here.now)
    objections = [each for each in appeals(here.conn, here.asker) if each.site == here.site.code]
    people = {each.owner_id for each in (*approvals, *quiet) if each.owner_id} | {each.person_id for each in objections}
    return page(
        here, "desk.html", approvals=approvals, quiet=quiet, objections=objections, floor_names=floor_names(here),
        names=_names(here, sorted(people)),
    )  # fmt: skip


@router.post("/bookings/{booking_id}")
def agree(here: Visit, booking_id: UUID, answer: Answer) -> Response:
    """Agrees to a booking, or not."""
    decide_approval(here.conn, here.asker, booking_id, answer == "yes", here.now)
    return seen(f"/s/{here.site.code}/desk")


@router.post("/strikes/{strike_id}")
def decide(here: Visit, strike_id: UUID, answer: Answer) -> Response:
    """Takes a no-show back, or not, for good."""
    with here.conn.transaction():
        decided = decide_appeal(here.conn, here.asker, strike_id, answer == "yes", here.now)
        deed = Deed("strike.decide", f"strike:{strike_id}", decided.site, after={"state": decided.state})
        record(here.conn, actor_of(here.request, here.person), deed)
    return seen(f"/s/{here.site.code}/desk")


def _names(here: Here, people: list[int]) -> dict[int, str]:
    if not people:
        return {}
    looked = Deed("person.look_up", f"site:{here.site.code}", here.site.code, after={"people": people}, reason="desk")
    record(here.conn, actor_of(here.request, here.person), looked)
    return names_of(here.conn, people)
