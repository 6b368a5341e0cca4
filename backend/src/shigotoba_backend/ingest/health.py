"""The latest health of each gateway.

Responsible for keeping the newest. Refuses to judge it (see ``read``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg

from shigotoba_backend.ingest.mail import HealthNote
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")


def put_health(conn: psycopg.Connection, notes: Sequence[HealthNote]) -> None:
    """Keeps each gateway's newest health by its own time, within the caller's transaction."""
    newest = {(note.site_id, note.channel.sender): note for note in sorted(notes, key=lambda note: note.health.at_ms)}
    for (site_id, gateway), note in sorted(newest.items()):
        row = {"site_id": site_id, "gateway": gateway, "at_ms": note.health.at_ms, "payload": note.payload.decode()}
        conn.execute(_QUERIES["put_health"], row)
