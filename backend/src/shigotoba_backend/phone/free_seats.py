"""Free seats: how many, where, of which kind, and how full it usually is at this hour.

Seats are seen by sensors that know nobody. Responsible for these figures. Refuses to call a seat free whose sensor is
silent, and to say how full a floor of few seats usually is: that would be one person's habit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.indicators.cells import hidden_scopes
from shigotoba_backend.indicators.periods import fiscal_year_of
from shigotoba_backend.indicators.withheld import withheld_at
from shigotoba_backend.read.now import SpaceNow, spaces_now
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("free_seats.sql", package="shigotoba_backend.phone")
_WEEKS: Final = 4
_LEAST_DAYS: Final = 3
_A_DAY: Final = timedelta(days=1)
"""Days of UTC are not those of the site: one more at both ends holds them all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Seats of one kind in one zone, or of one of the two.

    Attributes:
        key: Code of the zone or kind; "" where seats have none.
        free: How many are free.
        known: How many have a sensor that speaks.
        seats: How many there are.
    """

    key: str
    free: int
    known: int
    seats: int


@dataclass(frozen=True, slots=True)
class FloorSeats:
    """The seats of a floor.

    Attributes:
        floor: Code of the floor.
        total: All of them.
        by_zone: By zone, if the floor has zones.
        by_kind: By kind of seat.
        seats: One by one, with their states.
        usual_share: Share of the seats taken at this hour on such days, 0 to 1; None while too little is known.
    """

    floor: str
    total: Group
    by_zone: list[Group]
    by_kind: list[Group]
    seats: list[SpaceNow]
    usual_share: float | None


def free_seats(conn: psycopg.Connection, site: str, now: datetime) -> list[FloorSeats]:
    """The floors that have seats, lowest first."""
    seats = [each for each in spaces_now(conn, site, now) if each.kind == "seat"]
    zones: dict[str, str] = dict(conn.execute(_QUERIES["zones"], {"site": site}).fetchall())
    usual = _usual(conn, site, now)
    return [_floor(floor, seats, zones, usual.get(floor)) for floor in dict.fromkeys(each.floor for each in seats)]


def zone_names(conn: psycopg.Connection, site: str) -> dict[str, tuple[str, str]]:
    """Names of the zones, Japanese and English, by code."""
    return {code: (name, name_en) for code, name, name_en in conn.execute(_QUERIES["zone_names"], {"site": site})}


def _floor(floor: str, seats: Sequence[SpaceNow], zones: dict[str, str], usual: float | None) -> FloorSeats:
    there = [each for each in seats if each.floor == floor]
    by_zone = _grouped((zones.get(each.space, ""), each) for each in there)
    by_kind = _grouped((each.seat_type or "", each) for each in there)
    return FloorSeats(floor, _group("", there), by_zone if zones else [], by_kind, there, usual)


def _grouped(keyed: Iterable[tuple[str, SpaceNow]]) -> list[Group]:
    groups: dict[str, list[SpaceNow]] = {}
    for key, seat in keyed:
        groups.setdefault(key, []).append(seat)
    return [_group(key, groups[key]) for key in sorted(groups)]


def _group(key: str, seats: Sequence[SpaceNow]) -> Group:
    free = sum(each.state == "vacant" for each in seats)
    return Group(key, free, sum(each.state != "unknown" for each in seats), len(seats))


def _usual(conn: psycopg.Connection, site: str, now: datetime) -> dict[str, float]:
    """By floor: seats taken at this hour of the same weekday in the last four weeks, where at least three are known."""
    same_hours = [now - timedelta(weeks=week) for week in range(1, _WEEKS + 1)]
    first, last = same_hours[-1].date() - _A_DAY, same_hours[0].date() + _A_DAY
    withheld = withheld_at(conn, site, first, last + _A_DAY)
    hidden = {
        scope for year in {fiscal_year_of(first), fiscal_year_of(last)} for scope in hidden_scopes(conn, "seats", year)
    }
    arguments = {
        "site": site,
        "hours": same_hours,
        "least": _LEAST_DAYS,
        "hidden": [scope.part for scope in hidden if scope.kind == "floor" and scope.whole == site],
    }
    return dict(conn.execute(_QUERIES["usual"], arguments | withheld.arguments()).fetchall())
