"""What one device said, reading by reading.

Responsible for a look at the raw data of a day or so, when a person doubts a sensor. Refuses to sum up: sums come from
the rollups.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("raw.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class RawReading:
    """A reading as it was stored.

    Attributes:
        point: What was measured.
        at: UTC.
        value: Number, or truth value as 0 or 1; None for a text.
        label: Text; None for a number.
        uncertain: Whether the driver was in doubt.
    """

    point: str
    at: datetime
    value: float | None
    label: str | None
    uncertain: bool


def raw_readings(conn: psycopg.Connection, site: str, device: str, start: datetime, end: datetime) -> list[RawReading]:
    """Everything the device said in [start, end), in order of time."""
    arguments = {"site": site, "device": device, "start": start, "end": end}
    return rows_of(conn, RawReading, _QUERIES["raw_readings"], arguments)
