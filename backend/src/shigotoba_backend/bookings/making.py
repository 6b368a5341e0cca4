"""Booths booked, and walked into.

Responsible for what happens between the wish and the row: what is asked first (see ``checks``), and the constraint that
has the last word. Refuses to change a booking that is there (see ``using`` and ``changing``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from psycopg import errors

from shigotoba_backend.bookings.checks import check_company, check_free, check_in_from, check_span, lapse, taken_by
from shigotoba_backend.bookings.finding import Wanted, alternatives, availability, miss, why_not_open
from shigotoba_backend.bookings.journal import Happening, note
from shigotoba_backend.bookings.quotas import check_person, check_strikes
from shigotoba_backend.bookings.record import QUERIES, books_for, reread, standing_at
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth, booth_of
from shigotoba_backend.bookings.settling import take_booths, take_person
from shigotoba_backend.bookings.values import Asker, Book, Booking, WalkIn
from shigotoba_booth.decisions import Refused, Side, decide_press
from shigotoba_booth.holds import Hold

Span = tuple[datetime, datetime]

_UNMET: Final = {"taken", "in_use", "no_room_to_extend", "buffer"}
_HELPED: Final = _UNMET | {"not_open", "lapsed", "too_many_guests", "visitors_not_allowed"}
_DAY: Final = timedelta(days=1)


def book(conn: psycopg.Connection, asker: Asker, wish: Book, now: datetime) -> Booking:
    """Books a booth.

    Raises:
        BookingRefusedError: Any rule, or ``taken``; with the nearest alternatives where another booth or time helps.
    """
    wanted = Wanted(wish.site, wish.start, wish.end, capacity=wish.guests + 1)
    with instead(conn, wanted, wish.booth, now, asker.person_id):
        return book_this(conn, asker, wish, now)


def book_this(conn: psycopg.Connection, asker: Asker, wish: Book, now: datetime) -> Booking:
    """The same without looking for alternatives.

    Raises:
        BookingRefusedError: As ``book``.
    """
    with conn.transaction():
        booth = booth_of(conn, wish.site, wish.booth, wish.start)
        owner_id = _owner(conn, asker, wish)
        check_span(booth, (wish.start, wish.end), now)
        check_company(booth, wish.guests)
        # Looked at before queueing too: of many who want one booth, those who come too late do not wait for each other.
        check_free(conn, booth, (wish.start, wish.end), now)
        take_person(conn, owner_id)
        take_booths(conn, [booth.space_id], now)
        check_free(conn, booth, (wish.start, wish.end), now)
        check_strikes(conn, owner_id, booth.rules, now)
        check_person(conn, booth, owner_id, (wish.start, wish.end), now)
        return hold(conn, booth, wish, (owner_id, asker.person_id), needed_approval(booth, asker), now)


def walk_in(conn: psycopg.Connection, asker: Asker, wish: WalkIn, now: datetime) -> Booking:
    """Takes a booth from this moment, until the length asked for or the next booking, whichever is sooner.

    Raises:
        BookingRefusedError: ``in_use`` until when, ``not_open``, quotas; with alternatives.
    """
    length = timedelta(minutes=wish.minutes) if wish.minutes else timedelta(hours=1)
    with instead(conn, Wanted(wish.site, now, now + length), wish.booth, now, asker.person_id), conn.transaction():
        booth = booth_of(conn, wish.site, wish.booth, now)
        take_person(conn, asker.person_id)
        take_booths(conn, [booth.space_id], now)
        until = _walk_in_until(conn, booth, wish.minutes, now)
        check_person(conn, booth, asker.person_id, (now, until), now)
        return enter(conn, booth, (now, until), asker.person_id, wish, now)


def needed_approval(booth: Booth, asker: Asker) -> str | None:
    """``waiting`` where somebody has to agree; whoever manages the site agrees by booking."""
    return "waiting" if booth.rules.approval and booth.site not in asker.manages else None


def hold(
    conn: psycopg.Connection, booth: Booth, wish: Book, people: tuple[int, int], approval: str | None, now: datetime
) -> Booking:
    """The row, once nothing speaks against it: ``people`` are its owner and its booker.

    Raises:
        BookingRefusedError: ``taken``: the constraint has seen what the check had not.
    """
    fields = held_fields(booth, (wish.start, wish.end), now) | {
        "state": "held", "owner_id": people[0], "booker_id": people[1], "source": wish.source,
        "purpose": wish.purpose, "guests": wish.guests, "approval": approval,
        "series_id": wish.series_id,
    }  # fmt: skip
    return put(conn, booth, fields, Happening("booked", wish.source, people[1]), now)


def enter(
    conn: psycopg.Connection, booth: Booth, span: Span, person_id: int | None, wish: WalkIn, now: datetime
) -> Booking:
    """The row of a walk-in; ``person_id`` is None at a button, which cannot tell.

    Raises:
        BookingRefusedError: ``taken``.
    """
    means = wish.source if wish.source in ("qr", "button") else "phone"
    fields = held_fields(booth, span, now) | {
        "state": "checked_in", "owner_id": person_id, "booker_id": person_id, "source": wish.source,
        "checked_in_at": span[0], "checked_in_by": "button" if wish.source == "gateway" else means, "walk_in": True,
    }  # fmt: skip
    return put(conn, booth, fields, Happening("walked_in", wish.source, person_id), now)


def held_fields(booth: Booth, span: Span, now: datetime) -> dict[str, object]:
    """The columns every new row has, with those at their defaults that only some have."""
    return {
        "space_id": booth.space_id, "start": span[0], "end": span[1],
        "buffer": timedelta(minutes=booth.rules.buffer_min), "now": now, "check_in_from": check_in_from(booth, span[0]),
        "lapses_at": lapse(booth, span, now), "purpose": None, "guests": 0, "checked_in_at": None,
        "checked_in_by": None, "approval": None, "walk_in": False, "series_id": None, "replaces": None,
    }  # fmt: skip


def put(conn: psycopg.Connection, booth: Booth, fields: dict[str, object], what: Happening, now: datetime) -> Booking:
    """Inserts the row and notes it."""
    with refused_if_taken(conn, booth, fields, now):
        booking_id: UUID = conn.execute(QUERIES["hold"], fields).fetchall()[0][0]
    note(conn, booking_id, now, what)
    return reread(conn, booking_id, now)


@contextlib.contextmanager
def refused_if_taken(
    conn: psycopg.Connection, booth: Booth, fields: dict[str, object], now: datetime
) -> Generator[None]:
    """A row that the constraint refuses becomes a refusal that says until when."""
    try:
        with conn.transaction():
            yield
    except errors.ExclusionViolation:
        raise taken_by(conn, booth, (_time(fields["start"]), _time(fields["end"])), now) from None


@contextlib.contextmanager
def instead(
    conn: psycopg.Connection, wanted: Wanted, booth: str | None, now: datetime, person_id: int | None
) -> Generator[None]:
    """A refusal that another booth or time would help is given the nearest ones, and counted as unmet demand."""
    try:
        yield
    except BookingRefusedError as refusal:
        if refusal.code not in _HELPED:
            raise
        offers = alternatives(conn, wanted, now, booth, person_id)
        if refusal.code in _UNMET and not any((each.start, each.end) == (wanted.start, wanted.end) for each in offers):
            miss(conn, wanted.site, wanted.start, wanted.end, now, person_id)
        raise refusal.instead(offers) from None


def _walk_in_until(conn: psycopg.Connection, booth: Booth, minutes: int | None, now: datetime) -> datetime:
    policy = booth.rules.at_the_door
    length = timedelta(minutes=minutes) if minutes else policy.default_walk_in
    length = min(length, booth.rules.limits.longest)
    bookings = standing_at(conn, [booth.space_id], now, now + _DAY, now)
    holds = [Hold(each.start, each.end, f"{each.owner_id}", each.state == "checked_in") for each in bookings]
    # Nobody's owner: whatever stands is somebody else's.
    decision = decide_press(Side.ENTER, now, holds, policy, person="")
    if isinstance(decision, Refused):
        raise refuse("in_use", until=decision.until)
    there = availability(conn, [booth], now, now + length, now)[0]
    if not there.open or there.open[0][0] > now:
        raise BookingRefusedError("not_open", why_not_open(conn, booth, now, now + length))
    if not there.free or there.free[0][0] > now:
        raise taken_by(conn, booth, (now, now + length), now)
    return there.free[0][1]


def _owner(conn: psycopg.Connection, asker: Asker, wish: Book) -> int:
    owner_id = asker.person_id if wish.owner_id is None else wish.owner_id
    if (
        owner_id != asker.person_id
        and wish.site not in asker.manages
        and not books_for(conn, asker.person_id, owner_id)
    ):
        raise refuse("not_permitted", owner=owner_id)
    return owner_id


def _time(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"a time was expected, not {value!r}")
    return value
