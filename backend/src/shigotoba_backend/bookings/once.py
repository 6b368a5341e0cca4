"""A request that may come twice has one effect: the key says that it is the same one.

Responsible for remembering keys. Refuses to remember refusals: what was refused may be asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("once.sql", package="shigotoba_backend.bookings")


def once(
    conn: psycopg.Connection, asked_by: tuple[int, str], request: bytes, make: Callable[[], Booking], now: datetime
) -> Booking:
    """What ``make`` makes, or what it made when the same person asked under the same key before.

    Args:
        conn: A connection.
        asked_by: The person and the key.
        request: What is asked, as bytes; only a digest of it is kept.
        make: The command.
        now: The time.

    Raises:
        BookingRefusedError: ``key_reused`` for another request; whatever ``make`` refuses.
    """
    fields: dict[str, object] = {
        "person_id": asked_by[0], "key": asked_by[1], "digest": hashlib.sha256(request).digest()
    }  # fmt: skip
    with conn.transaction():
        # Waits for a twin that is under way: afterwards it is either there or has failed.
        if conn.execute(_QUERIES["claim"], fields).fetchone() is None:
            return reread(conn, _made_before(conn, fields), now)
        try:
            booking = make()
        except BookingRefusedError as refusal:
            # Caught inside, so that what a refusal leaves behind, unmet demand, is kept.
            conn.execute(_QUERIES["give_up"], fields)
            refused = refusal
        else:
            conn.execute(_QUERIES["made"], fields | {"booking_id": booking.booking_id})
            return booking
    raise refused


def forget_keys(conn: psycopg.Connection, before: datetime) -> int:
    """Forgets keys older than that; how many."""
    return conn.execute(_QUERIES["forget"], {"before": before}).rowcount


def _made_before(conn: psycopg.Connection, fields: dict[str, object]) -> UUID:
    row = conn.execute(_QUERIES["known"], fields).fetchone()
    if row is None or row[0] != fields["digest"]:
        raise refuse("key_reused", key=fields["key"])
    return row[1]
