"""How much there is of what, and when it will be too much.

Responsible for measuring and for the arithmetic of the forecast. Refuses to guess the size of a disk it cannot see.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_backend.upkeep.layout import Layout, Offer, layout_of, offers_of

_QUERIES: Final = load("status.sql", package="shigotoba_backend.upkeep")

_HERE: Final = {"localhost", "127.0.0.1", "::1"}
_DAY_S: Final = 24 * 3600
RATE_DAYS: Final = 7
"""The rate is that of the last so many days, or of all there are if fewer."""

TAKES_PER_S: Final = 20_000
"""Readings per second that ingest is counted on to keep up with: a tenth of what COPY did on two cores
(docs/storage.md), so that there is room for catching up after an outage."""


@dataclass(frozen=True)
class TableSize:
    """A table with its indexes and all its pieces."""

    name: str
    size_bytes: int


@dataclass(frozen=True)
class Pieces:
    """What the readings are cut into.

    Attributes:
        count: Months, or chunks.
        compressed: Of these.
        before_bytes: Of the compressed ones before.
        after_bytes: And after.
    """

    count: int
    compressed: int
    before_bytes: int
    after_bytes: int


@dataclass(frozen=True)
class Status:
    """The state of the store.

    Attributes:
        readings: Raw readings, counted.
        oldest_at: Of the raw readings; None if there are none.
        recent: Readings of the last ``RATE_DAYS`` days before the newest.
        reading_bytes: Raw readings with their index.
        newest_index_bytes: Index of the largest piece that is not compressed: what should fit into memory.
        kept_from: Before this raw readings were dropped; None if never.
        tables: The largest first.
        machines: That hold readings.
    """

    layout: Layout
    offers: Mapping[Layout, Offer]
    readings: int
    oldest_at: datetime | None
    newest_at: datetime | None
    recent: int
    reading_bytes: int
    pieces: Pieces
    newest_index_bytes: int
    kept_from: datetime | None
    tables: list[TableSize]
    machines: int

    @property
    def other_bytes(self) -> int:
        """Everything but the raw readings: mostly rollups."""
        return sum(table.size_bytes for table in self.tables if table.name != "reading")


@dataclass(frozen=True)
class Forecast:
    """When the disk will be full if all goes on as now; the fields are the arithmetic in order.

    Attributes:
        days_seen: Over which the rate was taken.
        readings_per_day: Newly stored.
        bytes_per_reading: As they will lie: compressed where the layout compresses.
        other_bytes_per_day: Growth of everything else, its size over the age of the data.
        free_bytes: On the disk.
        days_left: None if nothing grows.
        share_of_speed: Of the rate that ingest is counted on to keep up with.
    """

    days_seen: float
    readings_per_day: float
    bytes_per_reading: float
    other_bytes_per_day: float
    free_bytes: int
    days_left: float | None
    share_of_speed: float


def status_of(conn: psycopg.Connection) -> Status:
    """Measures; counts every raw reading, which takes a second or so per fifty million."""
    layout = layout_of(conn)
    readings, oldest_at, newest_at = conn.execute(_QUERIES["readings"]).fetchone() or (0, None, None)
    (recent,) = conn.execute(_QUERIES["recent"], {"newest_at": newest_at, "days": RATE_DAYS}).fetchone() or (0,)
    tables = [TableSize(*row) for row in conn.execute(_QUERIES[f"tables_{layout.value}"])]
    pieces = conn.execute(_QUERIES[f"pieces_{layout.value}"]).fetchone() or (0, 0, 0, 0)
    (index_bytes,) = conn.execute(_QUERIES[f"newest_index_{layout.value}"]).fetchone() or (0,)
    (kept_from,) = conn.execute(_QUERIES["kept_from"]).fetchone() or (None,)
    return Status(
        layout=layout,
        offers=offers_of(conn),
        readings=readings,
        oldest_at=oldest_at,
        newest_at=newest_at,
        recent=recent,
        reading_bytes=sum(table.size_bytes for table in tables if table.name == "reading"),
        pieces=Pieces(*pieces),
        newest_index_bytes=index_bytes or 0,
        kept_from=kept_from,
        tables=tables,
        machines=_machines(conn) if layout is Layout.CITUS else 1,
    )


def _machines(conn: psycopg.Connection) -> int:
    (machines,) = conn.execute(_QUERIES["machines"]).fetchone() or (1,)
    return machines


def free_bytes(conn: psycopg.Connection) -> int | None:
    """Room on the disk that holds the database; None if that is not this machine's, or we may not know where it is."""
    citus = layout_of(conn) is Layout.CITUS
    row = conn.execute(_QUERIES["data_directory_citus" if citus else "data_directory"]).fetchone()
    here = conn.info.host.startswith("/") or conn.info.host in _HERE
    if row is None or not here:
        return None
    try:
        room = os.statvfs(row[0])
    except OSError:
        return None
    return room.f_bavail * room.f_frsize


def forecast(status: Status, free: int) -> Forecast | None:
    """When the disk will be full; None while there is less than an hour of readings to go by."""
    if status.oldest_at is None or status.newest_at is None:
        return None
    age_days = (status.newest_at - status.oldest_at).total_seconds() / _DAY_S
    if age_days < 1 / 24:
        return None
    days_seen = min(age_days, RATE_DAYS)
    per_day = status.recent / days_seen
    per_reading = bytes_per_reading(status)
    other_per_day = status.other_bytes / age_days
    growth = per_day * per_reading + other_per_day
    return Forecast(
        days_seen=days_seen,
        readings_per_day=per_day,
        bytes_per_reading=per_reading,
        other_bytes_per_day=other_per_day,
        free_bytes=free,
        days_left=free / growth if growth > 0 else None,
        share_of_speed=per_day / _DAY_S / TAKES_PER_S,
    )


def bytes_per_reading(status: Status) -> float:
    """What a reading will take for good: as it lies now, and where pieces are compressed, like those."""
    pieces = status.pieces
    if not pieces.compressed:
        return status.reading_bytes / max(status.readings, 1)
    uncompressed = status.reading_bytes - pieces.after_bytes + pieces.before_bytes
    return uncompressed / max(status.readings, 1) * pieces.after_bytes / max(pieces.before_bytes, 1)
