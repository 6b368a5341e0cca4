"""The next months' tables of the readings, made before the first reading of one comes.

Ingest makes a month that is missing, but then everybody waits for the table's lock just as the month begins.

Responsible for asking in time. Refuses to know how a layout is cut.
"""

from __future__ import annotations

import logging
from datetime import datetime

import psycopg

from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.upkeep.layout import make_months_ahead

log = logging.getLogger(__name__)


def months_ahead(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Makes what is missing of this month and the next two; how many."""
    made = make_months_ahead(conn, now)
    if made:
        log.info("readings: %d months made ahead", made)
    return made
