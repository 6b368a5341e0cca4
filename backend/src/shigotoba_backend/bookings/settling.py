"""Lapsed bookings released, finished ones ended, before anything else is decided about their booth.

Readers compute the same from the clock (``booking_state_v1``), so nothing depends on when this runs; it makes room for
the constraint, which knows no clock. Commands about one booth queue on a lock, for two inserts that meet in an
exclusion constraint can wait for each other.

Responsible for locks and for settling. Refuses to judge what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("settling.sql", package="shigotoba_backend.bookings")


def take_person(conn: psycopg.Connection, person_id: int) -> None:
    """Makes other commands for this person wait until the transaction ends, so that quotas hold. Before any booth."""
    conn.execute(_QUERIES["take_person"], {"person_id": person_id})


def take_booths(conn: psycopg.Connection, space_ids: Iterable[int], now: datetime) -> None:
    """Makes other commands for these booths wait until the transaction ends, and settles them."""
    spaces = sorted(set(space_ids))
    for space_id in spaces:
        conn.execute(_QUERIES["take_booth"], {"space_id": space_id})
    conn.execute(_QUERIES["settle"], {"spaces": spaces, "now": now})


def take_booth_of(conn: psycopg.Connection, booking_id: UUID, now: datetime) -> int | None:
    """The same for the booth a booking is of, wherever it is by then; its number, or None without such a booking."""
    row = conn.execute(_QUERIES["booth_of"], {"booking_id": booking_id}).fetchone()
    while row is not None:
        take_booths(conn, [row[0]], now)
        again = conn.execute(_QUERIES["booth_of"], {"booking_id": booking_id}).fetchone()
        if again == row:
            return row[0]
        row = again
    return None


def unsettled_booths(conn: psycopg.Connection, now: datetime) -> list[int]:
    """Booths that have something to settle."""
    return [row[0] for row in conn.execute(_QUERIES["unsettled_booths"], {"now": now})]
