"""Lapsed bookings settled though nobody asks for their booth, so that what follows from it begins in time.

And bookings in places that have been closed, rehoused. Responsible for going through the booths. Refuses to decide what
lapses (see ``bookings.settling``) and where somebody goes instead (see ``bookings.rehousing``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.bookings.closing import rehouse_closed
from shigotoba_backend.bookings.settling import take_booths, unsettled_booths
from shigotoba_backend.settings import BackendSettings


def settle(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Settles every booth that has something to settle, and rehouses who is in the way of a closure."""
    spaces = unsettled_booths(conn, now)
    for space_id in spaces:
        with conn.transaction():
            take_booths(conn, [space_id], now)
    return len(spaces) + rehouse_closed(conn, now)
