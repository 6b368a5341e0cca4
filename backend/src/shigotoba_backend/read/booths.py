"""How booths were used: by way of their buttons, and as sessions whatever began them.

Responsible for reading ``booth_use`` and ``booth_session``. Refuses to decide what a press means (see
``shigotoba_booth``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("booths.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class BoothUse:
    """One use of a booth, from ``start`` until just before ``end``.

    Attributes:
        space: The booth's code.
        start: UTC.
        end: UTC; in the future for a use that goes on.
        source: What began it, ``button`` so far.
    """

    space: str
    start: datetime
    end: datetime
    source: str


def booth_uses(conn: psycopg.Connection, site: str, start: datetime, end: datetime) -> list[BoothUse]:
    """The uses that overlap [start, end), unclipped, in order of time."""
    return rows_of(conn, BoothUse, _QUERIES["booth_uses"], {"site": site, "start": start, "end": end})


@dataclass(frozen=True, slots=True)
class BoothSession:
    """Somebody used a booth from ``start`` until just before ``end``.

    Attributes:
        space: The booth's code.
        start: UTC.
        end: UTC.
        source: What it goes by: a booking made beforehand that it overlaps, a press of the button, or presence alone.
    """

    space: str
    start: datetime
    end: datetime
    source: Literal["booking", "button", "presence"]


def booth_sessions(conn: psycopg.Connection, site: str, start: datetime, end: datetime) -> list[BoothSession]:
    """The sessions that overlap [start, end), unclipped, in order of time.

    A booth with a presence sensor goes by it; one without by its bookings and its button.
    """
    return rows_of(conn, BoothSession, _QUERIES["booth_sessions"], {"site": site, "start": start, "end": end})
