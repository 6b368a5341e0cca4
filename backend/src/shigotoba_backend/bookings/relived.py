"""One booking of the past, as a line of a file tells it, and what was done about it, step by step.

Responsible for the steps and for the command of the engine behind each. Refuses to read files and to bring the steps of
several bookings into order of time (see ``past``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import psycopg

from shigotoba_backend.bookings import changing, waiting
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.making import book_this
from shigotoba_backend.bookings.record import get_booking, taken
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.using import check_in, extend, left, shorten
from shigotoba_backend.bookings.values import Asker, Book, Move
from shigotoba_backend.bookings.waiting import WaitlistEntry

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Told = Literal["phone", "qr", "button"]


class PastChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something changed about a booking; what is left out stayed.

    Attributes:
        at: When it was changed.
        booth: Code of the booth from then on.
        start: From when it was booked from then on.
        end: Until when; once somebody had come, this is an extension or gives the rest back.
    """

    at: Moment
    booth: str | None = None
    start: Moment | None = None
    end: Moment | None = None


class PastBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the file; times are ISO 8601 with an offset.

    Attributes:
        login: Whose it was, an account that is there.
        booth: Code of the booth, as it was first booked.
        made_at: When it was made; after waiting, when the offer was taken.
        start: From when it was first booked.
        end: Until when.
        came_at: When its person said to be there; nobody came without.
        came_by: How that was said.
        left_at: When its person said to leave, before the end.
        left_by: How that was said.
        cancelled_at: When it was taken back.
        waited_from: Since when its person was on the waitlist for it.
        changes: What was changed about it.
    """

    login: str
    booth: str
    made_at: Moment
    start: Moment
    end: Moment
    came_at: Moment | None = None
    came_by: Told = "phone"
    left_at: Moment | None = None
    left_by: Told = "phone"
    cancelled_at: Moment | None = None
    waited_from: Moment | None = None
    changes: tuple[PastChange, ...] = ()

    @property
    def over_at(self) -> datetime:
        """When it was over at the latest, whatever was changed."""
        return max([self.end, *(change.end for change in self.changes if change.end is not None)])


@dataclass(slots=True)
class Life:
    """A line, whose it is, and what has come of it so far."""

    number: int
    booking: PastBooking
    asker: Asker
    entry: WaitlistEntry | None = None
    booking_id: UUID | None = None


Do = Callable[[psycopg.Connection, str, Life, datetime], None]


@dataclass(frozen=True, slots=True)
class Step:
    """Something done at ``at``; of what was done at one instant, ``order`` says what came first."""

    at: datetime
    order: int
    word: str
    life: Life
    do: Do


def order_of(step: Step) -> tuple[datetime, int, int]:
    """By time."""
    return step.at, step.order, step.life.number


def steps_of(life: Life) -> Iterator[Step]:
    """What was done about a booking, in no order."""
    booking = life.booking
    told = (
        (booking.waited_from, "wait", _wait),
        (booking.made_at, "book", _book if booking.waited_from is None else _take_offer),
        *((change.at, "change", partial(_change, change)) for change in booking.changes),
        (booking.cancelled_at, "cancel", _cancel),
        (booking.came_at, "come", _come),
        (booking.left_at, "leave", _leave),
    )
    for order, (at, word, do) in enumerate(told):
        if at is not None:
            yield Step(at, order, word, life, do)


def _wait(conn: psycopg.Connection, site: str, life: Life, at: datetime) -> None:
    wanted = Wanted(site, life.booking.start, life.booking.end)
    life.entry = waiting.join(conn, life.asker, wanted, life.booking.booth, at)


def _take_offer(conn: psycopg.Connection, _site: str, life: Life, at: datetime) -> None:
    offered = None if life.entry is None else waiting.offer_to(conn, life.entry, at)
    if offered is None:
        raise refuse("taken", until=life.booking.end)
    life.booking_id = waiting.accept_offer(conn, life.asker, offered.booking_id, at).booking_id


def _book(conn: psycopg.Connection, site: str, life: Life, at: datetime) -> None:
    wish = Book(site, life.booking.booth, life.booking.start, life.booking.end)
    life.booking_id = book_this(conn, life.asker, wish, at).booking_id


def _change(change: PastChange, conn: psycopg.Connection, _site: str, life: Life, at: datetime) -> None:
    if life.booking_id is None:
        return
    booking = get_booking(conn, life.asker, life.booking_id, at)
    if booking.state != "checked_in" or change.end is None:
        changing.move(conn, life.asker, Move(life.booking_id, change.booth, change.start, change.end), at)
    elif change.end > booking.end:
        extend(conn, life.asker, life.booking_id, change.end, at)
    else:
        shorten(conn, life.asker, life.booking_id, change.end, at)


def _come(conn: psycopg.Connection, _site: str, life: Life, at: datetime) -> None:
    if life.booking_id is not None:
        check_in(conn, life.asker, life.booking_id, life.booking.came_by, at)


def _leave(conn: psycopg.Connection, _site: str, life: Life, at: datetime) -> None:
    if life.booking_id is None:
        return
    booking = taken(conn, life.asker, life.booking_id, at)
    if booking.state == "checked_in":
        left(conn, booking, at, Happening("ended", life.booking.left_by, life.asker.person_id))


def _cancel(conn: psycopg.Connection, _site: str, life: Life, at: datetime) -> None:
    if life.booking_id is not None:
        changing.cancel(conn, life.asker, life.booking_id, at)
