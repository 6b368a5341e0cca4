"""How booths were used: by way of their buttons, as sessions whatever began them, and what became of bookings.

Responsible for reading ``booth_use``, ``booth_session`` and ``booking_figures_v1``. Refuses to decide what a press
means (see ``shigotoba_booth``), and whose a booking was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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


def booth_sessions(
    conn: psycopg.Connection, site: str, start: datetime, end: datetime, space: str | None = None
) -> list[BoothSession]:
    """The sessions that overlap [start, end), unclipped, in order of time; of every booth, or of one.

    A booth with a presence sensor goes by it; one without by its bookings and its button.
    """
    arguments = {"site": site, "start": start, "end": end, "space": space}
    return rows_of(conn, BoothSession, _QUERIES["booth_sessions"], arguments)


@dataclass(frozen=True, slots=True)
class BookedBooth:
    """What was booked of one booth in some days.

    Attributes:
        space: The booth's code.
        name: For people.
        bookings: Made beforehand and not cancelled.
        booked_s: Seconds agreed on by them.
        used: To how many somebody came.
        no_shows: To how many nobody came.
        late_cancels: How many were cancelled half an hour before they began or later.
        recovered_s: Seconds that others could have: after a no-show, after leaving early.
    """

    space: str
    name: str
    bookings: int
    booked_s: float
    used: int
    no_shows: int
    late_cancels: int
    recovered_s: float


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of one booking; whose it was is not told.

    Attributes:
        start: When it was to begin, UTC.
        end: When it was to end, UTC.
        state: As settled so far.
        walk_in: Whether it was begun without a booking.
        no_show: Whether nobody came.
        late_cancel: Whether it was cancelled half an hour before it began or later.
        used_s: Seconds from check-in to end; None where nobody checked in.
        recovered_s: Seconds of it that others could have.
    """

    start: datetime
    end: datetime
    state: Literal["offered", "held", "checked_in", "ended", "released", "cancelled"]
    walk_in: bool
    no_show: bool
    late_cancel: bool
    used_s: float | None
    recovered_s: float


def bookings_by_booth(
    conn: psycopg.Connection, site: str, floor: str | None, first: date, last: date
) -> list[BookedBooth]:
    """Every booth of a floor, or of the site, with its bookings that began from ``first`` to ``last``."""
    arguments = {"site": site, "floor": floor, "first": first, "last": last}
    return rows_of(conn, BookedBooth, _QUERIES["bookings_by_booth"], arguments)


def bookings_of_booth(conn: psycopg.Connection, site: str, space: str, first: date, last: date) -> list[Booked]:
    """The bookings of one booth that began from ``first`` to ``last``, the newest first."""
    arguments = {"site": site, "space": space, "first": first, "last": last}
    return rows_of(conn, Booked, _QUERIES["bookings_of_booth"], arguments)
