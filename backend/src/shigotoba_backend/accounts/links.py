"""Secret links: an address that works without signing in, for one calendar or one door display.

Making one again makes the former one worthless. Responsible for these secrets. Refuses to know what they open.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.accounts.sessions import digest_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("links.sql", package="shigotoba_backend.accounts")

Kind = Literal["door", "person_calendar", "booth_calendar"]


def make(conn: psycopg.Connection, kind: Kind, target: int, now: datetime) -> str:
    """A new link to a person's calendar, or to a booth's (``target`` is the number); its secret."""
    secret = secrets.token_urlsafe(24)
    with conn.transaction():
        revoke(conn, kind, target)
        fields = {"digest": digest_of(secret), "kind": kind, "target": target, "now": now}
        conn.execute(_QUERIES["make"], fields)
    return secret


def find(conn: psycopg.Connection, kind: Kind, secret: str) -> int | None:
    """Whom or what the secret is for; None if it opens nothing."""
    row = conn.execute(_QUERIES["find"], {"digest": digest_of(secret), "kind": kind}).fetchone()
    target: int | None = row[0] if row else None
    return target


def exists(conn: psycopg.Connection, kind: Kind, target: int) -> bool:
    """Whether there is a link."""
    return conn.execute(_QUERIES["exists"], {"kind": kind, "target": target}).fetchone() is not None


def revoke(conn: psycopg.Connection, kind: Kind, target: int) -> None:
    """Makes the link worthless."""
    conn.execute(_QUERIES["revoke"], {"kind": kind, "target": target})
