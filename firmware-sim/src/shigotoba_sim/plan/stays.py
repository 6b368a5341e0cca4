"""Stays: who wanted a place, and which one it became.

Free-address choice by seat type, own floor preferred; a place is given to nobody while it is somebody's. Wishes are
served in the order in which people come, as on the floor. Who finds no place works elsewhere: that is unmet demand.

Responsible for giving out seats and booths. Refuses to invent wishes (see ``people``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from shigotoba_sim.building import Space
from shigotoba_sim.chance import Chance
from shigotoba_sim.people.staff import Person
from shigotoba_sim.people.workday import Session, Visit
from shigotoba_sim.plan.events import Press, Rocker

_OTHER_FLOORS: Final = 0.12
"""All the other floors together, beside 1 for one's own."""

_FORGETS_TO_START: Final = 0.06
_SIDE_A: Final = 0.9
_CLEAR_MS: Final = 15_000
"""A place stays empty at least this long between two people."""


class Stay(msgspec.Struct, frozen=True):
    """``person`` is at ``space`` from ``start_ms`` until before ``end_ms``, and presses the rocker so."""

    space: str
    start_ms: int
    end_ms: int
    person: int
    presses: tuple[Press, ...] = ()


class Places:
    """Which places are free.

    Args:
        spaces: The places to give out.
        taken: Stays from before; a place may have had several.
        promised: Stays of people who come later, one per place at most.
        appeal: How much more than usual people like some floors, by code.
    """

    def __init__(
        self,
        spaces: Iterable[Space],
        taken: Iterable[Stay] = (),
        promised: Iterable[Stay] = (),
        appeal: Mapping[str, float] | None = None,
    ) -> None:
        self._on_floor: dict[str, list[Space]] = {}
        for space in spaces:
            self._on_floor.setdefault(space.floor, []).append(space)
        self._appeal = appeal or {}
        self._drawn: dict[str, dict[str, float]] = {}
        self._free_from: dict[str, int] = {}
        self._free_until: dict[str, int] = {}
        for stay in taken:
            self._free_from[stay.space] = max(self._free_from.get(stay.space, 0), stay.end_ms + _CLEAR_MS)
        for stay in promised:
            self._free_until[stay.space] = stay.start_ms - _CLEAR_MS

    def take(self, chance: Chance, person: Person, start_ms: int, end_ms: int) -> str | None:
        """Give ``person`` a place for the whole time; wishes must come in order of ``start_ms``.

        People choose a floor first, and another one when that is full.

        Returns:
            The code of the place, None if there is none.
        """
        floors = self._nearness(person.department.floor).copy()
        while floors:
            floor = chance.choices(list(floors), list(floors.values()))[0]
            free = [space for space in self._on_floor[floor] if self._is_free(space.code, start_ms, end_ms)]
            if free:
                chosen = chance.choices(free, [taste(person, space) for space in free])[0]
                self._free_from[chosen.code] = end_ms + _CLEAR_MS
                return chosen.code
            del floors[floor]
        return None

    def _nearness(self, home: str) -> dict[str, float]:
        """How much somebody of the floor ``home`` is drawn to each floor."""
        if home not in self._drawn:
            elsewhere = _OTHER_FLOORS / max(len(self._on_floor) - 1, 1)
            self._drawn[home] = {
                floor: (1.0 if floor == home else elsewhere) * self._appeal.get(floor, 1.0) for floor in self._on_floor
            }
        return self._drawn[home]

    def _is_free(self, code: str, start_ms: int, end_ms: int) -> bool:
        return self._free_from.get(code, start_ms) <= start_ms and end_ms <= self._free_until.get(code, end_ms)


def taste(person: Person, space: Space) -> float:
    """How much ``person`` likes ``space``, by its type of seat."""
    return 1.0 if space.seat_type is None else person.tastes[space.seat_type]


def booth_stays(chance: Chance, visits: Iterable[Visit], places: Places) -> dict[tuple[int, int], Stay]:
    """The stay of each visit that found a booth, by the person's number and the start of the visit."""
    stays: dict[tuple[int, int], Stay] = {}
    for visit in sorted(visits, key=_coming):
        space = places.take(chance, visit.person, visit.start_ms, visit.end_ms)
        if space is not None:
            presses = tuple(rocker_presses(chance, visit, space))
            stays[visit.person.number, visit.start_ms] = Stay(
                space, visit.start_ms, visit.end_ms, visit.person.number, presses
            )
    return stays


def seat_stays(chance: Chance, sessions: Iterable[Session], places: Places) -> Iterator[Stay]:
    """The stays at a seat of each session that found one: the session less its absences."""
    for session in sorted(sessions, key=_coming):
        space = places.take(chance, session.person, session.start_ms, session.end_ms)
        if space is not None:
            yield from _between_absences(session, space)


def rocker_presses(chance: Chance, visit: Visit, space: str) -> Iterator[Press]:
    """What a person does to the rocker: I side soon after entering, O side when leaving, each sometimes forgotten."""
    if not chance.happens(_FORGETS_TO_START):
        yield Press(visit.start_ms + chance.randrange(3_000, 15_000), space, _side(chance, "AI", "BI"))
    if not chance.happens(visit.person.forgets_to_leave):
        yield Press(visit.end_ms - chance.randrange(1_000, 5_000), space, _side(chance, "AO", "BO"))


def _side(chance: Chance, usual: Rocker, other: Rocker) -> Rocker:
    return usual if chance.happens(_SIDE_A) else other


def _coming(wish: Session | Visit) -> tuple[int, int]:
    return wish.start_ms, wish.person.number


def _between_absences(session: Session, space: str) -> Iterator[Stay]:
    at_ms = session.start_ms
    for absence in session.absences:
        yield Stay(space, at_ms, absence.start_ms, session.person.number)
        at_ms = absence.end_ms
    yield Stay(space, at_ms, session.end_ms, session.person.number)
