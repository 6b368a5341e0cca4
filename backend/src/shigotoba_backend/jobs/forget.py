"""What need not be kept: keys of requests, notices long past, what people wrote as a purpose.

Responsible for what bookings leave behind. Refuses to touch what happened: events and spans stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.bookings.once import forget_keys
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("forget.sql", package="shigotoba_backend.jobs")

KEYS_FOR: Final = timedelta(days=2)
NOTICES_FOR: Final = timedelta(days=30)
PURPOSES_FOR: Final = timedelta(days=30)
DELIVERIES_FOR: Final = timedelta(days=30)


def forget(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Deletes what has served its time."""
    gone = forget_keys(conn, now - KEYS_FOR)
    gone += conn.execute(_QUERIES["notices"], {"before": now - NOTICES_FOR}).rowcount
    gone += conn.execute(_QUERIES["deliveries"], {"before": now - DELIVERIES_FOR}).rowcount
    return gone + conn.execute(_QUERIES["purposes"], {"before": now - PURPOSES_FOR}).rowcount
