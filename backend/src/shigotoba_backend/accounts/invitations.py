"""Invitations: a link with which somebody chooses the password of an account, once.

So no administrator ever knows a colleague's password. Making one again makes the former one worthless.

Responsible for the life of the link. Refuses to make accounts (see ``keeping``) and to hand the link over.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts import sign_in
from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.people import Person, person_by_id
from shigotoba_backend.accounts.sessions import digest_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("invitations.sql", package="shigotoba_backend.accounts")

GOOD_FOR: Final = timedelta(days=7)


class InvitationError(Exception):
    """The link opens nothing: it was used, replaced, is too old, or never was one."""


def invite(conn: psycopg.Connection, person_id: int, actor: Actor, now: datetime) -> str:
    """A new link for somebody; its secret, which is told once."""
    secret = secrets.token_urlsafe(24)
    fields = {"person_id": person_id, "digest": digest_of(secret), "now": now, "expires_at": now + GOOD_FOR}
    with conn.transaction():
        conn.execute(_QUERIES["put"], fields)
        record(conn, actor, Deed("person.invite", f"person:{person_id}"))
    return secret


def invited(conn: psycopg.Connection, secret: str, now: datetime) -> Person:
    """Whom a link is for.

    Raises:
        InvitationError: It opens nothing.
    """
    row = conn.execute(_QUERIES["find"], {"digest": digest_of(secret), "now": now}).fetchone()
    person = person_by_id(conn, row[0], now) if row else None
    if person is None:
        raise InvitationError
    return person


def accept(conn: psycopg.Connection, secret: str, password: str, actor: Actor, now: datetime) -> Person:
    """Gives the account the password that its person has chosen; the link is then used up.

    Raises:
        InvitationError: It opens nothing.
        passwords.PasswordError: The password will not do; the link stays good.
    """
    with conn.transaction():
        person = invited(conn, secret, now)
        sign_in.change_password(conn, person.person_id, password, actor, now)
        conn.execute(_QUERIES["forget"], {"person_id": person.person_id})
    return person
