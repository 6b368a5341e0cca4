"""Raw readings that are no longer kept: whole months are dropped, their rollups stay for good.

Before anything goes, the rollups must have worked off what was touched in it; afterwards they never compute again what
the dropped readings amounted to (``rollups.kept``).

Responsible for what goes and for the line that the rollups respect. Refuses to drop a part of a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg

from shigotoba_backend.rollups.kept import MARGIN
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.store.sql import load
from shigotoba_backend.upkeep.layout import layout_of

_QUERIES: Final = load("retention.sql", package="shigotoba_backend.upkeep")


class RetentionError(Exception):
    """Nothing was dropped; the message says why and what to do."""


@dataclass(frozen=True)
class Piece:
    """A month's partition or a week's chunk that is wholly older than what is kept."""

    name: str
    size_bytes: int


def kept_from(now: datetime, keep_months: int) -> datetime:
    """The first instant that is kept: the month of ``now`` and ``keep_months`` whole ones before it, in UTC."""
    here = now.astimezone(UTC)
    months = here.year * 12 + here.month - 1 - keep_months
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def expired(conn: psycopg.Connection, before: datetime) -> list[Piece]:
    """What ``drop_expired`` would drop, oldest first."""
    query = _QUERIES[f"expired_{layout_of(conn).value}"]
    return [Piece(*row) for row in conn.execute(query, {"before": before})]


def drop_expired(conn: psycopg.Connection, before: datetime) -> list[Piece]:
    """Drops raw readings from before ``before``, the start of a month, and returns what went.

    Raises:
        RetentionError: Rollups have yet to be computed from them.
    """
    with conn.transaction():
        take_pen(conn)
        (waiting,) = conn.execute(_QUERIES["not_worked_off"], {"before": before + MARGIN}).fetchone() or (0,)
        if waiting:
            raise RetentionError(
                f"{waiting} stretches of readings from before {before + MARGIN:%Y-%m-%d} are not in the rollups yet. "
                "Is `python -m shigotoba_backend rollup` running? Try again when it is done."
            )
        gone = expired(conn, before)
        conn.execute(_QUERIES["keep_from"], {"before": before})
        conn.execute(_QUERIES["wait_briefly"])
        conn.execute(_QUERIES[f"drop_{layout_of(conn).value}"], {"before": before})
    return gone
