"""What people are to be told: made of what happened, read in the app, pushed where possible.

Responsible for notices of bookings. Refuses to phrase and to deliver them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("notices.sql", package="shigotoba_backend.bookings")

TO_OWNER: Final = {
    "released": "released",
    "offered": "offered",
    "offer_expired": "offer_expired",
    "moved_by_closure": "moved_by_closure",
    "cancelled_by_closure": "cancelled_by_closure",
    "closed": "cancelled_by_closure",
    "asked": "still_there",
    "approved": "approved",
    "refused": "refused",
    "handed_over": "delegated",
    "displaced": "displaced",
}
"""Kinds of events their owner is told of, whoever caused them, and the kinds of the notices."""

TO_OWNER_BY_OTHERS: Final = {"booked": "delegated", "cancelled": "cancelled", "moved": "moved", "ended": "ended"}
"""Those an owner is told of when it was somebody else."""

TO_STAFF: Final = {"approval_wanted": "approval_wanted", "nobody_seen": "nobody_seen"}
"""Those that whoever manages bookings of the site is told of."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know.

    Attributes:
        notice_id: Its number.
        person_id: Who.
        kind: What.
        booking_id: What it is about.
        facts: More about it, JSON-able.
        made_at: Since when.
    """

    notice_id: int
    person_id: int
    kind: str
    booking_id: UUID | None
    facts: dict[str, object]
    made_at: datetime


def unseen(conn: psycopg.Connection, person_id: int) -> list[Notice]:
    """What somebody has not seen yet, newest first."""
    return rows_of(conn, Notice, _QUERIES["unseen"], {"person_id": person_id})


def mark_seen(conn: psycopg.Connection, person_id: int, notice_ids: Sequence[int], now: datetime) -> int:
    """Says that somebody has seen notices; how many were news."""
    fields = {"person_id": person_id, "notices": list(notice_ids), "now": now}
    return conn.execute(_QUERIES["seen"], fields).rowcount


def to_push(conn: psycopg.Connection, most: int) -> list[Notice]:
    """What has not been pushed nor seen, oldest first."""
    return rows_of(conn, Notice, _QUERIES["to_push"], {"most": most})


def mark_pushed(conn: psycopg.Connection, notice_ids: Sequence[int], now: datetime) -> None:
    """Says that notices have been pushed, or need not be."""
    conn.execute(_QUERIES["pushed"], {"notices": list(notice_ids), "now": now})


def remind(conn: psycopg.Connection, now: datetime) -> int:
    """Reminders before a start and warnings before a release that are due; each once. How many."""
    return conn.execute(_QUERIES["remind"], {"now": now}).rowcount


def tell_of(conn: psycopg.Connection, event_id: int, now: datetime) -> None:
    """Makes the notices of one event; twice makes them once."""
    fields = {
        "event_id": event_id, "now": now, "owner_kinds": list(TO_OWNER), "owner_notices": list(TO_OWNER.values()),
        "other_kinds": list(TO_OWNER_BY_OTHERS), "other_notices": list(TO_OWNER_BY_OTHERS.values()),
    }  # fmt: skip
    conn.execute(_QUERIES["tell_owner"], fields)
    conn.execute(_QUERIES["tell_staff"], fields)


def tell_strike(conn: psycopg.Connection, strike_id: UUID, now: datetime) -> None:
    """Tells somebody of a strike."""
    conn.execute(_QUERIES["tell_strike"], {"strike_id": strike_id, "now": now})
