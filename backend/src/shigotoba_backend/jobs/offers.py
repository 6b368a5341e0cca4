"""Offers to those who wait, as booths become free and as offers pass.

Responsible for asking in time. Refuses to choose (see ``bookings.waiting``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.bookings.waiting import offer_what_is_free
from shigotoba_backend.settings import BackendSettings


def offers(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Makes the offers that can be made."""
    return offer_what_is_free(conn, now)
