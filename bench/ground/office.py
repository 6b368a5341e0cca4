"""An office around the thousand seats: hours, booths with bookings, printers, people, figures that somebody brought.

What a page asks for is then there, three years of it, so that what is measured are full pages. Responsible for making
it with SQL and, of brought figures, with the demo's examples. Refuses to measure, and the use of spaces (see
``query.fill``).
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

import psycopg

from ground import SITE
from shigotoba_backend.imports.batch import keep_batch
from shigotoba_backend.store.sql import load
from shigotoba_standalone.demo.examples.files import write_examples

OFFICE: Final = load("office.sql", package="ground")
BOOTHS: Final = 40
PRINTERS: Final = 20


def furnish(conn: psycopg.Connection) -> None:
    """Places, devices, hours and people; comes before ``query.fill``, which fills whatever spaces there are."""
    conn.execute(OFFICE["open_in_office_hours"])
    conn.execute(OFFICE["kinds_of_seats"])
    conn.execute(OFFICE["make_booths_and_printers"], {"booths": BOOTHS, "printers": PRINTERS})
    conn.execute(OFFICE["make_their_devices"])
    conn.execute(OFFICE["fill_people"])


def live_in(conn: psycopg.Connection, first: datetime, now: datetime, folder: Path) -> None:
    """Bookings, uses of booths, printing and brought figures from ``first`` until ``now``."""
    last = date(now.year, now.month, now.day)
    span = {"first": first, "beyond": now}
    conn.execute(OFFICE["fill_printing"], span)
    conn.execute(OFFICE["fill_bookings"], {"first": first, "last": last})
    conn.execute(OFFICE["fill_booth_sessions"], {"beyond": now})
    conn.execute(OFFICE["fill_unmet_demand"], span)
    for _line in keep_batch(conn, write_examples(folder, last, SITE), now):
        pass
    conn.execute("VACUUM ANALYZE")


def silence(conn: psycopg.Connection, seats: int, first: datetime, beyond: datetime) -> None:
    """Has so many seats say nothing between two moments; the sums follow, as they do in the product."""
    conn.execute(OFFICE["silence"], {"seats": seats, "first": first, "beyond": beyond})
