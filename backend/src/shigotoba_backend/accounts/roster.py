"""The accounts of a site as its administrators see them: who is there, with which roles, and whether they can sign in.

Responsible for reading accounts and for the entry in the audit log that each look leaves. Refuses to change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.accounts.seeking import pattern_of
from shigotoba_backend.accounts.sign_in import FORGOTTEN_AFTER, pause_after
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("roster.sql", package="shigotoba_backend.accounts")
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account.

    Attributes:
        person_id: The number.
        login: To sign in with.
        display_name: For people.
        home_site: Code of the site the person belongs to, if any.
        active: Whether the account is open.
        left_at: Since when it is closed.
        grants: Roles in force.
        seen_at: When the person last used it, as far as sessions that are open tell.
        signs_in_with: ``password``, ``openid``, both, or nothing yet.
        invited_until: Until when an invitation is good.
        waits_until: Until when too many wrong passwords make somebody wait, the longest of all addresses.
    """

    person_id: int
    login: str
    display_name: str
    home_site: str | None
    active: bool
    left_at: datetime | None
    grants: tuple[Grant, ...]
    seen_at: datetime | None
    signs_in_with: tuple[str, ...]
    invited_until: datetime | None
    waits_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Row:
    person_id: int
    login: str
    display_name: str
    home_site: str | None
    active: bool
    left_at: datetime | None
    roles: list[str]
    role_sites: list[str | None]
    seen_at: datetime | None
    has_password: bool
    has_identity: bool
    invited_until: datetime | None
    failures: list[int]
    failed_at: list[datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts are looked for.

    Attributes:
        organisation: Code of the organisation.
        site: Code of the site whose people are meant, by home or by a role there, and those of no site; None for all.
        words: In the name or the login.
    """

    organisation: str
    site: str | None
    words: str = ""


def roster(conn: psycopg.Connection, wanted: Wanted, actor: Actor, now: datetime) -> list[Account]:
    """At most ``MOST`` accounts, the open ones first, by login."""
    with conn.transaction():
        found = _accounts(conn, wanted, None, now)
        place = f"site:{wanted.site}" if wanted.site else f"organisation:{wanted.organisation}"
        seen = {"people": [each.person_id for each in found]}
        record(conn, actor, Deed("person.list", place, wanted.site, after=seen))
    return found


def account(conn: psycopg.Connection, organisation: str, person_id: int, now: datetime) -> Account | None:
    """One account, for whoever may keep it; None when there is none, or its personal data is erased."""
    return next(iter(_accounts(conn, Wanted(organisation, None), person_id, now)), None)


def _accounts(conn: psycopg.Connection, wanted: Wanted, person_id: int | None, now: datetime) -> list[Account]:
    asked = {
        "organisation": wanted.organisation, "site": wanted.site, "pattern": pattern_of(wanted.words),
        "person_id": person_id, "now": now, "since": now - FORGOTTEN_AFTER, "most": MOST,
    }  # fmt: skip
    return [_account(row, now) for row in rows_of(conn, _Row, _QUERIES["accounts"], asked)]


def _account(row: _Row, now: datetime) -> Account:
    grants = tuple(Grant(Role(role), site) for role, site in zip(row.roles, row.role_sites, strict=True))
    ways = (("password", row.has_password), ("openid", row.has_identity))
    return Account(
        row.person_id, row.login, row.display_name, row.home_site, row.active, row.left_at, grants, row.seen_at,
        tuple(way for way, has in ways if has), row.invited_until, _waits_until(row, now),
    )  # fmt: skip


def _waits_until(row: _Row, now: datetime) -> datetime | None:
    ends = (at + pause_after(count) for count, at in zip(row.failures, row.failed_at, strict=True))
    return max((end.astimezone(UTC) for end in ends if end > now), default=None)
