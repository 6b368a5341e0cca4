"""Bookings of the past taken over: from the programme an office used before, or from a simulated building.

Each booking is lived again through the engine with the clock of its own time: made, checked in to, left, cancelled, or
released because nobody came. So rules, calendars, recovered time and the journal are those of any booking. A day is one
transaction with everything that was done about its bookings, however long before; another run skips the days it finds
done. Nobody is told: what happened weeks ago makes no notice, strike or webhook.

A file has one JSON object per line, see ``PastBooking``. Responsible for playing. Refuses what is not over yet, and
people who have no account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from shigotoba_backend.bookings import changing
from shigotoba_backend.bookings.journal import Happening
from shigotoba_backend.bookings.making import book_this
from shigotoba_backend.bookings.record import taken
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.using import check_in, left
from shigotoba_backend.bookings.values import Asker, Book
from shigotoba_backend.read.now import site_info
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("past.sql", package="shigotoba_backend.bookings")

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Told = Literal["phone", "qr", "button"]


class PastBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the file; times are ISO 8601 with an offset.

    Attributes:
        login: Whose it was, an account that is there.
        booth: Code of the booth.
        made_at: When it was made.
        start: From when it was booked.
        end: Until when.
        came_at: When its person said to be there; nobody came without.
        came_by: How that was said.
        left_at: When its person said to leave, before the end.
        left_by: How that was said.
        cancelled_at: When it was taken back.
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


class PastFileError(Exception):
    """The file cannot be taken over; the message says line and reason."""


@dataclass(slots=True)
class TakenOver:
    """What came of a file: bookings taken over, days that had been before, and refusals in words."""

    bookings: int = 0
    days_known: int = 0
    refused: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    booking: PastBooking
    asker: Asker


_Step = tuple[datetime, int, int, Literal["book", "come", "leave", "cancel"]]


def read_lines(lines: Iterable[bytes], now: datetime) -> Iterator[tuple[int, PastBooking]]:
    """The bookings of a file by their line's number.

    Raises:
        PastFileError: A line is no booking, or one that is not over at ``now``.
    """
    for number, line in enumerate(lines, start=1):
        try:
            booking = msgspec.json.decode(line, type=PastBooking)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PastFileError(f"line {number}: {error}.") from error
        if booking.end > now:
            raise PastFileError(f"line {number}: ends at {booking.end.isoformat()}, which is not past. Leave it out.")
        yield number, booking


def take_over(
    conn: psycopg.Connection, site: str, origin: str, bookings: Iterable[tuple[int, PastBooking]]
) -> TakenOver:
    """Plays ``bookings`` day by day.

    Args:
        conn: A connection in autocommit mode.
        site: Code of the site.
        origin: A name for where they come from; a day is taken over once from each.
        bookings: With their lines' numbers, as ``read_lines`` yields them.
    """
    zone, result = site_info(conn, site).time_zone, TakenOver()
    days: defaultdict[date, list[tuple[int, PastBooking]]] = defaultdict(list)
    for number, booking in bookings:
        days[booking.start.astimezone(ZoneInfo(zone)).date()].append((number, booking))
    accounts = _accounts(conn, {booking.login for of_day in days.values() for _, booking in of_day})
    for day, of_day in sorted(days.items()):
        _play_day(conn, (site, origin, day), of_day, accounts, result)
    return result


def _play_day(
    conn: psycopg.Connection,
    which: tuple[str, str, date],
    of_day: list[tuple[int, PastBooking]],
    accounts: Mapping[str, int],
    result: TakenOver,
) -> None:
    site, origin, day = which
    asked = {"site": site, "origin": origin, "day": day, "bookings": len(of_day)}
    known = [_Line(number, each, Asker(accounts[each.login])) for number, each in of_day if each.login in accounts]
    with conn.transaction():
        if conn.execute(_QUERIES["claim_day"], asked).fetchone() is None:
            result.days_known += 1
            return
        made = _play(conn, site, known, result.refused)
        # The last of the day have nobody after them who would settle them.
        spaces = [booth.space_id for booth in booths_of(conn, site, of_day[0][1].start)]
        take_booths(conn, spaces, max(each.end for _, each in of_day))
        conn.execute(_QUERIES["tell_nobody"], {"bookings": list(made.values())})
    result.bookings += len(made)
    result.refused += [f"line {n}: there is no account {one.login!r}" for n, one in of_day if one.login not in accounts]


def _play(conn: psycopg.Connection, site: str, lines: list[_Line], refused: list[str]) -> dict[int, UUID]:
    """Everything that was done about these bookings, in order of time; the bookings made, by line."""
    made: dict[int, UUID] = {}
    by_number = {line.number: line for line in lines}
    for at, _order, number, what in sorted(step for line in lines for step in _steps(line)):
        line = by_number[number]
        try:
            if what == "book":
                made[number] = _book(conn, site, line, at)
            elif number in made:
                _DEEDS[what](conn, line, made[number], at)
        except BookingRefusedError as refusal:
            refused.append(f"line {number}: {what} at {at.isoformat()}: {refusal.code}")
    return made


def _steps(line: _Line) -> Iterator[_Step]:
    booking = line.booking
    yield booking.made_at, 0, line.number, "book"
    if booking.cancelled_at is not None:
        yield booking.cancelled_at, 1, line.number, "cancel"
    if booking.came_at is not None:
        yield booking.came_at, 2, line.number, "come"
    if booking.left_at is not None:
        yield booking.left_at, 3, line.number, "leave"


def _book(conn: psycopg.Connection, site: str, line: _Line, at: datetime) -> UUID:
    wish = Book(site, line.booking.booth, line.booking.start, line.booking.end)
    return book_this(conn, line.asker, wish, at).booking_id


def _come(conn: psycopg.Connection, line: _Line, booking_id: UUID, at: datetime) -> None:
    check_in(conn, line.asker, booking_id, line.booking.came_by, at)


def _leave(conn: psycopg.Connection, line: _Line, booking_id: UUID, at: datetime) -> None:
    booking = taken(conn, line.asker, booking_id, at)
    if booking.state == "checked_in":
        left(conn, booking, at, Happening("ended", line.booking.left_by, line.asker.person_id))


def _cancel(conn: psycopg.Connection, line: _Line, booking_id: UUID, at: datetime) -> None:
    changing.cancel(conn, line.asker, booking_id, at)


_DEEDS: Final = {"come": _come, "leave": _leave, "cancel": _cancel}


def _accounts(conn: psycopg.Connection, logins: set[str]) -> dict[str, int]:
    found = conn.execute(_QUERIES["people"], {"logins": sorted(logins)})
    return {str(login): int(person_id) for login, person_id in found}
