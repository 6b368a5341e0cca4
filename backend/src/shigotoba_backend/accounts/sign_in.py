"""Signing in with a local account.

Wrong passwords cost time: from the fifth on, the account waits longer and longer, but only from the address they came
from. So nobody can lock a colleague out from elsewhere, and a floor behind one address is not locked out as a whole.

Responsible for that and for the audit entries. Refuses cookies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts import passwords, sessions
from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.people import Person, person_by_login
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("sign_in.sql", package="shigotoba_backend.accounts")

FREE_TRIES: Final = 4
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)


class WrongPasswordError(Exception):
    """No such account, or another password; which of the two is not said."""


class WaitError(Exception):
    """Too many wrong passwords for this account from this address.

    Attributes:
        wait: How long until the next try is heard.
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"try again in {wait}")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's try.

    Attributes:
        login: As typed.
        password: As typed.
        address: Where it came from.
    """

    login: str
    password: str
    address: str

    @property
    def key(self) -> dict[str, object]:
        """What failures are counted by; an account that does not exist is counted like one that does."""
        return {"login": self.login.strip().lower()[:200], "address": self.address}


def sign_in(conn: psycopg.Connection, attempt: Attempt, actor: Actor, now: datetime) -> Person:
    """The person, if the password is right.

    Raises:
        WaitError: The try was not even looked at.
        WrongPasswordError: It was wrong, and is counted.
    """
    refuse_to_hurry(conn, attempt, now)
    person = person_by_login(conn, attempt.login, now)
    row = conn.execute(_QUERIES["hash_of"], {"person_id": person.person_id if person else None}).fetchone()
    kept: str | None = row[0] if row else None
    if person is None or not passwords.matches(kept, attempt.password):
        _note_failure(conn, attempt, actor, person, now)
        raise WrongPasswordError
    with conn.transaction():
        conn.execute(_QUERIES["forget_failures"], attempt.key)
        if kept and passwords.outdated(kept):
            set_hash(conn, person.person_id, passwords.hashed(attempt.password), now)
        record(conn, Actor("person", person.person_id, actor.request_id), Deed("session.begin", me(person)))
    return person


def refuse_to_hurry(conn: psycopg.Connection, attempt: Attempt, now: datetime) -> None:
    """Raises ``WaitError`` while earlier failures demand patience."""
    row = conn.execute(_QUERIES["failures"], {**attempt.key, "since": now - FORGOTTEN_AFTER}).fetchone()
    if row:
        failures, last_at = row
        left = last_at + pause_after(failures) - now
        if left > timedelta(0):
            raise WaitError(left)


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures: 2, 4, 8 … seconds from the fifth on."""
    if failures <= FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 20)), LONGEST_WAIT)


def change_password(conn: psycopg.Connection, person_id: int, password: str, actor: Actor, now: datetime) -> None:
    """Gives a person a new password and ends every session.

    Raises:
        passwords.PasswordError: It will not do.
    """
    kept = passwords.hashed(password)
    with conn.transaction():
        set_hash(conn, person_id, kept, now)
        sessions.end_all(conn, person_id)
        record(conn, actor, Deed("password.change", f"person:{person_id}"))


def set_hash(conn: psycopg.Connection, person_id: int, kept: str, now: datetime) -> None:
    """Stores a hash."""
    conn.execute(_QUERIES["set_hash"], {"person_id": person_id, "hash": kept, "now": now})


def unlock(conn: psycopg.Connection, person_id: int, actor: Actor) -> None:
    """Forgets every wrong password for an account, so that nobody waits any more, wherever they are."""
    with conn.transaction():
        conn.execute(_QUERIES["forget_failures_of"], {"person_id": person_id})
        record(conn, actor, Deed("person.unlock", f"person:{person_id}"))


def forget_old_failures(conn: psycopg.Connection, now: datetime) -> None:
    """Deletes failures that no longer count."""
    conn.execute(_QUERIES["forget_old_failures"], {"before": now - FORGOTTEN_AFTER})


def me(person: Person) -> str:
    """A person as the object of an audit entry."""
    return f"person:{person.person_id}"


def _note_failure(
    conn: psycopg.Connection, attempt: Attempt, actor: Actor, person: Person | None, now: datetime
) -> None:
    with conn.transaction():
        conn.execute(_QUERIES["note_failure"], {**attempt.key, "now": now, "since": now - FORGOTTEN_AFTER})
        whom = me(person) if person else "person:unknown"
        record(conn, actor, Deed("session.refuse", whom, after={"address": attempt.address}))
