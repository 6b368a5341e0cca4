"""The site, its floors, and how each space is at this moment.

Responsible for the present. Refuses to guess: a sensor that has been silent too long makes its space unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.rollups.silence import KEEP_ALIVES_KNOWN
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("now.sql", package="shigotoba_backend.read")


class UnknownSiteError(LookupError):
    """No site of that code has been imported."""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """A site.

    Attributes:
        code: Its identity.
        name: In Japanese.
        name_en: In English.
        time_zone: IANA name of the zone its days are counted in.
    """

    code: str
    name: str
    name_en: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class FloorInfo:
    """A floor.

    Attributes:
        code: Its identity in the site.
        name: In Japanese.
        name_en: In English.
        level: Storeys above ground level, for sorting.
    """

    code: str
    name: str
    name_en: str
    level: int


@dataclass(frozen=True, slots=True)
class SpaceNow:
    """A space as its sensors see it.

    Attributes:
        space: Its code.
        name: For people.
        floor: The floor's code.
        kind: ``seat``, ``booth``, ``room``, ``studio`` or ``lounge``.
        seat_type: Such as ``focus`` or ``window``; None where it has none.
        state: Occupied as soon as one live sensor says so; unknown when no sensor has spoken for 2.5 keep-alives.
        since: Since when; for unknown, the last word of a sensor, or None when there never was one.
        x: Metres from the left edge of the floor plan that is valid that day.
        y: Metres from its upper edge.
        heard_at: When a sensor last spoke of it; None when there never was a word.
    """

    space: str
    name: str
    floor: str
    kind: str
    seat_type: str | None
    state: Literal["occupied", "vacant", "unknown"]
    since: datetime | None
    x: float
    y: float
    heard_at: datetime | None = None


def site_info(conn: psycopg.Connection, site: str) -> SiteInfo:
    """The site with that code.

    Raises:
        UnknownSiteError: There is none.
    """
    found = rows_of(conn, SiteInfo, _QUERIES["site_info"], {"site": site})
    if not found:
        raise UnknownSiteError(f"No site {site!r} in the database. Import its site.json first.")
    return found[0]


def floors(conn: psycopg.Connection, site: str) -> list[FloorInfo]:
    """The floors, lowest first."""
    return rows_of(conn, FloorInfo, _QUERIES["floors"], {"site": site})


def spaces_now(conn: psycopg.Connection, site: str, now: datetime) -> list[SpaceNow]:
    """Every space that people use, by floor and code. Places for equipment are left out: nobody sits there."""
    arguments = {"site": site, "now": now, "keep_alives": KEEP_ALIVES_KNOWN}
    return rows_of(conn, SpaceNow, _QUERIES["spaces_now"], arguments)


def latest_change(conn: psycopg.Connection, site: str) -> datetime | None:
    """When readings of the site were last committed, by the database's clock; None before the first.

    It reads one row per gateway and epoch, so a page may ask every second whether there is anything to draw. A space
    may become unknown without it, by time passing.
    """
    row = conn.execute(_QUERIES["latest_change"], {"site": site}).fetchone()
    committed_at: datetime | None = row[0] if row else None
    return committed_at.astimezone(UTC) if committed_at else None
