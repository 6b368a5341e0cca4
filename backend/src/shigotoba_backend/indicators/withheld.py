"""Quarters of an hour in which too few seats answered: what of them no figure counts, whoever asks, at whatever length.

Which cells are told of is settled for a fiscal year by how many seats there are (``cells``). Where sensors are silent
fewer answer, and the same tables could tell of two people. All that is told of use adds up quarters of an hour. So for
each quarter the seats that answered are held against those tables (``suppression.exposed``), and groups of seats that
would show are withheld: they count as unknown, in every sum, so that no sum less another gives them back (ADR 52).

A seat answers in a quarter of which at least half is known: one of which a few seconds are known hides nobody.

Responsible for saying which seats and when; the database leaves them out (``told_…_v1``, migration 0028). Refuses to
look at how the seats were used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import psycopg

from shigotoba_backend.indicators.cells import Atom, hidden_scopes, scopes_of
from shigotoba_backend.indicators.periods import fiscal_year, fiscal_year_of
from shigotoba_backend.indicators.places import settled, turns
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.suppression import LEAST, exposed
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("withheld.sql", package="shigotoba_backend.indicators")
_QUARTER: Final = timedelta(minutes=15)
_NOTHING_KNOWN: Final = -1
"""Instead of a number of seats: there is nothing to withhold. 0 is a group of which seconds are known."""
_Day = tuple[int, datetime, datetime, int, bool]
"""A group, a day of it from when until when, how many answered throughout, and whether somebody did for a part."""


@dataclass(frozen=True, slots=True, eq=False)
class Withheld:
    """Seats, and from when until when each; a seat may be there more than once. Nothing else is equal to it."""

    spaces: Sequence[int] = ()
    starts: Sequence[datetime] = ()
    ends: Sequence[datetime] = ()

    def arguments(self) -> dict[str, object]:
        """As statements take it."""
        return {
            "withheld_spaces": list(self.spaces),
            "withheld_from": list(self.starts),
            "withheld_until": list(self.ends),
        }


NOTHING: Final = Withheld()


class _Seat(NamedTuple):
    space_id: int
    site_id: int
    capacity: int


class _Span(NamedTuple):
    """So many of a group answered from then until then."""

    start: datetime
    end: datetime
    answered: int


@dataclass(frozen=True, slots=True)
class _Groups:
    """Seats that every table takes together, group by group, and the cells that are published, by group."""

    seats: Sequence[Sequence[_Seat]]
    cells: Sequence[frozenset[int]]


def withheld_at(conn: psycopg.Connection, site: str, first: date, beyond: date) -> Withheld:
    """The same as ``withheld`` for a site by its code; nothing where there is no such site."""
    return withheld(conn, [site_id for (site_id,) in conn.execute(_QUERIES["site"], {"site": site})], first, beyond)


def withheld(conn: psycopg.Connection, sites: Collection[int], first: date, beyond: date) -> Withheld:
    """What of the seats of the organisations of ``sites`` is not told, on days from ``first`` up to ``beyond``."""
    years = range(fiscal_year_of(first), fiscal_year_of(beyond - timedelta(days=1)) + 1)
    found = [each for year in years for each in _in_year(conn, sites, year, (first, beyond))]
    return Withheld([each[0] for each in found], [each[1] for each in found], [each[2] for each in found])


def together(several: Iterable[Withheld]) -> Withheld:
    """All of it, such as that of days which do not follow each other."""
    each = list(several)
    return Withheld(
        [space for one in each for space in one.spaces],
        [start for one in each for start in one.starts],
        [end for one in each for end in one.ends],
    )


def _in_year(
    conn: psycopg.Connection, sites: Collection[int], year: int, days: tuple[date, date]
) -> Iterator[tuple[int, datetime, datetime]]:
    whole = fiscal_year(year)
    first, beyond = max(days[0], whole.first), min(days[1], whole.beyond)
    if first >= beyond:
        return
    held_back = hidden_scopes(conn, "seats", year)
    for start, end in pairwise([first, *turns(conn, first, beyond), beyond]):
        groups = _groups(conn, sites, held_back, settled(start))
        for group, since, until in _unsafe(groups, _answered(conn, groups, start, end) if groups.cells else []):
            yield from ((seat.space_id, since, until) for seat in groups.seats[group])


def _groups(conn: psycopg.Connection, sites: Collection[int], held_back: Collection[Scope], on: date) -> _Groups:
    asked = {"sites": list(sites), "on": on, "enough": LEAST}
    members: defaultdict[tuple[Scope, ...], list[_Seat]] = defaultdict(list)
    for space_id, site_id, *told in conn.execute(_QUERIES["seats"], asked):
        atom = Atom(*told)
        members[tuple(scopes_of(atom))].append(_Seat(space_id, site_id, atom.size))
    cells: defaultdict[Scope, set[int]] = defaultdict(set)
    for number, scopes in enumerate(members):
        for scope in scopes:
            cells[scope].add(number)
    published = [frozenset(numbers) for scope, numbers in cells.items() if scope not in held_back]
    return _Groups(list(members.values()), published)


def _answered(conn: psycopg.Connection, groups: _Groups, first: date, beyond: date) -> list[list[_Span]]:
    """Of each group, how many answered where not all did: for whole days, and by quarters where that tells more."""
    numbered = [(seat, number) for number, seats in enumerate(groups.seats) for seat in seats]
    asked = {
        "spaces": [seat.space_id for seat, _ in numbered],
        "atoms": [number for _, number in numbered],
        "sites": [seat.site_id for seat, _ in numbered],
        "capacities": [seat.capacity for seat, _ in numbered],
        "first": first,
        "beyond": beyond,
    }
    days: list[_Day] = conn.execute(_QUERIES["days"], asked).fetchall()
    partly = [(seat.space_id, day) for day in days if day[3] < LEAST and day[4] for seat in groups.seats[day[0]]]
    by_quarter = _quarters(conn, groups, partly)
    spans: list[list[_Span]] = [[] for _ in groups.seats]
    for number, start, end, throughout, some in days:
        if throughout >= LEAST or not some:
            spans[number].append(_Span(start, end, throughout))
        else:
            spans[number] += [
                _Span(at, at + _QUARTER, by_quarter.get((number, at), _NOTHING_KNOWN)) for at in _between(start, end)
            ]
    return spans


def _quarters(
    conn: psycopg.Connection, groups: _Groups, partly: Sequence[tuple[int, _Day]]
) -> dict[tuple[int, datetime], int]:
    capacities = {seat.space_id: seat.capacity for seats in groups.seats for seat in seats}
    asked = {
        "spaces": [space for space, _ in partly],
        "atoms": [day[0] for _, day in partly],
        "capacities": [capacities[space] for space, _ in partly],
        "starts": [day[1] for _, day in partly],
        "ends": [day[2] for _, day in partly],
    }
    return {(number, at): people for number, at, people in conn.execute(_QUERIES["quarters"], asked)} if partly else {}


def _between(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += _QUARTER


def _unsafe(groups: _Groups, spans: Sequence[Iterable[_Span]]) -> Iterator[tuple[int, datetime, datetime]]:
    """Groups to withhold, and from when until when: from one change of what answers to the next.

    Outside the spans everybody answers, for which the tables were made: there is nothing to withhold.
    """

    @cache
    def chosen(answered: tuple[int, ...]) -> frozenset[int]:
        silent = frozenset(number for number, people in enumerate(answered) if people == 0)
        return silent | exposed(groups.cells, [max(people, 0) for people in answered])

    everybody = [min(sum(seat.capacity for seat in seats), LEAST) for seats in groups.seats]
    changes: defaultdict[datetime, dict[int, int]] = defaultdict(dict)
    for number, some in enumerate(spans):
        for start, end, people in some:
            changes[start][number] = min(people, LEAST)
            changes[end].setdefault(number, everybody[number])
    answered = list(everybody)
    since: dict[int, datetime] = {}
    moments = sorted(changes)
    for at in moments:
        for number, people in changes[at].items():
            answered[number] = people
        now = chosen(tuple(answered))
        yield from ((number, since.pop(number), at) for number in sorted(since.keys() - now))
        since |= dict.fromkeys(now - since.keys(), at)
    yield from ((number, start, moments[-1]) for number, start in since.items() if start < moments[-1])
