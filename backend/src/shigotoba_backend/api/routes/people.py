"""Accounts of a site, for its administrators: look up, make, grant, withdraw, close."""

from __future__ import annotations

from typing import Annotated, Literal

import psycopg
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from shigotoba_backend.accounts import keeping, seeking, sign_in
from shigotoba_backend.accounts.passwords import LONGEST, PasswordError
from shigotoba_backend.accounts.roles import Action, Grant, Role
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.problems import ProblemError

router = APIRouter(prefix="/sites/{site}/people", tags=["people"])

PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
MayKeep = Annotated[Access, Depends(allowed(Action.MANAGE_PEOPLE))]
MayGrant = Annotated[Access, Depends(allowed(Action.GRANT_SITE_ROLES))]


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
    """Makes an account."""
    staff = (Grant(Role.STAFF, access.site),)
    new = keeping.NewPerson(wanted.login, wanted.display_name, access.site, None, wanted.language, staff)
    try:
        with conn.transaction():
            person_id = keeping.create_person(conn, new, access.actor, now)
            if wanted.password is not None:
                sign_in.change_password(conn, person_id, wanted.password, access.actor, now)
    except keeping.AccountError as error:
        raise ProblemError(409, "login_taken", {"login": wanted.login}) from error
    except PasswordError as error:
        raise ProblemError(422, "password_too_easy") from error
    return Made(person_id=person_id)


@router.post("/{person_id}/roles", status_code=204)
def grant(conn: Db, now: Now, access: MayGrant, person_id: PersonId, wanted: WantedRole) -> None:
    """Grants a role at this site."""
    _check_ours(conn, access, person_id)
    keeping.grant_role(conn, person_id, Grant(_grantable(wanted.role), access.site), access.actor, now)


@router.delete("/{person_id}/roles/{role}", status_code=204)
def withdraw(conn: Db, now: Now, access: MayGrant, person_id: PersonId, role: Role) -> None:
    """Withdraws a role at this site and ends the person's sessions."""
    _check_ours(conn, access, person_id)
    keeping.withdraw_role(conn, person_id, Grant(_grantable(role), access.site), access.actor, now)


@router.delete("/{person_id}", status_code=204)
def close(conn: Db, now: Now, access: MayKeep, person_id: PersonId) -> None:
    """Closes the account of somebody who has left; personal data goes after the set days."""
    _check_ours(conn, access, person_id)
    keeping.close_account(conn, person_id, access.actor, now)


def _check_ours(conn: psycopg.Connection, access: Access, person_id: int) -> None:
    if not seeking.belongs(conn, person_id, access.site):
        raise ProblemError(404, "no_such_person", {"person_id": person_id})


def _grantable(role: Role) -> Role:
    """A site's administrator makes no administrators of the organisation."""
    if role is Role.ORGANISATION_ADMIN:
        raise ProblemError(403, "not_permitted", {"role": role.value})
    return role
