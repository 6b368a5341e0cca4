"""Who I am, as a program sees it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from shigotoba_backend.accounts.own_data import own_data
from shigotoba_backend.accounts.people import Person
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Db, Signed

router = APIRouter(prefix="/me", tags=["me"])


class Granted(BaseModel):
    """A role in force; no site means every site of the organisation."""

    role: str
    site: str | None


class Me(BaseModel):
    """The signed-in person."""

    person_id: int
    login: str
    display_name: str
    language: Literal["ja", "en"]
    organisation: str
    home_site: str | None
    roles: list[Granted]
    may: dict[str, list[str]]


@router.get("")
def me(person: Signed) -> Me:
    """The signed-in person, the roles in force, and what they allow at each site."""
    return Me(
        person_id=person.person_id,
        login=person.login,
        display_name=person.display_name,
        language=person.language,
        organisation=person.organisation,
        home_site=person.home_site,
        roles=[Granted(role=grant.role.value, site=grant.site) for grant in person.grants],
        may=_may(person),
    )


def _may(person: Person) -> dict[str, list[str]]:
    return {site: [action.value for action in Action if person.may(action, site)] for site in sorted(person.sites)}


@router.get("/data")
def everything(conn: Db, person: Signed) -> dict[str, list[dict[str, object]]]:
    """Everything that is kept about the signed-in person, by topic, without secrets."""
    return own_data(conn, person.person_id)
