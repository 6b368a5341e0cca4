"""The waitlist: a wish that could not be met, met when something becomes free.

An offer is a booking in state ``offered``: it keeps the booth for its person, and only until ``lapses_at``, like any
hold. When it is not taken the next in line gets one.

Responsible for wishes and offers. Refuses to know when something became free: the job asks for all that wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.changing import withdraw
from shigotoba_backend.bookings.checks import check_span, lapse
from shigotoba_backend.bookings.finding import Wanted, availability
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.making import held_fields, put
from shigotoba_backend.bookings.quotas import check_person, check_strikes
from shigotoba_backend.bookings.record import QUERIES, find, reread, taken
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth, booth_by_id, booths_of
from shigotoba_backend.bookings.settling import take_booths, take_person
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("waiting.sql", package="shigotoba_backend.bookings")


@dataclass(frozen=True, slots=True)
class WaitlistEntry:
    """Somebody's wish.

    Attributes:
        entry_id: Its name.
        person_id: Whose.
        site: Code of the site.
        floor: Code of a floor; None for any.
        booth: Code of a booth; None for any.
        start: From when.
        end: Until when.
        guests: How many come along.
        state: ``passed`` is a wish whose time has gone by.
        offer_id: The booking that was offered last.
        made_at: Since when; the order of the line.
    """

    entry_id: UUID
    person_id: int
    site: str
    floor: str | None
    booth: str | None
    start: datetime
    end: datetime
    guests: int
    state: Literal["waiting", "offered", "taken", "passed", "withdrawn"]
    offer_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is offered to somebody.

    Attributes:
        person_id: To whom.
        start: From when.
        end: Until when.
        until: How long the answer may take.
        guests: How many come along.
        purpose: What for.
        replaces: The booking it stands for, after a closure.
    """

    person_id: int
    start: datetime
    end: datetime
    until: datetime
    guests: int = 0
    purpose: str | None = None
    replaces: UUID | None = None


def join(conn: psycopg.Connection, asker: Asker, wanted: Wanted, booth: str | None, now: datetime) -> WaitlistEntry:
    """Queues for a booth, or for any of a floor or site.

    Raises:
        BookingRefusedError: ``bad_range``, ``past``; ``not_found`` where there is no such booth.
    """
    if wanted.end <= wanted.start:
        raise refuse("bad_range")
    if wanted.end <= now:
        raise refuse("past")
    fields = {
        "person_id": asker.person_id, "site": wanted.site, "floor": wanted.floor, "booth": booth,
        "start": wanted.start, "end": wanted.end, "guests": wanted.capacity - 1, "now": now,
    }  # fmt: skip
    with conn.transaction():
        row = conn.execute(_QUERIES["join"], fields).fetchone()
        if row is None:
            raise refuse("not_found", site=wanted.site, booth=booth, floor=wanted.floor)
        return _entries(conn, row[0])[0]


def leave(conn: psycopg.Connection, asker: Asker, entry_id: UUID, now: datetime) -> None:
    """Waits no longer; an offer that is open is declined.

    Raises:
        BookingRefusedError: ``not_found``.
    """
    with conn.transaction():
        entry = _own(conn, asker, entry_id)
        offer = find(conn, entry.offer_id, now) if entry.offer_id else None
        if offer is not None and offer.state == "offered":
            withdraw(conn, taken(conn, asker, offer.booking_id, now), _declined(asker), now)
        conn.execute(_QUERIES["set_state"], {"entry_id": entry_id, "state": "withdrawn"})


def entries(conn: psycopg.Connection, person_id: int) -> list[WaitlistEntry]:
    """What somebody waits for, the soonest first."""
    return sorted(_entries(conn, person_id=person_id), key=lambda entry: entry.start)


def accept_offer(conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime) -> Booking:
    """Takes an offer: it becomes a booking, under the rules of any.

    Raises:
        BookingRefusedError: ``lapsed`` when it is too late; quotas.
    """
    with conn.transaction():
        take_person(conn, asker.person_id)
        offer = taken(conn, asker, booking_id, now)
        if offer.state == "released":
            raise refuse("lapsed", at=offer.lapses_at)
        if offer.state != "offered":
            raise refuse("wrong_state", state=offer.state)
        booth = booth_by_id(conn, offer.space_id, offer.start)
        if offer.owner_id is not None and offer.replaces is None:
            check_person(conn, booth, offer.owner_id, (offer.start, offer.end), now, booking_id)
        lapses = lapse(booth, (offer.start, offer.end), now)
        conn.execute(QUERIES["take_offer"], {"booking_id": booking_id, "lapses_at": lapses})
        conn.execute(_QUERIES["offer_taken"], {"booking_id": booking_id})
        note(conn, booking_id, now, Happening("offer_taken", "phone", asker.person_id))
        return reread(conn, booking_id, now)


def decline_offer(conn: psycopg.Connection, asker: Asker, booking_id: UUID, now: datetime) -> Booking:
    """Lets an offer go to the next in line.

    Raises:
        BookingRefusedError: ``wrong_state`` when it is none any more.
    """
    with conn.transaction():
        offer = taken(conn, asker, booking_id, now)
        if offer.state != "offered":
            raise refuse("wrong_state", state=offer.state)
        conn.execute(_QUERIES["offer_declined"], {"booking_id": booking_id})
        return withdraw(conn, offer, _declined(asker), now)


def offer_what_is_free(conn: psycopg.Connection, now: datetime) -> int:
    """Offers to those who wait, in order, what has become free; how many offers were made.

    Whoever let an offer lapse is not offered anything again before the others of the site.
    """
    with conn.transaction():
        conn.execute(_QUERIES["settle"], {"now": now})
    return sum(1 for entry in _entries(conn) if offer_to(conn, entry, now))


def offer(conn: psycopg.Connection, booth: Booth, made: Proposal, now: datetime) -> Booking:
    """A booth kept for somebody until ``made.until``.

    Raises:
        BookingRefusedError: ``taken``.
    """
    span = (made.start, made.end)
    fields = held_fields(booth, span, now) | {
        "state": "offered", "owner_id": made.person_id, "booker_id": None, "source": "offer", "purpose": made.purpose,
        "guests": made.guests, "lapses_at": min(made.until, made.end), "replaces": made.replaces,
    }  # fmt: skip
    return put(conn, booth, fields, Happening("offered", "job"), now)


def wait_again(conn: psycopg.Connection, booking_id: UUID) -> bool:
    """Somebody whose offer is taken back waits as if there had been none; whether the offer was one from the line."""
    return conn.execute(_QUERIES["wait_again"], {"booking_id": booking_id}).rowcount > 0


def offer_to(conn: psycopg.Connection, entry: WaitlistEntry, now: datetime) -> Booking | None:
    """The offer to somebody who waits, if what is waited for can be had; None if not."""
    span = (max(entry.start, now), entry.end)
    booths = [
        booth
        for booth in booths_of(conn, entry.site, entry.start)
        if entry.floor in (None, booth.floor) and entry.booth in (None, booth.booth) and booth.capacity > entry.guests
    ]
    for there in availability(conn, booths, span[0], span[1], now):
        if span in there.free:
            made = _try(conn, there.booth, entry, span, now)
            if made is not None:
                return made
    return None


def _try(
    conn: psycopg.Connection, booth: Booth, entry: WaitlistEntry, span: tuple[datetime, datetime], now: datetime
) -> Booking | None:
    until = now + timedelta(minutes=booth.rules.offer_min)
    proposal = Proposal(entry.person_id, *span, until, entry.guests)
    try:
        with conn.transaction():
            take_person(conn, entry.person_id)
            take_booths(conn, [booth.space_id], now)
            check_span(booth, span, now)
            check_strikes(conn, entry.person_id, booth.rules, now)
            check_person(conn, booth, entry.person_id, span, now)
            made = offer(conn, booth, proposal, now)
            claimed = conn.execute(_QUERIES["offered"], {"entry_id": entry.entry_id, "booking_id": made.booking_id})
            if claimed.fetchone() is None:
                raise refuse("wrong_state")
            return made
    except BookingRefusedError:
        # Taken meanwhile, withdrawn meanwhile, or against a quota: the entry waits on.
        return None


def _entries(
    conn: psycopg.Connection, entry_id: UUID | None = None, person_id: int | None = None
) -> list[WaitlistEntry]:
    return rows_of(conn, WaitlistEntry, _QUERIES["entries"], {"entry_id": entry_id, "person_id": person_id})


def _own(conn: psycopg.Connection, asker: Asker, entry_id: UUID) -> WaitlistEntry:
    found = _entries(conn, entry_id)
    if not found or found[0].person_id != asker.person_id:
        raise refuse("not_found", entry=str(entry_id))
    return found[0]


def _declined(asker: Asker) -> Happening:
    return Happening("offer_declined", "phone", asker.person_id)
