"""What follows from what happened: notices, strikes, webhooks.

An event waits in ``booking_todo`` until all of it is done, in one transaction; what is done twice has one effect.

Responsible for the list of consequences. Refuses to deliver anything outside the database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.bookings import strikes
from shigotoba_backend.bookings.notices import remind, tell_of, tell_strike
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("tell.sql", package="shigotoba_backend.jobs")

MOST: Final = 200


def tell(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Works off what has happened, oldest first."""
    with conn.transaction():
        events = conn.execute(_QUERIES["take"], {"most": MOST}).fetchall()
        for event_id, booking_id, kind, at in events:
            tell_of(conn, event_id, now)
            _strike(conn, kind, booking_id, at, now)
            conn.execute(_QUERIES["queue_webhooks"], {"event_id": event_id, "now": now})
    return len(events)


def send_reminders(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Makes the reminders that are due."""
    return remind(conn, now)


def _strike(conn: psycopg.Connection, kind: str, booking_id: UUID, at: datetime, now: datetime) -> None:
    strike_id = strikes.give(conn, booking_id, at) if kind == "released" else None
    if strike_id is not None:
        tell_strike(conn, strike_id, now)
