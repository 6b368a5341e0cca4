"""Somebody an OpenID provider has confirmed, as a person with an account here.

Responsible for finding or making the account. An account that was made by an administrator is never taken over by a
name alone: only provider and subject together are an identity. Refuses the protocol (see ``oidc``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.accounts import keeping
from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.oidc import Confirmed
from shigotoba_backend.accounts.people import Person, person_by_identity
from shigotoba_backend.accounts.roles import Grant, Role


def admit(
    conn: psycopg.Connection, confirmed: Confirmed, newcomers: bool, actor: Actor, now: datetime
) -> Person | None:
    """The person; None when there is no account and newcomers get none.

    Args:
        conn: A connection.
        confirmed: Whom the provider confirmed.
        newcomers: Whether somebody unknown gets an account with the role staff.
        actor: For the audit log; the person is added.
        now: The present.
    """
    with conn.transaction():
        person = person_by_identity(conn, confirmed.issuer, confirmed.subject, now)
        if person is None and newcomers and not _is_known(conn, confirmed):
            _make(conn, confirmed, actor, now)
            person = person_by_identity(conn, confirmed.issuer, confirmed.subject, now)
        if person:
            record(conn, Actor("person", person.person_id, actor.request_id), _signed_in(person))
    return person


def _signed_in(person: Person) -> Deed:
    return Deed("session.begin", f"person:{person.person_id}", after={"through": "openid"})


def _is_known(conn: psycopg.Connection, confirmed: Confirmed) -> bool:
    """Somebody whose account was closed does not come in as a newcomer."""
    return keeping.has_identity(conn, confirmed.issuer, confirmed.subject)


def _make(conn: psycopg.Connection, confirmed: Confirmed, actor: Actor, now: datetime) -> None:
    login = confirmed.login if not keeping.is_taken(conn, confirmed.login) else f"{confirmed.login}#{confirmed.subject}"
    new = keeping.NewPerson(login, confirmed.display_name, email=confirmed.email, grants=(Grant(Role.STAFF),))
    person_id = keeping.create_person(conn, new, actor, now)
    keeping.add_identity(conn, person_id, confirmed.issuer, confirmed.subject)
