"""Small cells: what must not be shown because it is about fewer than five people, or would give such a cell away.

What is hidden is settled for a whole fiscal year, from the smallest numbers of that year, for all indicators of a
family at once: otherwise a month in which a section was larger, or a value per person beside a total, could be
subtracted. A family shares its numbers: seats (with presence), printers (with faxes and values per person), or people
alone.

Responsible for what belongs to which cell. Which cells are hidden is decided in ``suppression``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import psycopg

from shigotoba_backend.indicators.model import SmallCells
from shigotoba_backend.indicators.periods import Period, fiscal_year
from shigotoba_backend.indicators.places import settled, turns
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.suppression import LEAST, Cell, hidden
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("cells.sql", package="shigotoba_backend.indicators")


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never told apart further, with everything it is part of."""

    organisation: str
    site: str
    floor: str | None
    zone: str | None
    seat_type: str | None
    sections: list[str]
    space: str | None
    devices: list[str]
    size: int


def held_back(
    conn: psycopg.Connection, rule: SmallCells, scopes: Collection[Scope], years: Collection[int]
) -> frozenset[tuple[Scope, int]]:
    """Of which of ``scopes``, for which of the fiscal years, figures of that family are held back.

    What is hidden is settled once for each year, for however many scopes; only single seats are looked up one by one.
    """
    seats = {scope for scope in scopes if rule == "seats" and scope.kind == "space"}
    small = {scope for scope in seats if _seats_at(conn, scope) < LEAST}
    others = set(scopes) - small
    cells = {year: hidden_scopes(conn, rule, year) & others if others else frozenset[Scope]() for year in set(years)}
    return frozenset((scope, year) for year, hidden_then in cells.items() for scope in hidden_then | small)


def hidden_scopes(conn: psycopg.Connection, rule: SmallCells, year: int) -> frozenset[Scope]:
    """Everything held back for the fiscal year; single seats are not listed, for each of them is.

    Where places change their sections within the year, that is what must be held back before, between or after.
    """
    if rule == "none":
        return frozenset()
    period = fiscal_year(year)
    starts = [period.first, *turns(conn, period.first, period.beyond)]
    return frozenset[Scope]().union(*(_hidden_from(conn, rule, period, start) for start in starts))


def _hidden_from(conn: psycopg.Connection, rule: SmallCells, year: Period, start: date) -> frozenset[Scope]:
    atoms = _atoms(conn, rule, year, start)
    staff = _sizes(_atoms(conn, "people", year, start))
    found = hidden(list(_cells(atoms, staff)), [atom.size for atom in atoms])
    return found.union(*(devices_of(atom) for atom in atoms if found.intersection(places_of(atom))))


def _seats_at(conn: psycopg.Connection, scope: Scope) -> int:
    row = conn.execute(_QUERIES["seats_at"], {"site": scope.whole, "space": scope.part}).fetchone()
    return LEAST if row is None else int(row[0])


def _atoms(conn: psycopg.Connection, rule: SmallCells, year: Period, start: date) -> list[Atom]:
    told = {"first": year.first, "beyond": year.beyond, "on": settled(start), "enough": LEAST}
    return rows_of(conn, Atom, _QUERIES[rule], told)


def _cells(atoms: list[Atom], staff: dict[Scope, int]) -> Iterator[Cell[Scope]]:
    members: defaultdict[Scope, set[int]] = defaultdict(set)
    for number, atom in enumerate(atoms):
        for scope in scopes_of(atom):
            members[scope].add(number)
    sizes = _sizes(atoms)
    for scope, numbers in members.items():
        yield Cell(scope, frozenset(numbers), min(sizes[scope], staff.get(scope, sizes[scope])))


def _sizes(atoms: list[Atom]) -> dict[Scope, int]:
    sizes: defaultdict[Scope, int] = defaultdict(int)
    for atom in atoms:
        for scope in scopes_of(atom):
            sizes[scope] += atom.size
    return sizes


def scopes_of(atom: Atom) -> Iterator[Scope]:
    """Everything that counts it."""
    yield Scope("organisation", atom.organisation)
    yield Scope("site", atom.site)
    if atom.floor is not None:
        yield Scope("floor", f"{atom.site}/{atom.floor}")
    if atom.zone is not None:
        yield Scope("zone", f"{atom.site}/{atom.zone}")
    if atom.seat_type is not None:
        yield Scope("seat_type", f"{atom.site}/{atom.seat_type}")
    yield from (Scope("section", f"{atom.organisation}/{section}") for section in atom.sections)
    yield from places_of(atom)


def places_of(atom: Atom) -> Iterator[Scope]:
    """The one place it is, if it is one."""
    if atom.space is not None:
        yield Scope("space", f"{atom.site}/{atom.space}")


def devices_of(atom: Atom) -> Iterator[Scope]:
    """What stood there within the year.

    A device is no sum of places: carried on, it tells of one of them on each single day. So it is told of only where
    all its places are, and adds nothing then to what they tell.
    """
    yield from (Scope("device", f"{atom.site}/{device}") for device in atom.devices)
