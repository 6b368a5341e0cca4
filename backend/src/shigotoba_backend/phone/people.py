"""Accounts, for those who keep them: the list, one account with its roles, its bookings and what was done with it.

Responsible for these pages. Refuses to decide who keeps whose account (see ``api.administration``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import Response

from shigotoba_backend.accounts import audit, seeking
from shigotoba_backend.accounts.keeping import NewPerson
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import Action, Grant, Role
from shigotoba_backend.accounts.roster import MOST, Account, Wanted, roster
from shigotoba_backend.api import administration
from shigotoba_backend.api.asking import Access, actor_of, services_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.leaving import HandedOver, coming, hand_over_all
from shigotoba_backend.phone.dates import day_of
from shigotoba_backend.phone.here import Here, Visit
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import WORDS, Code
from shigotoba_backend.texts import message

router = APIRouter(prefix="/s/{site}/people")

PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Login = Annotated[str, Form(min_length=1, max_length=100, pattern=r"^[^\s\x00]+$")]
Name = Annotated[str, Form(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
Deed = Literal["unlock", "close", "reopen"]

ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.STAFF: message("Staff"),
    Role.DEPARTMENT: message("Officer of a department"),
    Role.FACILITY: message("Facility staff"),
    Role.SITE_ADMIN: message("Administrator of a site"),
    Role.ORGANISATION_ADMIN: message("Administrator of the organisation"),
    Role.AUDITOR: message("Auditor"),
    Role.EXECUTIVE: message("Executive (read only)"),
}
DEEDS: Final[Mapping[str, str]] = {
    "person.create": message("Account made"),
    "person.invite": message("Invitation made"),
    "person.unlock": message("Wrong passwords forgotten"),
    "person.move": message("Moved to another site"),
    "person.section": message("Section noted"),
    "person.close": message("Account closed"),
    "person.reopen": message("Account opened again"),
    "person.look_up": message("Looked up"),
    "password.change": message("Password changed"),
    "role.grant": message("Role given"),
    "role.withdraw": message("Role withdrawn"),
    "session.begin": message("Signed in"),
    "session.end": message("Signed out"),
    "session.refuse": message("Wrong password"),
}
"""What was done with an account, in words; anything else is shown by its code."""

_DONE: Final[Mapping[Deed, Callable[[Here, Access, int], object]]] = {
    "unlock": lambda here, access, person_id: administration.unlock(here.conn, access, person_id, here.now),
    "close": lambda here, access, person_id: administration.close(here.conn, access, person_id, here.now),
    "reopen": lambda here, access, person_id: administration.reopen(here.conn, access, person_id, here.now),
}


@router.get("")
def everybody(
    here: Visit, words: Annotated[str, Query(max_length=100, pattern=WORDS)] = "", whole: bool = False
) -> Response:
    """The list, and the form for somebody new."""
    access = _keeper(here)
    above = administration.everywhere(access)
    wanted = Wanted(here.person.organisation, None if whole and above else here.site.code, words)
    found = roster(here.conn, wanted, access.actor, here.now)
    shown: dict[str, Any] = {"found": found, "words": words, "whole": whole and above, "above": above}
    return page(here, "people.html", role_names=ROLE_NAMES, most=MOST, **shown)


@router.post("")
def add(here: Visit, login: Login, display_name: Name) -> Response:
    """Makes an account for somebody, as staff, and an invitation for it."""
    access = _keeper(here)
    new = NewPerson(login, display_name, here.site.code, grants=(Grant(Role.STAFF, here.site.code),))
    with here.conn.transaction():
        person_id = administration.make(here.conn, access, new, here.now)
        secret = administration.invite(here.conn, access, person_id, here.now)
    return _one(here, access, person_id, invitation=_address(here, secret))


@router.get("/{person_id}")
def one(here: Visit, person_id: PersonId) -> Response:
    """One account."""
    return _one(here, _keeper(here), person_id)


@router.post("/{person_id}/invitation")
def invite(here: Visit, person_id: PersonId) -> Response:
    """A new link with which the person chooses a password."""
    access = _keeper(here)
    secret = administration.invite(here.conn, access, person_id, here.now)
    return _one(here, access, person_id, invitation=_address(here, secret))


@router.post("/{person_id}/roles")
def roles(
    here: Visit,
    person_id: PersonId,
    role: Annotated[Role, Form()],
    place: Annotated[str, Form(max_length=64, pattern=WORDS)] = "",
    step: Annotated[Literal["grant", "withdraw"], Form()] = "grant",
) -> Response:
    """Gives a role or takes it away; without a place it holds everywhere."""
    access = _keeper(here, Action.GRANT_SITE_ROLES)
    if place and not here.person.may(Action.GRANT_SITE_ROLES, place):
        raise ProblemError(403, "not_permitted", {"action": Action.GRANT_SITE_ROLES.value})
    change = administration.grant if step == "grant" else administration.withdraw
    change(here.conn, access, person_id, Grant(role, place or None), here.now)
    return seen(f"{_path(here, person_id)}#roles")


@router.post("/{person_id}/home")
def move(here: Visit, person_id: PersonId, to: Code) -> Response:
    """The person works at another site from now on."""
    access = _keeper(here)
    administration.move(here.conn, access, person_id, to, here.now)
    return seen(f"/s/{to}/people/{person_id}")


@router.post("/{person_id}/bookings")
def hand_over(
    here: Visit, person_id: PersonId, login: Login, first: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Gives coming bookings to somebody else."""
    access = _keeper(here)
    administration.kept(here.conn, access, person_id, here.now)
    heir = person_by_login(here.conn, login, here.now)
    if heir is None or heir.organisation != here.person.organisation:
        raise ProblemError(404, "no_such_colleague", {"login": login})
    day = day_of(first) if first else None
    done = hand_over_all(here.conn, here.asker, (person_id, heir.person_id), day, here.now)
    return _one(here, access, person_id, handed=done, heir=heir.display_name)


@router.post("/{person_id}/{deed}")
def act(here: Visit, person_id: PersonId, deed: Deed) -> Response:
    """Presses a button."""
    _DONE[deed](here, _keeper(here), person_id)
    return seen(_path(here, person_id))


def _keeper(here: Here, action: Action = Action.MANAGE_PEOPLE) -> Access:
    here.demand(action)
    return Access(here.person, here.site.code, actor_of(here.request, here.person))


def _path(here: Here, person_id: int) -> str:
    return f"/s/{here.site.code}/people/{person_id}"


def _address(here: Here, secret: str) -> str:
    return f"{services_of(here.request).settings.base}/invitation/{secret}"


def _one(
    here: Here, access: Access, person_id: int, invitation: str = "", handed: HandedOver | None = None, heir: str = ""
) -> Response:
    account = administration.seen(here.conn, access, person_id, here.now)
    log = audit.entries_about(here.conn, f"person:{person_id}")
    values: dict[str, Any] = {
        "account": account, "invitation": invitation, "handed": handed, "heir": heir, "log": log,
        "names": seeking.names_of(here.conn, sorted({each.actor_id for each in log if each.actor_id})),
        "ours": _is_ours(here, access, account), "above": administration.everywhere(access),
        "coming": coming(here.conn, person_id, here.now), "role_names": ROLE_NAMES, "deed_names": DEEDS,
        "role_names_by_code": {role.value: name for role, name in ROLE_NAMES.items()},
        "roles_to_give": [role for role in Role if administration.may_give(access, role)],
        "places": sorted(here.person.sites_with(Action.MANAGE_PEOPLE)),
    }  # fmt: skip
    return page(here, "person.html", **values)


def _is_ours(here: Here, access: Access, account: Account) -> bool:
    return administration.everywhere(access) or seeking.belongs(here.conn, account.person_id, here.site.code)
