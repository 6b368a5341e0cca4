"""Accounts as administrators keep them: made, given roles, closed.

Responsible for these changes and their audit entries. Refuses to ask whether whoever acts may (the routes do).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.people import Language
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("keeping.sql", package="shigotoba_backend.accounts")

_HIGHEST: Final = Grant(Role.ORGANISATION_ADMIN)


class AccountError(Exception):
    """The account cannot be kept like that; the message says why and what to do."""


class LastAdministratorError(AccountError):
    """Nobody would be left who administers the organisation."""

    def __init__(self) -> None:
        super().__init__("This is the last administrator of the organisation. Give the role to somebody else first.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who gets an account.

    Attributes:
        login: To sign in with, in any case of letters.
        display_name: For people.
        home_site: Code of the site this person belongs to, if any.
        email: For messages, if any.
        language: Of the screens.
        grants: Roles from the start.
    """

    login: str
    display_name: str
    home_site: str | None = None
    email: str | None = None
    language: Language = "ja"
    grants: tuple[Grant, ...] = ()


def create_person(conn: psycopg.Connection, new: NewPerson, actor: Actor, now: datetime) -> int:
    """Makes an account; its number.

    Raises:
        AccountError: The login is taken or empty, or a site is unknown.
    """
    login = new.login.strip().lower()
    _check_sites(conn, {new.home_site, *(grant.site for grant in new.grants)})
    fields = {
        "login": login,
        "display_name": new.display_name,
        "home_site": new.home_site,
        "email": new.email,
        "language": new.language,
    }
    try:
        with conn.transaction():
            (person_id,) = conn.execute(_QUERIES["create"], fields).fetchone() or (0,)
            record(conn, actor, Deed("person.create", f"person:{person_id}", new.home_site))
            for grant in new.grants:
                grant_role(conn, person_id, grant, actor, now)
    except psycopg.errors.UniqueViolation as error:
        raise AccountError(f"The login {login!r} is taken. Choose another.") from error
    except psycopg.errors.CheckViolation as error:
        raise AccountError("A login must have at least one character.") from error
    return person_id


def grant_role(conn: psycopg.Connection, person_id: int, grant: Grant, actor: Actor, now: datetime) -> None:
    """Gives a role from now on; one that is in force already stays as it is.

    Raises:
        AccountError: The site is unknown.
    """
    _check_sites(conn, {grant.site})
    with conn.transaction():
        granted = conn.execute(_QUERIES["grant"], _fields(person_id, grant, now) | {"by": actor.person_id}).rowcount
        if granted:
            record(conn, actor, Deed("role.grant", f"person:{person_id}", grant.site, after={"role": grant.role.value}))


def withdraw_role(conn: psycopg.Connection, person_id: int, grant: Grant, actor: Actor, now: datetime) -> None:
    """Takes a role away from now on, and ends the person's sessions.

    Raises:
        LastAdministratorError: Somebody has to administer the organisation.
    """
    with conn.transaction():
        if grant == _HIGHEST:
            _check_not_last(conn, person_id, now)
        conn.execute(_QUERIES["withdraw"], _fields(person_id, grant, now))
        sessions.end_all(conn, person_id)
        deed = Deed("role.withdraw", f"person:{person_id}", grant.site, before={"role": grant.role.value})
        record(conn, actor, deed)


def close_account(conn: psycopg.Connection, person_id: int, actor: Actor, now: datetime) -> None:
    """The person has left: no more signing in; personal data is erased when its days are over.

    Raises:
        LastAdministratorError: Somebody has to administer the organisation.
    """
    fields = {"person_id": person_id, "now": now}
    with conn.transaction():
        _check_not_last(conn, person_id, now)
        for statement in ("close", "withdraw_all", "forget_invitation", "forget_delegates"):
            conn.execute(_QUERIES[statement], fields)
        sessions.end_all(conn, person_id)
        record(conn, actor, Deed("person.close", f"person:{person_id}"))


def reopen_account(conn: psycopg.Connection, person_id: int, actor: Actor) -> bool:
    """Opens an account that was closed by mistake, without roles; whether its data was still there."""
    with conn.transaction():
        reopened = conn.execute(_QUERIES["reopen"], {"person_id": person_id}).rowcount == 1
        if reopened:
            record(conn, actor, Deed("person.reopen", f"person:{person_id}"))
    return reopened


def move_home(conn: psycopg.Connection, person_id: int, site: str, actor: Actor, now: datetime) -> None:
    """The person works at another site from now on: staff there, and nothing any more at the former one.

    Raises:
        AccountError: The site is unknown.
    """
    _check_sites(conn, {site})
    with conn.transaction():
        row = conn.execute(_QUERIES["home_of"], {"person_id": person_id}).fetchone()
        former: str | None = row[0] if row else None
        if former == site:
            return
        fields = {"person_id": person_id, "site": site, "former": former, "now": now}
        conn.execute(_QUERIES["withdraw_at"], fields)
        conn.execute(_QUERIES["move"], fields)
        deed = Deed("person.move", f"person:{person_id}", site, before={"site": former}, after={"site": site})
        record(conn, actor, deed)
        grant_role(conn, person_id, Grant(Role.STAFF, site), actor, now)
        sessions.end_all(conn, person_id)


def set_section(conn: psycopg.Connection, person_id: int, section: str | None, actor: Actor) -> None:
    """Notes which section a person belongs to, None for no section; its figures are then the person's own.

    Raises:
        AccountError: There is no such section.
    """
    with conn.transaction():
        fields = {"person_id": person_id, "section": section}
        row = conn.execute(_QUERIES["set_section"], fields).fetchone()
        if row is None:
            raise AccountError(f"No section {section!r}. Import the site file that describes it.")
        former, site = row
        before, after = {"section": former}, {"section": section}
        record(conn, actor, Deed("person.section", f"person:{person_id}", site, before, after))


def add_identity(conn: psycopg.Connection, person_id: int, issuer: str, subject: str) -> None:
    """Notes who a person is at an OpenID provider."""
    conn.execute(_QUERIES["add_identity"], {"person_id": person_id, "issuer": issuer, "subject": subject})


def has_identity(conn: psycopg.Connection, issuer: str, subject: str) -> bool:
    """Whether somebody has or had an account as that subject."""
    fields = {"issuer": issuer, "subject": subject}
    return conn.execute(_QUERIES["has_identity"], fields).fetchone() is not None


def is_taken(conn: psycopg.Connection, login: str) -> bool:
    """Whether somebody signs in as ``login``."""
    return conn.execute(_QUERIES["is_taken"], {"login": login.strip().lower()}).fetchone() is not None


def set_language(conn: psycopg.Connection, person_id: int, language: Language) -> None:
    """Notes the language a person reads; a preference, not a change of rights."""
    conn.execute(_QUERIES["set_language"], {"person_id": person_id, "language": language})


def _check_not_last(conn: psycopg.Connection, person_id: int, now: datetime) -> None:
    if conn.execute(_QUERIES["is_last"], {"person_id": person_id, "now": now}).fetchone() is not None:
        raise LastAdministratorError


def _fields(person_id: int, grant: Grant, now: datetime) -> dict[str, object]:
    return {"person_id": person_id, "role": grant.role.value, "site": grant.site, "now": now}


def _check_sites(conn: psycopg.Connection, sites: set[str | None]) -> None:
    wanted = sorted(site for site in sites if site is not None)
    known = {code for (code,) in conn.execute(_QUERIES["sites"], {"sites": wanted})}
    if unknown := [site for site in wanted if site not in known]:
        raise AccountError(f"No site {unknown[0]!r} in the database. Import its site.json first.")
