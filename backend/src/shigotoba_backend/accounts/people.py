"""People as the product knows them, with their roles at an instant.

Responsible for finding people and for who a person is. Refuses to prove that somebody is this person (see
``sign_in``, ``oidc`` and ``sessions``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.accounts.roles import POWERFUL, Action, Grant, Role, allows
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("people.sql", package="shigotoba_backend.accounts")

OF_SECTIONS: Final = frozenset({"section", "device"})
"""Kinds of scope whose figures may be one section's: a printer often serves one alone."""

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Attributes:
        person_id: For the database and for logs.
        login: What is typed to sign in.
        display_name: For people.
        language: What the screens speak to this person.
        home_site: Code of the site this person belongs to, if any.
        organisation: Code of the organisation.
        grants: Roles in force.
        sites: Codes of every site of the organisation.
        sections: Codes of the person's own section and of what is part of it.
    """

    person_id: int
    login: str
    display_name: str
    language: Language
    home_site: str | None
    organisation: str
    grants: tuple[Grant, ...] = ()
    sites: frozenset[str] = field(default_factory=frozenset)
    sections: frozenset[str] = field(default_factory=frozenset)

    def may(self, action: Action, site: str | None) -> bool:
        """Whether this person's roles allow ``action`` at ``site``; None asks about the whole organisation."""
        return (site is None or site in self.sites) and allows(self.grants, action, site)

    def sees(self, scope: Scope, site: str) -> bool:
        """Whether figures of that scope are for this person, who asks at a site whose figures are."""
        return scope.kind not in OF_SECTIONS or self.owns(scope) or self.may(Action.SEE_SECTIONS, site)

    def owns(self, scope: Scope) -> bool:
        """Whether it is the person's own section, or part of it."""
        return scope.kind == "section" and scope.whole == self.organisation and scope.part in self.sections

    def sites_with(self, action: Action) -> frozenset[str]:
        """Where this person may do it."""
        return frozenset(site for site in self.sites if self.may(action, site))

    @property
    def powerful(self) -> bool:
        """Whether this person can do harm to others, so that sessions are short."""
        return any(grant.role in POWERFUL for grant in self.grants)


def person_by_id(conn: psycopg.Connection, person_id: int, now: datetime) -> Person | None:
    """The active person of that number with the roles of ``now``; None if there is none."""
    return _one(conn, "by_id", {"person_id": person_id, "now": now})


def person_by_login(conn: psycopg.Connection, login: str, now: datetime) -> Person | None:
    """The active person who signs in as ``login``, in any case of letters; None if there is none."""
    return _one(conn, "by_login", {"login": login.strip().lower(), "now": now})


def person_by_identity(conn: psycopg.Connection, issuer: str, subject: str, now: datetime) -> Person | None:
    """The active person whom an OpenID provider calls ``subject``; None if there is none."""
    return _one(conn, "by_identity", {"issuer": issuer, "subject": subject, "now": now})


def _one(conn: psycopg.Connection, query: str, arguments: dict[str, object]) -> Person | None:
    row = conn.execute(_QUERIES[query], arguments).fetchone()
    if row is None:
        return None
    person_id, login, display_name, language, home_site, organisation, roles, role_sites, sites, sections = row
    grants = tuple(Grant(Role(role), site) for role, site in zip(roles, role_sites, strict=True))
    names = (login, display_name, language, home_site, organisation)
    return Person(person_id, *names, grants, frozenset(sites), frozenset(sections))
