"""What happened to bookings, in order and for ever.

Each entry is also what notices, strikes, offers and webhooks are made of later (see ``jobs``), and wakes whoever looks
at the booth live.

Responsible for adding entries. Refuses free text and names, for an entry cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("journal.sql", package="shigotoba_backend.bookings")


@dataclass(frozen=True, slots=True)
class Happening:
    """Who did what by which means.

    Attributes:
        kind: Such as ``booked`` or ``checked_in``.
        via: ``phone``, ``qr``, ``button``, ``presence``, ``job``, ``gateway`` or ``staff``.
        actor_id: The person, if it was one.
    """

    kind: str
    via: str = "phone"
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An entry.

    Attributes:
        event_id: Its number.
        booking_id: What it is about.
        at: When.
        kind: What.
        actor_id: Who, if it was a person.
        via: By which means.
        facts: More about it.
    """

    event_id: int
    booking_id: UUID
    at: datetime
    kind: str
    actor_id: int | None
    via: str
    facts: dict[str, object]


def note(
    conn: psycopg.Connection, booking_id: UUID, at: datetime, what: Happening, facts: Mapping[str, object] | None = None
) -> None:
    """Adds an entry, in the transaction of what it tells."""
    fields = {
        "booking_id": booking_id, "at": at, "kind": what.kind, "actor_id": what.actor_id, "via": what.via,
        "facts": Jsonb(dict(facts or {})),
    }  # fmt: skip
    conn.execute(_QUERIES["note"], fields)


def history(conn: psycopg.Connection, booking_id: UUID) -> list[Event]:
    """Everything that happened to a booking, oldest first."""
    return rows_of(conn, Event, _QUERIES["history"], {"booking_id": booking_id})
