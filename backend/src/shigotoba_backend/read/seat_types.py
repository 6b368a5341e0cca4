"""How seats of each type were used inside opening hours.

A type is told of as a whole or not at all, as in files and indicators: where its cell is held back for a fiscal year of
the period, and on a floor that has only some of its seats, nothing is (ADR 30). Sums leave out what is withheld of
single quarters (ADR 52). Seats without a type are what the site has besides, and told of where all of that is.

Responsible for this rule. Refuses single seats (see ``seating``), and to divide.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.indicators.cells import hidden_scopes
from shigotoba_backend.indicators.model import Reason
from shigotoba_backend.indicators.periods import fiscal_year_of
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.read.seating import Asked
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("seat_types.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class OpenType:
    """Seats of one type over a period.

    Attributes:
        seat_type: Such as ``focus``; None for those without a type.
        seats: How many there are.
        occupied_s: Seconds in use, all of them together; None where nothing is known or may be told.
        known_s: Seconds of which anything is known and may be told.
        sessions: How often somebody sat down; None likewise.
        reason: Why not: ``small_cell`` or ``no_data``; empty otherwise.
    """

    seat_type: str | None
    seats: int
    occupied_s: float | None
    known_s: float
    sessions: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Row:
    seat_type: str | None
    seats: int
    elsewhere: bool
    occupied_s: float | None
    known_s: float
    sessions: int | None
    heard: bool


def open_types(conn: psycopg.Connection, asked: Asked) -> list[OpenType]:
    """Every type of seat there is on the floor or the site.

    Args:
        conn: Open.
        asked: Seats of which days, with what is withheld (``seating.as_told``).
    """
    years = range(fiscal_year_of(asked.first), fiscal_year_of(asked.last) + 1)
    hidden = frozenset[Scope]().union(*(hidden_scopes(conn, "seats", year) for year in years))
    rows = rows_of(conn, _Row, _QUERIES["open_types"], asked.arguments())
    return [_told(row, is_small=row.elsewhere or _is_hidden(asked.site, row.seat_type, hidden)) for row in rows]


def _is_hidden(site: str, seat_type: str | None, hidden: Collection[Scope]) -> bool:
    if seat_type is not None:
        return Scope("seat_type", f"{site}/{seat_type}") in hidden
    types = (scope for scope in hidden if scope.kind == "seat_type" and scope.whole == site)
    return Scope("site", site) in hidden or any(types)


def _told(row: _Row, *, is_small: bool) -> OpenType:
    if is_small:
        return OpenType(row.seat_type, row.seats, None, 0.0, None, "small_cell")
    reason: Reason = "" if row.known_s else "small_cell" if row.heard else "no_data"
    return OpenType(row.seat_type, row.seats, row.occupied_s, row.known_s, row.sessions, reason)
