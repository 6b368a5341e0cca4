"""Accounts of a site, for its administrators: look up, make, grant, withdraw, close.

Responsible for HTTP. Refuses to decide who keeps whose account (see ``api.administration``); what happens to an account
later is in ``accounts``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from shigotoba_backend.accounts import keeping, seeking, sign_in
from shigotoba_backend.accounts.passwords import LONGEST, PasswordError
from shigotoba_backend.accounts.roles import Action, Grant, Role
from shigotoba_backend.api import administration
from shigotoba_backend.api.asking import Access, Db, Now, allowed, allowed_everywhere
from shigotoba_backend.api.problems import ProblemError

router = APIRouter(prefix="/sites/{site}/people", tags=["people"])
organisation_router = APIRouter(prefix="/people", tags=["people"])

PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
MayKeep = Annotated[Access, Depends(allowed(Action.MANAGE_PEOPLE))]
MayGrant = Annotated[Access, Depends(allowed(Action.GRANT_SITE_ROLES))]
MayGrantEverywhere = Annotated[Access, Depends(allowed_everywhere(Action.GRANT_ORGANISATION_ROLES))]


class PersonFound(BaseModel):
    """Somebody who was looked up."""

    person_id: int
    login: str
    display_name: str
    home_site: str | None
    active: bool


class WantedPerson(BaseModel):
    """Somebody who gets an account at this site, with the role staff."""

    login: str = Field(min_length=1, max_length=100, pattern=r"^[^\s\x00]+$")
    display_name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")
    language: Literal["ja", "en"] = "ja"
    password: str | None = Field(default=None, max_length=LONGEST)


class Made(BaseModel):
    """The new account."""

    person_id: int


class WantedRole(BaseModel):
    """A role at this site."""

    role: Role


@router.get("")
def look_up(
    conn: Db,
    access: Annotated[Access, Depends(allowed(Action.LOOK_UP_PEOPLE))],
    words: Annotated[str, Query(min_length=1, max_length=100, pattern=r"^[^\x00]+$")],
    reason: Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")] = "",
) -> list[PersonFound]:
    """People of the site by a part of their name. Every look-up is in the audit log."""
    found = seeking.look_up(conn, words, access.site, reason, access.actor)
    return [PersonFound(**{name: getattr(each, name) for name in PersonFound.model_fields}) for each in found]


@router.post("", status_code=201)
def make(conn: Db, now: Now, access: MayKeep, wanted: WantedPerson) -> Made:
    """Makes an account. Without a password, an invitation lets its person choose one."""
    staff = (Grant(Role.STAFF, access.site),)
    new = keeping.NewPerson(wanted.login, wanted.display_name, access.site, None, wanted.language, staff)
    try:
        with conn.transaction():
            person_id = administration.make(conn, access, new, now)
            if wanted.password is not None:
                sign_in.change_password(conn, person_id, wanted.password, access.actor, now)
    except PasswordError as error:
        raise ProblemError(422, "password_too_easy") from error
    return Made(person_id=person_id)


@router.post("/{person_id}/roles", status_code=204)
def grant(conn: Db, now: Now, access: MayGrant, person_id: PersonId, wanted: WantedRole) -> None:
    """Grants a role at this site."""
    administration.grant(conn, access, person_id, Grant(wanted.role, access.site), now)


@router.delete("/{person_id}/roles/{role}", status_code=204)
def withdraw(conn: Db, now: Now, access: MayGrant, person_id: PersonId, role: Role) -> None:
    """Withdraws a role at this site and ends the person's sessions."""
    administration.withdraw(conn, access, person_id, Grant(role, access.site), now)


@router.delete("/{person_id}", status_code=204)
def close(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> None:
    """Closes the account of somebody who has left; personal data goes after the set days.

    Coming bookings are cancelled. To give them to somebody else, hand them over first.
    """
    administration.close(conn, access, person_id, now)


@organisation_router.post("/{person_id}/roles", status_code=204)
def grant_everywhere(conn: Db, now: Now, access: MayGrantEverywhere, person_id: PersonId, wanted: WantedRole) -> None:
    """Grants a role at every site of the organisation."""
    administration.grant(conn, access, person_id, Grant(wanted.role), now)


@organisation_router.delete("/{person_id}/roles/{role}", status_code=204)
def withdraw_everywhere(conn: Db, now: Now, access: MayGrantEverywhere, person_id: PersonId, role: Role) -> None:
    """Withdraws a role that holds at every site, and ends the person's sessions."""
    administration.withdraw(conn, access, person_id, Grant(role), now)
