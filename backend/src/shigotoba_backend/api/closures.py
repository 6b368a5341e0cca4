"""Closures on record: what the API and the phone's page do, with its entry in the audit log.

Responsible for doing both in one transaction. Refuses to decide who may (see ``accounts.roles``) and what becomes of
bookings (see ``bookings.closing``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.bookings import closing
from shigotoba_backend.bookings.closing import Closed, During, Place
from shigotoba_backend.bookings.values import Asker


def close(
    conn: psycopg.Connection, by: tuple[Asker, Actor], place: Place, during: During, reason: str, now: datetime
) -> Closed:
    """Takes a booth or a whole site out of use.

    Raises:
        BookingRefusedError: As ``closing.close_place``.
    """
    site, booth = place
    with conn.transaction():
        closed = closing.close_place(conn, by[0], place, during, reason, now)
        after = {
            "closure": closed.closure_id, "start": during[0].isoformat(), "end": during[1] and during[1].isoformat(),
            "moved": len(closed.moved), "cancelled": len(closed.cancelled),
        }  # fmt: skip
        about = f"booth:{booth}" if booth else f"site:{site}"
        record(conn, by[1], Deed("booth.close", about, site, after=after, reason=reason))
    return closed


def reopen(conn: psycopg.Connection, by: tuple[Asker, Actor], site: str, closure_id: int, now: datetime) -> None:
    """Opens a place again from this moment.

    Raises:
        BookingRefusedError: As ``closing.reopen``.
    """
    with conn.transaction():
        closing.reopen(conn, by[0], closure_id, now)
        record(conn, by[1], Deed("booth.reopen", f"closure:{closure_id}", site))
