"""Lapsed bookings settled though nobody asks for their booth, so that what follows from it begins in time.

Responsible for going through the booths. Refuses to decide what lapses (see ``bookings.settling``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.bookings.settling import take_booths, unsettled_booths
from shigotoba_backend.settings import BackendSettings


def settle(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Settles every booth that has something to settle."""
    spaces = unsettled_booths(conn, now)
    for space_id in spaces:
        with conn.transaction():
            take_booths(conn, [space_id], now)
    return len(spaces)
