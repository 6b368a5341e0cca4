"""Who may book for whom: the owner decides.

Responsible for that list. Refuses to judge bookings (see ``record.may_act``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("delegates.sql", package="shigotoba_backend.bookings")


def allow_delegate(conn: psycopg.Connection, by: tuple[Asker, Actor], delegate_id: int, now: datetime) -> None:
    """Lets somebody book for the asker; on record, for it is a right.

    Raises:
        BookingRefusedError: ``nothing_to_do`` for oneself, ``not_found`` for nobody.
    """
    asker, actor = by
    if delegate_id == asker.person_id:
        raise refuse("nothing_to_do")
    fields = {"owner_id": asker.person_id, "delegate_id": delegate_id, "now": now}
    with conn.transaction():
        if conn.execute(_QUERIES["allow"], fields).fetchone() is None:
            raise refuse("not_found", person=delegate_id)
        record(conn, actor, Deed("delegate.allow", f"person:{delegate_id}"))


def drop_delegate(conn: psycopg.Connection, by: tuple[Asker, Actor], delegate_id: int) -> None:
    """Takes that back; what has been booked stays."""
    fields = {"owner_id": by[0].person_id, "delegate_id": delegate_id}
    with conn.transaction():
        if conn.execute(_QUERIES["drop"], fields).rowcount:
            record(conn, by[1], Deed("delegate.drop", f"person:{delegate_id}"))


def delegates_of(conn: psycopg.Connection, person_id: int) -> list[int]:
    """Who may book for somebody."""
    return [row[0] for row in conn.execute(_QUERIES["delegates"], {"person_id": person_id})]


def books_for(conn: psycopg.Connection, person_id: int) -> list[int]:
    """For whom somebody may book."""
    return [row[0] for row in conn.execute(_QUERIES["owners"], {"person_id": person_id})]
