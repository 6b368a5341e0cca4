"""What the multifunction printers did, by day.

Responsible for sums over ``printing_hour``. Refuses to fill gaps: a counter without a reading that day is None, a
counter that did not move is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("printing.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class DayPrinting:
    """All printers of a site on one day of its time zone. Impressions are sides, fax and scan counts are pages.

    Attributes:
        day: The day.
        impressions_total: All functions together.
        impressions_print: Printed from computers.
        impressions_copy: Copied.
        impressions_fax: Printed for received faxes.
        impressions_other: Reports, lists, stored files.
        fax_sent: Sent by fax.
        scan_sent: Scanned to files or mail.
        resets: Instants at which a counter of a printer fell to nothing.
        wraps: Instants at which a counter of a printer ran over its 2^31 or 2^32.
        devices: How many printers the day's figures come from.
        sheets_total: Sheets fed, of the printers that count them.
        fax_received: Fax pages received, of the printers that count them.
        held: Rises that are not counted and wait for a person, or were refused.
        revised_at: 更新: when late readings or a decision changed the day; None for never.
    """

    day: date
    impressions_total: int | None
    impressions_print: int | None
    impressions_copy: int | None
    impressions_fax: int | None
    impressions_other: int | None
    fax_sent: int | None
    scan_sent: int | None
    resets: int | None
    wraps: int | None
    devices: int
    sheets_total: int | None = None
    fax_received: int | None = None
    held: int = 0
    revised_at: datetime | None = None


def printing_by_day(conn: psycopg.Connection, site: str, first: date, last: date) -> list[DayPrinting]:
    """Every day from ``first`` to ``last``, both included, whether there is data or not."""
    return rows_of(conn, DayPrinting, _QUERIES["printing_by_day"], {"site": site, "first": first, "last": last})
