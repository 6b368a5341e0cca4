"""How spaces were used inside opening hours: by day, by space, by hour and weekday, and how many at the same time.

Opening hours are the site's, less holidays and closures; what lies outside is in none of these figures. A period is
days of the site's zone, both ends included.

Sums over seats leave out what is withheld (``indicators.withheld``); a single seat is shown as it is, to whoever may
see it.

Responsible for sums over the rollups that are kept by floor, zone and quarter of an hour. Refuses to divide, and to
read single sensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.indicators.withheld import NOTHING, Withheld, withheld_at
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("seating.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which spaces, and which days.

    Attributes:
        site: Code of the site.
        kind: Of the spaces: ``seat`` or ``booth``.
        floor: Code of one floor; None for all.
        first: The first day.
        last: The last day, included.
        withheld: What of seats no sum counts, since too few of them answered; see ``as_told``.
    """

    site: str
    kind: str
    floor: str | None
    first: date
    last: date
    withheld: Withheld = NOTHING

    def arguments(self) -> dict[str, object]:
        """By the names that the statements use."""
        told = {"site": self.site, "kind": self.kind, "floor": self.floor, "first": self.first, "last": self.last}
        return told | self.withheld.arguments()


def as_told(conn: psycopg.Connection, asked: Asked) -> Asked:
    """The same question with what is withheld from all sums, so that a page says what a file of the same days says."""
    if asked.kind != "seat":
        return asked
    return replace(asked, withheld=withheld_at(conn, asked.site, asked.first, asked.last + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class OpenDay:
    """One day.

    Attributes:
        day: The day.
        occupied_s: Seconds in use, all spaces together; None when nothing is known.
        known_s: Seconds of which anything is known.
        open_s: Seconds that the site was open; 0 on a holiday.
        sessions: How often somebody sat down.
        revised_at: When late data changed the day; None for never.
    """

    day: date
    occupied_s: float | None
    known_s: float
    open_s: float
    sessions: int
    revised_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSpace:
    """One space over the period.

    Attributes:
        space: Its code.
        name: For people.
        floor: Code of its floor.
        seat_type: Such as ``focus``; None where it has none.
        occupied_s: Seconds in use; None when nothing is known.
        known_s: Seconds of which anything is known.
        sessions: How often somebody sat down.
        days: Days of which anything is known.
    """

    space: str
    name: str
    floor: str
    seat_type: str | None
    occupied_s: float | None
    known_s: float
    sessions: int
    days: int


@dataclass(frozen=True, slots=True)
class WeekdayHour:
    """One hour of one weekday over the period.

    Attributes:
        weekday: As in ISO 8601, 1 is Monday.
        hour: Of the site's clock.
        occupied_s: Seconds in use, all spaces together.
        known_s: Seconds of which anything is known.
        days: On how many days of that weekday.
    """

    weekday: int
    hour: int
    occupied_s: float
    known_s: float
    days: int


@dataclass(frozen=True, slots=True)
class Simultaneous:
    """How many spaces were in use at the same time, by quarters of an hour inside opening hours.

    Attributes:
        quarters: How many quarters anything is known of.
        peak: The most spaces in use, as the mean of a quarter; None when nothing is known.
        peak_at: The beginning of the first such quarter.
        peak_known: Of how many spaces anything was known then, as the mean of the quarter; None likewise.
        average: Time-weighted; None likewise.
        enough: Spaces that would have been enough in each share of the quarters that was asked for, in that order.
        short: Quarters in which so many would not have been enough, in the same order.
        busiest: The mean of the busiest quarter of each day, averaged.
    """

    quarters: int
    peak: float | None
    peak_at: datetime | None
    peak_known: float | None
    average: float | None
    enough: Sequence[int]
    short: Sequence[int]
    busiest: float | None


def open_days(conn: psycopg.Connection, asked: Asked) -> list[OpenDay]:
    """Every day of the period."""
    return rows_of(conn, OpenDay, _QUERIES["open_days"], asked.arguments())


def open_spaces(conn: psycopg.Connection, asked: Asked) -> list[OpenSpace]:
    """Every space of the kind, by floor and code."""
    return rows_of(conn, OpenSpace, _QUERIES["open_spaces"], asked.arguments())


def weekday_hours(conn: psycopg.Connection, asked: Asked) -> list[WeekdayHour]:
    """The hours of the week in which the site was open and of which anything is known."""
    return rows_of(conn, WeekdayHour, _QUERIES["weekday_hours"], asked.arguments())


def simultaneous(conn: psycopg.Connection, asked: Asked, levels: tuple[float, ...]) -> Simultaneous:
    """How many were in use at the same time.

    Args:
        conn: Open.
        asked: Which spaces and days.
        levels: Shares of the quarters, 0 to 1, in which the spaces should have been enough.
    """
    (found,) = rows_of(conn, Simultaneous, _QUERIES["simultaneous"], {**asked.arguments(), "levels": list(levels)})
    return found


@dataclass(frozen=True, slots=True)
class PlacedDevice:
    """A device that served a space at some time of the period.

    Attributes:
        device: Its code.
        kind: Such as ``seat_sensor``.
    """

    device: str
    kind: str


def space_days(conn: psycopg.Connection, site: str, space: str, first: date, last: date) -> list[OpenDay]:
    """Every day of one space; nothing where there is no such space."""
    return rows_of(conn, OpenDay, _QUERIES["space_days"], {"site": site, "space": space, "first": first, "last": last})


@dataclass(frozen=True, slots=True)
class NamedSpace:
    """A space: ``seat``, ``booth`` or another kind, and its name for people."""

    kind: str
    name: str


def named_space(conn: psycopg.Connection, site: str, space: str) -> NamedSpace | None:
    """The space of that code; None where there is none."""
    found = rows_of(conn, NamedSpace, _QUERIES["named_space"], {"site": site, "space": space})
    return found[0] if found else None


def space_devices(conn: psycopg.Connection, site: str, space: str, first: date, last: date) -> list[PlacedDevice]:
    """The devices that said how the space was."""
    arguments = {"site": site, "space": space, "first": first, "last": last}
    return rows_of(conn, PlacedDevice, _QUERIES["space_devices"], arguments)
