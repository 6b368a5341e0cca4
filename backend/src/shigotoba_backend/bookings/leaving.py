"""What becomes of the bookings of somebody who leaves or works elsewhere from some day on: handed over, or given up.

Responsible for all of somebody's coming bookings at once. Refuses accounts (see ``accounts.keeping``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from shigotoba_backend.bookings.changing import hand_over, withdraw
from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.quotas import midnight
from shigotoba_backend.bookings.record import QUERIES
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import booth_by_id
from shigotoba_backend.bookings.settling import take_booths, take_person
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.read.rows import rows_of


@dataclass(frozen=True, slots=True)
class StillTheirs:
    """A booking that could not be handed over, and is as it was.

    Attributes:
        booking: Which.
        code: Why, see docs/bookings.md.
    """

    booking: Booking
    code: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of somebody's coming bookings.

    Attributes:
        given: Those that are somebody else's now.
        kept: Those that could not be.
    """

    given: tuple[Booking, ...]
    kept: tuple[StillTheirs, ...]


def coming(conn: psycopg.Connection, person_id: int, now: datetime) -> list[Booking]:
    """What somebody owns and has not come to, by start."""
    return rows_of(conn, Booking, QUERIES["coming"], {"person_id": person_id, "now": now})


def hand_over_all(
    conn: psycopg.Connection, asker: Asker, people: tuple[int, int], first: date | None, now: datetime
) -> HandedOver:
    """Gives the coming bookings of the first of ``people`` to the second, as far as that person's quotas allow.

    Args:
        conn: A connection.
        asker: Who manages the sites of the bookings; those of other sites are kept.
        people: From whom, to whom.
        first: The first day, in each booth's own time zone; None for all.
        now: The present.

    Raises:
        BookingRefusedError: ``nothing_to_do`` for the same person, ``not_found`` for nobody.
    """
    owner, heir = people
    if owner == heir:
        raise refuse("nothing_to_do")
    if conn.execute(QUERIES["is_active"], {"person_id": heir}).fetchone() is None:
        raise refuse("not_found", person=heir)
    given: list[Booking] = []
    kept: list[StillTheirs] = []
    for booking in coming(conn, owner, now):
        if first is not None and booking.start < midnight(first, booth_by_id(conn, booking.space_id, now).zone_info):
            continue
        try:
            given.append(_give(conn, asker, booking, heir, now))
        except BookingRefusedError as refusal:
            kept.append(StillTheirs(booking, refusal.code))
    return HandedOver(tuple(given), tuple(kept))


def give_up_all(conn: psycopg.Connection, person_id: int, by: int | None, now: datetime) -> list[Booking]:
    """Cancels everything somebody who has left would still have, and ends the waiting for more.

    What is in use stays until its end.
    """
    with conn.transaction():
        take_person(conn, person_id)
        conn.execute(QUERIES["wait_no_longer"], {"person_id": person_id})
        found = coming(conn, person_id, now)
        take_booths(conn, [booking.space_id for booking in found], now)
        standing = coming(conn, person_id, now)
        return [withdraw(conn, booking, Happening("cancelled", "staff", by), now) for booking in standing]


def _give(conn: psycopg.Connection, asker: Asker, booking: Booking, heir: int, now: datetime) -> Booking:
    if booking.site not in asker.manages:
        raise refuse("not_permitted", site=booking.site)
    return hand_over(conn, asker, booking.booking_id, heir, now)
