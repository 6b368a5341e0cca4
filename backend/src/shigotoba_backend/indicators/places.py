"""What belongs to a scope: its spaces, floors and printers, and the people who work there.

Responsible for finding them. Refuses figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

import psycopg

from shigotoba_backend.indicators.periods import months_later
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("places.sql", package="shigotoba_backend.indicators")

_WHOLE_FLOORS: Final = frozenset({"organisation", "site", "floor"})


class UnknownScopeError(LookupError):
    """Nothing of that name has been imported."""


class Spot(NamedTuple):
    """One space of a scope."""

    site_id: int
    time_zone: str
    floor_id: int
    zone_id: int | None
    space_id: int
    kind: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Place:
    """A scope with what belongs to it.

    Attributes:
        scope: What was asked for.
        spots: Its spaces, equipment's places included.
        device_id: Of the one device it is; None for anything else.
    """

    scope: Scope
    spots: tuple[Spot, ...]
    device_id: int | None = None

    @property
    def whole_floors(self) -> bool:
        """Whether every space of its floors belongs to it, so that sums by floor can be used."""
        return self.scope.kind in _WHOLE_FLOORS

    @property
    def sites(self) -> list[int]:
        """The sites it has a space in."""
        return sorted({spot.site_id for spot in self.spots})

    @property
    def floors(self) -> list[int]:
        """The floors it has a space on."""
        return sorted({spot.floor_id for spot in self.spots})

    @property
    def time_zone(self) -> str:
        """That of its days; of several sites, that of the first."""
        return min(self.spots, key=attrgetter("site_id")).time_zone

    def spaces(self, kinds: Collection[str]) -> list[int]:
        """Its spaces of those kinds."""
        return sorted(spot.space_id for spot in self.spots if spot.kind in kinds)

    def capacity(self, kinds: Collection[str]) -> int:
        """How many people its spaces of those kinds are for."""
        return sum(spot.capacity for spot in self.spots if spot.kind in kinds)


def places_of(conn: psycopg.Connection, scopes: Collection[Scope], on: date) -> list[Place]:
    """What belongs to each of ``scopes``, in their order; of a section, what served it on that day.

    Left out is of what nothing is known, or to what nothing belongs. One statement for each kind of scope.
    """
    rows: defaultdict[Scope, list[list[Any]]] = defaultdict(list)
    for kind in sorted({scope.kind for scope in scopes}):
        asked = [scope for scope in scopes if scope.kind == kind]
        told = {"wholes": [each.whole for each in asked], "parts": [each.part for each in asked], "on": on}
        for number, *row in conn.execute(_QUERIES[f"of_{kind}"], told).fetchall():
            rows[asked[number - 1]].append(row)
    return [_place(scope, rows[scope]) for scope in scopes if scope in rows]


def turns(conn: psycopg.Connection, first: date, beyond: date) -> list[date]:
    """First days of the months, after the one of ``first``, in which a place begins or ends to serve a section.

    Between two of them what belongs to a section stays the same: a month counts what served it on its last day, within
    however long a period it is asked for. Otherwise one period less another would tell of the places between.
    """
    asked = {"first": first, "last": settled(beyond - timedelta(days=1))}
    return [each for (each,) in conn.execute(_QUERIES["turns"], asked) if each > first]


def settled(start: date) -> date:
    """The day that says what belongs to a section in the month of ``start``: its last."""
    return months_later(start, 1) - timedelta(days=1)


def _place(scope: Scope, rows: Sequence[list[Any]]) -> Place:
    device_id: int | None = rows[0][7] if scope.kind == "device" else None
    return Place(scope, tuple(Spot._make(row[:7]) for row in rows), device_id)


def people_at(conn: psycopg.Connection, scope: Scope, days: Collection[date]) -> list[int | None]:
    """Staff on the roll of ``scope`` on each of the days; None where no headcount is known, or none by such a scope."""
    told = {"kind": scope.kind, "whole": scope.whole, "part": scope.part, "days": list(days)}
    return [row[0] for row in conn.execute(_QUERIES["people"], told)]
