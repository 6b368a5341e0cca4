"""The product's figures of some days, space by space, printer by printer and booth by booth, for programs.

Responsible for one answer in long form that can be held against another source, such as the truth of a simulated
building. Refuses rates, and to add up what belongs to different spaces or printers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("figures.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class SpaceDay:
    """One space on one day of the site's time zone.

    Attributes:
        day: The day.
        space: The space's code.
        kind: ``seat``, ``booth``, ``room``, ``studio`` or ``lounge``.
        occupied_s: Seconds somebody was there; None when nothing is known.
        known_s: Seconds of which anything is known.
        presses: Presses of its button; None when there is no row at all.
    """

    day: date
    space: str
    kind: str
    occupied_s: float | None
    known_s: float
    presses: int | None


@dataclass(frozen=True, slots=True)
class PrinterDay:
    """One multifunction printer on one day; a counter that could not be followed is None, one that stood still is 0.

    Attributes:
        day: The day.
        device: The printer's code.
        impressions_total: Sides, all functions together.
        impressions_print: Sides printed from computers.
        impressions_copy: Sides copied.
        impressions_fax: Sides printed for received faxes.
        impressions_other: Sides for reports, lists, stored files.
        fax_sent: Pages sent by fax.
        scan_sent: Pages scanned to files or mail.
        sheets_total: Sheets fed.
        fax_received: Pages received by fax.
        hours: Hours of the day in which the counter of all impressions could be followed.
        resets: Instants at which a counter fell to nothing.
        wraps: Instants at which a counter ran over its 2^31 or 2^32.
    """

    day: date
    device: str
    impressions_total: int | None
    impressions_print: int | None
    impressions_copy: int | None
    impressions_fax: int | None
    impressions_other: int | None
    fax_sent: int | None
    scan_sent: int | None
    sheets_total: int | None
    fax_received: int | None
    hours: int
    resets: int
    wraps: int


@dataclass(frozen=True, slots=True)
class BoothDay:
    """What was booked of one booth, by the day on which it began.

    Attributes:
        day: The day.
        space: The booth's code.
        bookings: Made beforehand and not cancelled.
        booked_s: Seconds agreed on by them.
        used: To how many somebody came.
        no_shows: To how many nobody came.
        recovered_s: Seconds of them that others could have: after a no-show, after leaving early.
        walk_ins: Uses without a booking that were decided at the door or taken by phone.
    """

    day: date
    space: str
    bookings: int
    booked_s: float
    used: int
    no_shows: int
    recovered_s: float
    walk_ins: int


@dataclass(frozen=True, slots=True)
class UnmetDay:
    """How many looked for a booth of the site on a day and found none, each person once per day and wish."""

    day: date
    searches: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything from ``first`` to ``last``, both included."""

    site: str
    first: date
    last: date
    use: list[SpaceDay]
    printing: list[PrinterDay]
    bookings: list[BoothDay]
    unmet: list[UnmetDay]


def figures(conn: psycopg.Connection, site: str, first: date, last: date) -> Figures:
    """The figures of ``site`` for every day from ``first`` to ``last``, whether anything is known of it or not."""
    arguments = {"site": site, "first": first, "last": last}
    return Figures(
        site,
        first,
        last,
        rows_of(conn, SpaceDay, _QUERIES["use_of_days"], arguments),
        rows_of(conn, PrinterDay, _QUERIES["printing_of_days"], arguments),
        rows_of(conn, BoothDay, _QUERIES["bookings_of_days"], arguments),
        rows_of(conn, UnmetDay, _QUERIES["unmet_of_days"], arguments),
    )
