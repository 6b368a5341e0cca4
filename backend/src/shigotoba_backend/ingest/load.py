"""What a set of rows changes, worked out before the transaction that changes it.

Responsible for putting it together. Refuses to store it.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from shigotoba_backend.ingest.freshness import (
    Newer,
    Touched,
    by_point,
    newer_of,
    note_touched,
    touched_by,
    update_latest,
)
from shigotoba_backend.ingest.readings import copy_packed, packed
from shigotoba_backend.ingest.rows import Rows


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


def load_of(rows: Rows) -> Load:
    """The rows, ready."""
    said = by_point(rows)
    return Load(packed(rows), newer_of(said), touched_by(said))


def put_load(conn: psycopg.Connection, load: Load) -> None:
    """Stores it, within the caller's transaction. The months of its readings must be there."""
    if not load.newer.endings:
        return
    copy_packed(conn, load.packed)
    update_latest(conn, load.newer)
    note_touched(conn, load.touched)
