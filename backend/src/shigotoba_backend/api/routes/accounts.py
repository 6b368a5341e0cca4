"""Accounts as administrators see and keep them: the list, one account with its log, invitations, moves, bookings.

Responsible for HTTP. Refuses to decide who keeps whose account (see ``api.administration``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from shigotoba_backend.accounts import audit
from shigotoba_backend.accounts.invitations import GOOD_FOR
from shigotoba_backend.accounts.roster import Account, Wanted, roster
from shigotoba_backend.api import administration
from shigotoba_backend.api.asking import Db, Now
from shigotoba_backend.api.routes.audit import Line
from shigotoba_backend.api.routes.booking_forms import Code, Day, asker_of
from shigotoba_backend.api.routes.people import MayKeep, PersonId
from shigotoba_backend.bookings.leaving import HandedOver, hand_over_all

router = APIRouter(prefix="/sites/{site}", tags=["people"])


class Invitation(BaseModel):
    """A link with which its person chooses a password; shown once."""

    path: str
    expires_at: datetime


class Destination(BaseModel):
    """Where somebody works from now on."""

    site: Code


class Belonging(BaseModel):
    """Which section somebody belongs to, so that its figures are the person's own."""

    section: Code | None


class Heir(BaseModel):
    """Who gets somebody's coming bookings."""

    to_person: int = Field(ge=1, le=2**31 - 1)
    first: Day | None = Field(default=None, description="Those that begin on this day or later; all, if left out")


@router.get("/accounts")
def everybody(
    conn: Db,
    now: Now,
    access: MayKeep,
    words: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = "",
    whole: Annotated[bool, Query(description="Of the organisation, for its administrators")] = False,
) -> list[Account]:
    """Accounts of people who belong to the site, to none, or have a role at it. Every look is in the audit log."""
    site = None if whole and administration.everywhere(access) else access.site
    return roster(conn, Wanted(access.person.organisation, site, words), access.actor, now)


@router.get("/people/{person_id}")
def one(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> Account:
    """One account."""
    return administration.seen(conn, access, person_id, now)


@router.get("/people/{person_id}/log")
def log(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> list[Line]:
    """What was done with the account, newest first."""
    administration.kept(conn, access, person_id, now)
    found = audit.entries_about(conn, f"person:{person_id}")
    return [Line(**{name: getattr(each, name) for name in Line.model_fields}) for each in found]


@router.post("/people/{person_id}/invitation", status_code=201)
def invite(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> Invitation:
    """A new link with which the person chooses a password; a former one opens nothing any more."""
    secret = administration.invite(conn, access, person_id, now)
    return Invitation(path=f"/invitation/{secret}", expires_at=now + GOOD_FOR)


@router.delete("/people/{person_id}/failures", status_code=204)
def unlock(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> None:
    """Forgets wrong passwords, so that nobody has to wait before signing in."""
    administration.unlock(conn, access, person_id, now)


@router.post("/people/{person_id}/home", status_code=204)
def move(conn: Db, now: Now, access: MayKeep, person_id: PersonId, wanted: Destination) -> None:
    """The person works at another site from now on, as staff; coming bookings stay theirs."""
    administration.move(conn, access, person_id, wanted.site, now)


@router.post("/people/{person_id}/section", status_code=204)
def assign(conn: Db, now: Now, access: MayKeep, person_id: PersonId, wanted: Belonging) -> None:
    """The person belongs to a section from now on, or to none."""
    administration.assign(conn, access, person_id, wanted.section, now)


@router.post("/people/{person_id}/bookings")
def hand_over(conn: Db, now: Now, access: MayKeep, person_id: PersonId, heir: Heir) -> HandedOver:
    """Gives the person's coming bookings to somebody else, as far as that person's quotas allow."""
    administration.kept(conn, access, person_id, now)
    return hand_over_all(conn, asker_of(access.person), (person_id, heir.to_person), heir.first, now)


@router.post("/people/{person_id}/opening", status_code=204)
def reopen(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> None:
    """Opens an account that was closed by mistake; its roles have to be given again."""
    administration.reopen(conn, access, person_id, now)
