"""What a set of rows changes, worked out before the transaction that changes it.

Responsible for putting it together. Refuses to store it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg

from shigotoba_backend.ingest.freshness import Said, Touched, by_point, note_touched, touched_by, update_latest
from shigotoba_backend.ingest.readings import copy_packed, packed
from shigotoba_backend.ingest.rows import Rows


@dataclass(frozen=True)
class Load:
    """Rows, ready to go into the database.

    Attributes:
        packed: As COPY takes them; empty when there are none.
        said: What was said of each point, in order of time.
        touched: Stretches of points.
    """

    packed: bytes
    said: Mapping[int, Sequence[Said]]
    touched: Touched


def load_of(rows: Rows) -> Load:
    """The rows, ready."""
    said = by_point(rows)
    return Load(packed(rows), said, touched_by(said))


def put_load(conn: psycopg.Connection, load: Load) -> None:
    """Stores it, within the caller's transaction. The months of its readings must be there."""
    copy_packed(conn, load.packed)
    update_latest(conn, load.said)
    note_touched(conn, load.touched)
