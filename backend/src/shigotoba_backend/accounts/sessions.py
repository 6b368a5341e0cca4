"""Sessions: a secret in the browser's cookie, its digest in the database.

A session ends when it was not used for a while, when it has reached its age, or when it is ended. What a person does
uses it; what an open page asks by itself does not. Its secret is
replaced at sign-in and every hour; the former one is good for another minute, for requests that were under way.

Responsible for the life of a session and for tokens of programs, which are sessions without a browser. Refuses to
check passwords and to know cookies.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("sessions.sql", package="shigotoba_backend.accounts")
_ROTATED_EVERY: Final = timedelta(hours=1)
_FORMER_FOR: Final = timedelta(minutes=1)
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is alive.

    Attributes:
        digest: What the database knows it by.
        person_id: Whose it is.
        kind: Of a browser or a program.
        seen_at: When it was last noted as used.
        new_secret: To be sent to the browser instead of the one that came; None to leave it.
    """

    digest: bytes
    person_id: int
    kind: Literal["browser", "token"]
    seen_at: datetime
    new_secret: str | None = None


def begin(conn: psycopg.Connection, person_id: int, life: timedelta, now: datetime) -> str:
    """A new session of a browser; its secret."""
    return _begin(conn, {"person_id": person_id, "kind": "browser", "label": "", "expires_at": now + life}, now)


def begin_token(conn: psycopg.Connection, person_id: int, label: str, life: timedelta, now: datetime) -> str:
    """A new token of a program; its secret, which nobody can ask for again."""
    return _begin(conn, {"person_id": person_id, "kind": "token", "label": label, "expires_at": now + life}, now)


def find(conn: psycopg.Connection, secret: str, idle: timedelta, now: datetime) -> Session | None:
    """The live session of that secret, noted as used; None if there is none."""
    session = look_up(conn, secret, idle, now)
    if session is not None:
        note_use(conn, session, now)
    return session


def look_up(conn: psycopg.Connection, secret: str, idle: timedelta, now: datetime) -> Session | None:
    """The live session of that secret, for what an open page asks by itself; None if there is none."""
    arguments = {"digest": digest_of(secret), "now": now, "idle_since": now - idle}
    row = conn.execute(_QUERIES["find"], arguments).fetchone()
    if row is None:
        return None
    digest, person_id, kind, seen_at, rotated_at, is_former = row
    session = Session(digest, person_id, kind, seen_at)
    if kind == "browser" and not is_former and now - rotated_at >= _ROTATED_EVERY:
        return _rotate(conn, session, now)
    return session


def note_use(conn: psycopg.Connection, session: Session, now: datetime) -> None:
    """Notes that its person has just done something, to the minute."""
    if now - session.seen_at >= _SEEN_EVERY:
        conn.execute(_QUERIES["note_seen"], {"digest": session.digest, "now": now})


def end(conn: psycopg.Connection, digest: bytes) -> None:
    """Ends one session."""
    conn.execute(_QUERIES["end"], {"digest": digest})


def end_all(conn: psycopg.Connection, person_id: int) -> None:
    """Ends every session and token of a person."""
    conn.execute(_QUERIES["end_all"], {"person_id": person_id})


def forget_expired(conn: psycopg.Connection, now: datetime) -> None:
    """Deletes what has expired."""
    conn.execute(_QUERIES["forget_expired"], {"now": now})
    conn.execute(_QUERIES["forget_former"], {"now": now})


def digest_of(secret: str) -> bytes:
    """What is kept of a secret; it is long and random, so one round is enough."""
    return hashlib.sha256(secret.encode()).digest()


def _begin(conn: psycopg.Connection, fields: dict[str, object], now: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    conn.execute(_QUERIES["begin"], {**fields, "digest": digest_of(secret), "now": now})
    return secret


def _rotate(conn: psycopg.Connection, session: Session, now: datetime) -> Session:
    """Two requests may come at once: the second finds the digest gone and keeps its secret for its minute."""
    secret = secrets.token_urlsafe(32)
    new = digest_of(secret)
    arguments = {"digest": session.digest, "new": new, "now": now, "former_until": now + _FORMER_FOR}
    with conn.transaction():
        rotated = conn.execute(_QUERIES["rotate"], arguments).rowcount
        if rotated:
            conn.execute(_QUERIES["keep_former"], arguments)
    return replace(session, digest=new, new_secret=secret) if rotated else session
