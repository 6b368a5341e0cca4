"""Bookings of the past taken over: from the programme an office used before, or from a simulated building.

Each booking is lived again through the engine with the clock of its own time (see ``relived``), so rules, calendars,
recovered time and the journal are those of any booking. A day is one transaction with everything that was done about
its bookings, however long before; another run skips the days it finds done. Nobody is told: what happened weeks ago
makes no notice, strike or webhook.

A file has one JSON object per line, see ``PastBooking``. Responsible for playing. Refuses what is not over yet, and
people who have no account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.relived import Life, PastBooking, order_of, steps_of
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.read.now import site_info
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("past.sql", package="shigotoba_backend.bookings")


class PastFileError(Exception):
    """The file cannot be taken over; the message says line and reason."""


@dataclass(slots=True)
class TakenOver:
    """What came of a file: bookings taken over, days that had been before, and refusals in words."""

    bookings: int = 0
    days_known: int = 0
    refused: list[str] = field(default_factory=list[str])


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
        over_at = booking.over_at
        if over_at > now:
            raise PastFileError(f"line {number}: ends at {over_at.isoformat()}, which is not past. Leave it out.")
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
    known = [Life(number, each, Asker(accounts[each.login])) for number, each in of_day if each.login in accounts]
    with conn.transaction():
        if conn.execute(_QUERIES["claim_day"], asked).fetchone() is None:
            result.days_known += 1
            return
        made = _play(conn, site, known, result.refused)
        # The last of the day have nobody after them who would settle them.
        spaces = [booth.space_id for booth in booths_of(conn, site, of_day[0][1].start)]
        take_booths(conn, spaces, max(each.over_at for _, each in of_day))
        conn.execute(_QUERIES["tell_nobody"], {"bookings": made})
    result.bookings += len(made)
    result.refused += [f"line {n}: there is no account {one.login!r}" for n, one in of_day if one.login not in accounts]


def _play(conn: psycopg.Connection, site: str, lives: list[Life], refused: list[str]) -> list[UUID]:
    """Everything that was done about these bookings, in order of time; the bookings made."""
    for step in sorted((step for life in lives for step in steps_of(life)), key=order_of):
        try:
            step.do(conn, site, step.life, step.at)
        except BookingRefusedError as refusal:
            refused.append(f"line {step.life.number}: {step.word} at {step.at.isoformat()}: {refusal.code}")
    return [life.booking_id for life in lives if life.booking_id is not None]


def _accounts(conn: psycopg.Connection, logins: set[str]) -> dict[str, int]:
    found = conn.execute(_QUERIES["people"], {"logins": sorted(logins)})
    return {str(login): int(person_id) for login, person_id in found}
