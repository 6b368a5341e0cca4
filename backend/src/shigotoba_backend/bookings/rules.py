"""The rules of a booth on a day, put together from its organisation's, site's, zone's and its own.

Responsible for what can be said in a policy, its defaults (docs/bookings.md has the same table) and for finding it.
Refuses to apply rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.store.sql import load
from shigotoba_booth.holds import Policy, SecondPress
from shigotoba_booth.lengths import Limits

_QUERIES: Final = load("rules.sql", package="shigotoba_backend.bookings")

Minutes = Annotated[int, msgspec.Meta(ge=0, le=1440)]
Some = Annotated[int, msgspec.Meta(ge=1, le=1440)]


class Rules(msgspec.Struct, frozen=True):
    """What an office has agreed on. Limits that are None do not exist.

    Attributes:
        grace_min: How long a booking waits for its person.
        early_check_in_min: How long before its start a booking can be checked in to.
        default_walk_in_min: How long a walk-in lasts unless something else is said.
        shortest_walk_in_min: A gap that is shorter than this is not given to a walk-in.
        extend_min: By how much one tap extends.
        second_press: What a further press of the booth's button does to a use: `extend`, `end` or `nothing`.
        shortest_min: A booking is at least this long.
        longest_min: And at most this long, extensions included.
        days_ahead: It begins at most this many days from now.
        buffer_min: A pause after each booking.
        concurrent: How many bookings a person may have at the same time.
        day_count: How many bookings a person may have that begin on one day.
        day_hours: How many hours a person may have on one day.
        week_count: How many that begin in one week, from Monday.
        week_hours: How many hours in one week.
        approval: Somebody has to agree to each booking.
        over_midnight: A booking may go on over midnight.
        outside_hours: It may lie outside opening hours and on holidays, closures excepted.
        visitors: People of other sites may book.
        presence_checks_in: A presence sensor that sees somebody is a check-in.
        patience_min: So long may no sensor see anybody before the person is asked.
        answer_min: So long may the answer take before the staff are told.
        reminder_min: A reminder comes this long before the start.
        release_warning_min: And a warning this long before a release.
        offer_min: So long is an offer from the waitlist kept.
        strikes_most: So many no-shows cost the right to book; 0 for no such rule.
        strike_days: For so many days a no-show counts.
        strike_ban_days: So long after the last one nothing can be booked; walk-ins stay allowed.
    """

    grace_min: Some = 10
    early_check_in_min: Minutes = 15
    default_walk_in_min: Some = 60
    shortest_walk_in_min: Minutes = 5
    extend_min: Some = 30
    second_press: Literal["extend", "end", "nothing"] = "extend"
    shortest_min: Some = 15
    longest_min: Some = 240
    days_ahead: Annotated[int, msgspec.Meta(ge=0, le=366)] = 28
    buffer_min: Minutes = 0
    concurrent: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    day_count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    day_hours: Annotated[float, msgspec.Meta(gt=0)] | None = None
    week_count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    week_hours: Annotated[float, msgspec.Meta(gt=0)] | None = None
    approval: bool = False
    over_midnight: bool = False
    outside_hours: bool = False
    visitors: bool = True
    presence_checks_in: bool = True
    patience_min: Some = 15
    answer_min: Some = 10
    reminder_min: Minutes = 10
    release_warning_min: Minutes = 5
    offer_min: Some = 10
    strikes_most: Annotated[int, msgspec.Meta(ge=0)] = 0
    strike_days: Annotated[int, msgspec.Meta(ge=1)] = 30
    strike_ban_days: Annotated[int, msgspec.Meta(ge=1)] = 7

    @property
    def at_the_door(self) -> Policy:
        """The part that decisions at the door need."""
        return Policy(
            timedelta(minutes=self.default_walk_in_min),
            timedelta(minutes=self.shortest_walk_in_min),
            timedelta(minutes=self.early_check_in_min),
            timedelta(minutes=self.grace_min),
            SecondPress(self.second_press),
            timedelta(minutes=self.buffer_min),
            timedelta(minutes=self.longest_min),
        )

    @property
    def limits(self) -> Limits:
        """The part about lengths."""
        return Limits(
            timedelta(minutes=self.shortest_min), timedelta(minutes=self.longest_min), timedelta(days=self.days_ahead)
        )


@dataclass(frozen=True, slots=True)
class Booth:
    """A booth with the rules in force on some day.

    Attributes:
        space_id: For the database.
        site_id: For the database.
        site: Code of the site.
        zone_info: The site's time zone.
        booth: Its code.
        name: For people.
        floor: Code of the floor.
        zone: Code of the zone, if it is in one.
        capacity: For how many people.
        rules: In force.
    """

    space_id: int
    site_id: int
    site: str
    zone_info: ZoneInfo
    booth: str
    name: str
    floor: str
    zone: str | None
    capacity: int
    rules: Rules


def booth_of(conn: psycopg.Connection, site: str, booth: str, at: datetime) -> Booth:
    """The booth of that code with the rules of the day of ``at``.

    Raises:
        BookingRefusedError: ``not_found``.
    """
    found = _booths(conn, {"site": site, "booth": booth, "space_id": None, "at": at})
    if not found:
        raise refuse("not_found", site=site, booth=booth)
    return found[0]


def booth_by_id(conn: psycopg.Connection, space_id: int, at: datetime) -> Booth:
    """The booth of that number with the rules of the day of ``at``."""
    return _booths(conn, {"site": None, "booth": None, "space_id": space_id, "at": at})[0]


def booths_of(conn: psycopg.Connection, site: str, at: datetime) -> list[Booth]:
    """Every booth of a site, by floor and code."""
    return _booths(conn, {"site": site, "booth": None, "space_id": None, "at": at})


def _booths(conn: psycopg.Connection, asked: dict[str, object]) -> list[Booth]:
    return [
        Booth(space_id, site_id, site, ZoneInfo(time_zone), code, name, floor, zone, capacity, _rules(said))
        for space_id, site_id, site, time_zone, code, name, floor, zone, capacity, said in conn.execute(
            _QUERIES["booths"], asked
        )
    ]


def _rules(said: dict[str, object]) -> Rules:
    return msgspec.convert(said, Rules)
