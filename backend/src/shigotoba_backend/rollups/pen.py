"""The pen: whoever writes rollups holds it until the end of the transaction, and there is one.

Two writers could overtake each other: one reads, the other reads newer readings and writes, then the first writes what
was true before. Responsible for that lock. Refuses to be held longer than a transaction.
"""

from __future__ import annotations

from typing import Final

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("work.sql", package="shigotoba_backend.rollups")


def take_pen(conn: psycopg.Connection) -> None:
    """Waits for the pen; within the caller's transaction, where it may be taken again."""
    conn.execute(_QUERIES["take_pen"])
