"""Looking people up by name, for those who may, with a line in the audit log for each look-up.

Responsible for the search and its entry. Refuses to ask whether whoever looks may (the routes do).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("seeking.sql", package="shigotoba_backend.accounts")
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was looked up.

    Attributes:
        person_id: The number.
        login: To sign in with.
        display_name: For people.
        home_site: Code of the site the person belongs to, if any.
        active: Whether the account is open.
    """

    person_id: int
    login: str
    display_name: str
    home_site: str | None
    active: bool


def look_up(conn: psycopg.Connection, words: str, site: str, reason: str, actor: Actor) -> list[Found]:
    """People of ``site``, or of no site, whose name or login contains ``words``; at most ``MOST``."""
    arguments = {"pattern": pattern_of(words), "site": site, "most": MOST}
    with conn.transaction():
        found = rows_of(conn, Found, _QUERIES["look_up"], arguments)
        seen = {"people": [each.person_id for each in found]}
        record(conn, actor, Deed("person.look_up", f"site:{site}", site, after=seen, reason=reason))
    return found


def pattern_of(words: str) -> str:
    """What ``LIKE`` takes for text that contains ``words``, whatever is in them."""
    return "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def names_of(conn: psycopg.Connection, person_ids: list[int]) -> dict[int, str]:
    """Names by number, for those whose names may be seen anyway; the erased have none."""
    return dict(conn.execute(_QUERIES["names_of"], {"person_ids": person_ids}).fetchall())


def belongs(conn: psycopg.Connection, person_id: int, site: str) -> bool:
    """Whether a person belongs to that site or to none, so that its administrators keep the account."""
    return conn.execute(_QUERIES["belongs"], {"person_id": person_id, "site": site}).fetchone() is not None
