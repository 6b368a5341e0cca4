"""What nobody has taken out of the quarantine goes when it is too old to be of use; it stays counted.

Responsible for the age. Refuses to choose by anything else: a person does that with ``quarantine discard``.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import psycopg

from shigotoba_backend.ingest.quarantine import Selection, discard
from shigotoba_backend.settings import BackendSettings

log = logging.getLogger(__name__)


def empty_quarantine(conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
    """Discards what was received ``quarantine_days`` ago or earlier; how many rows."""
    before = now - timedelta(days=settings.quarantine_days)
    gone = discard(conn, Selection(before=before))
    if gone:
        log.warning("quarantine: %d rows from before %s discarded, for their age", gone, before.date())
    return gone
