"""Personal data that is no longer needed: erased some days after a person has left.

The row stays under its pseudonym, so that strikes and figures still count and nobody is named. Tables of other topics
that hold personal words (purposes, sharing, tokens of calendars) are emptied by the same statements.

Responsible for erasing. Refuses to touch the audit log, which holds no names.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts import sessions, sign_in
from shigotoba_backend.accounts.audit import JOB, Actor, Deed, record
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("erasing.sql", package="shigotoba_backend.accounts")
_STATEMENTS: Final = (*(name for name in _QUERIES if name not in {"due", "person"}), "person")
"""The person's row comes last: the others look there."""


def erase_expired(conn: psycopg.Connection, kept_for: timedelta, now: datetime) -> list[int]:
    """Erases whoever left longer ago than ``kept_for``; their numbers."""
    due = [person_id for (person_id,) in conn.execute(_QUERIES["due"], {"left_before": now - kept_for})]
    for person_id in due:
        erase_person(conn, person_id, JOB, now)
    return due


def erase_person(conn: psycopg.Connection, person_id: int, actor: Actor, now: datetime) -> None:
    """Erases everything that says who a person is, at once."""
    with conn.transaction():
        for statement in _STATEMENTS:
            conn.execute(_QUERIES[statement], {"person_id": person_id, "now": now})
        sessions.end_all(conn, person_id)
        record(conn, actor, Deed("person.erase", f"person:{person_id}"))


def tidy_up(conn: psycopg.Connection, now: datetime) -> None:
    """Deletes sessions that have ended and failures that no longer count."""
    sessions.forget_expired(conn, now)
    sign_in.forget_old_failures(conn, now)
