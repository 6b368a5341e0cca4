"""How complete the data are: what of each gateway has arrived, what was refused, what share of today is known.

Responsible for the numbers behind データ取得率. Refuses to judge them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("coverage.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class GatewayCoverage:
    """What of one gateway's readings the database has.

    Attributes:
        gateway: Its identity.
        received: Readings committed, all epochs together.
        missing: Readings known to have been numbered that are neither here, nor waiting at the gateway, nor set aside:
            the holes below the highest received number of each epoch, and what the gateway says it numbered beyond.
        epochs: How many spool files the gateway has had; more than one means that it was replaced or lost its disk.
        waiting: Readings in its spool without receipt; None when it never reported its health.
        set_aside: Readings of batches that were refused as a whole, kept at the gateway for a person; None likewise.
        restarts: How often drivers of its agents were started again; None likewise.
        started_at: When its process started; None likewise.
        health_at: When it said so; None likewise.
        received_at: When readings of it were last committed; None when there never were any.
    """

    gateway: str
    received: int
    missing: int
    epochs: int
    waiting: int | None
    set_aside: int | None
    restarts: int | None
    started_at: datetime | None
    health_at: datetime | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete the data of a site are.

    Attributes:
        gateways: Every gateway that ever sent readings or health, by identity.
        quarantined: Refused messages and readings by reason, repeats included; through the site's gateways and
            through those that no site knows, since an unreadable message has none.
        known_share_today: Share, 0 to 1, of the time since local midnight that is known, over all spaces with an
            occupancy sensor; None when there is no such space, or at midnight itself.
    """

    gateways: tuple[GatewayCoverage, ...]
    quarantined: dict[str, int]
    known_share_today: float | None


def coverage(conn: psycopg.Connection, site: str, now: datetime) -> Coverage:
    """How complete the data of ``site`` are at ``now``."""
    gateways = rows_of(conn, GatewayCoverage, _QUERIES["gateways"], {"site": site})
    quarantined = dict[str, int](conn.execute(_QUERIES["quarantined"], {"site": site}).fetchall())
    known = conn.execute(_QUERIES["known_share_today"], {"site": site, "now": now}).fetchone()
    return Coverage(tuple(gateways), quarantined, known[0] if known else None)
