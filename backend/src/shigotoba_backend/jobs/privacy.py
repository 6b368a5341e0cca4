"""What must not be kept: personal data of those who left, where people said they were, sessions that have ended.

Responsible for calling what each topic offers for that. Refuses to know how it is done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg

from shigotoba_backend.accounts.erasing import erase_expired, tidy_up
from shigotoba_backend.phone.whereabouts_store import forget_past
from shigotoba_backend.settings import BackendSettings


def privacy(conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
    """Erases what is due; how many people and sayings."""
    tidy_up(conn, now)
    return len(erase_expired(conn, timedelta(days=settings.web.personal_days), now)) + forget_past(conn, now)
