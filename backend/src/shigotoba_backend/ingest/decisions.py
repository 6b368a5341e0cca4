"""What gateways decided at the doors of booths, kept as they said it.

Responsible for keeping each decision once. Refuses to play it into the bookings (see ``jobs.decisions``), so that a
batch of readings never waits for a booth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.ingest.mail import DecisionNote
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("decisions.sql", package="shigotoba_backend.ingest")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def put_decisions(conn: psycopg.Connection, notes: Sequence[DecisionNote]) -> None:
    """Keeps what is new, within the caller's transaction."""
    rows = [(note, event) for note in notes for event in note.events.events]
    if rows:
        conn.execute(
            _QUERIES["put_decisions"],
            {
                "site_ids": [note.site_id for note, _ in rows],
                "gateways": [note.channel.sender for note, _ in rows],
                "epochs": [note.events.epoch for note, _ in rows],
                "numbers": [event.number for _, event in rows],
                "ats": [_EPOCH + timedelta(milliseconds=event.at_ms) for _, event in rows],
                "said": [msgspec.json.encode(event).decode() for _, event in rows],
            },
        )
