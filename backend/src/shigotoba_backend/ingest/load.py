"""What a set of rows changes, worked out before the transaction that changes it.

Responsible for putting it together. Refuses to store it.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from shigotoba_backend.ingest.freshness import (
    Newer,
    Touched,
    newer_of,
    note_touched,
    touched_by,
    update_latest,
)
from shigotoba_backend.ingest.ordered import Ordered
from shigotoba_backend.ingest.readings import copy_packed, packed


@dataclass(frozen=True)
class Load:
    """Rows, ready to go into the database.

    Attributes:
        packed: As COPY takes them.
        newer: How what they say of each point ends.
        touched: Stretches of points.
    """

    packed: bytes
    newer: Newer
    touched: Touched


def load_of(rows: Ordered) -> Load:
    """The rows, ready."""
    return Load(packed(rows), newer_of(rows), touched_by(rows))


def put_load(conn: psycopg.Connection, load: Load) -> None:
    """Stores it, within the caller's transaction. The months of its readings must be there."""
    if not load.newer.endings:
        return
    copy_packed(conn, load.packed)
    update_latest(conn, load.newer)
    note_touched(conn, load.touched)
