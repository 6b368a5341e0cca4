"""Which cells stay hidden so that no small one can be worked out, whatever set of tables somebody puts together.

Every table says sums over the same atoms (people of a section on a floor, seats of a zone, a printer). Somebody who
holds all of them can form any linear combination; a cell is known to them exactly when it lies in the span of the
published ones. Cells are therefore let out one by one, the largest first, and one after which a small cell would come
to light, or any other set of atoms that few people are in, is held back as well.

What is let out for everybody may still be too much for a moment at which few are there to be counted: ``exposed`` says
whom the same tables would then tell of.

Responsible for both choices; they depend on sizes alone, never on the figures. Refuses to know what an atom is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Generic, TypeVar

Name = TypeVar("Name")

LEAST: Final = 5
"""Fewer people than this are not shown."""

_PRIME: Final = 2**61 - 1
"""Elimination modulo a large prime is exact where floating point is not, and stays fast where fractions do not."""

_PLACE: Final = 1_000_003
"""Where polynomials are looked at; any number with powers that do not repeat soon."""

_Row = dict[int, int]


@dataclass(frozen=True, slots=True)
class Cell(Generic[Name]):
    """Something a table could have a row for.

    Attributes:
        name: What it is called.
        atoms: What it is the sum of.
        size: People it is about.
    """

    name: Name
    atoms: frozenset[int]
    size: int

    @property
    def is_small(self) -> bool:
        """Whether it is about somebody, and about too few; a cell about nobody tells of nobody."""
        return 0 < self.size < LEAST


def hidden(cells: Collection[Cell[Name]], sizes: Sequence[int]) -> frozenset[Name]:
    """The names of the cells to hide: the small ones, and those that would give them away.

    Args:
        cells: Everything that is published anywhere.
        sizes: People of each atom; an atom without anybody adds nothing to any figure.
    """
    somebody = frozenset(atom for atom, size in enumerate(sizes) if size > 0)
    small = [_row(cell.atoms & somebody) for cell in cells if cell.is_small]
    small += [_row(atoms) for atoms in _small_sets(sizes)]
    if not small:
        return frozenset()
    known = _Known(small)
    ordered = sorted(cells, key=lambda cell: (-cell.size, -len(cell.atoms), str(cell.name)))
    return frozenset(cell.name for cell in ordered if cell.is_small or not known.takes(_row(cell.atoms & somebody)))


def exposed(cells: Collection[frozenset[int]], sizes: Sequence[int]) -> frozenset[int]:
    """The atoms to leave out of every table so that none of them, nor all together, tell of few people.

    Args:
        cells: The atoms of each cell that is published.
        sizes: How many of each atom are counted just now; one that is left out counts for nobody.
    """
    left, out = list(sizes), set[int]()
    while told := {atom for atoms in _told(cells, left) for atom in atoms}:
        out |= told
        left = [0 if atom in out else size for atom, size in enumerate(left)]
    return frozenset(out)


def _told(cells: Collection[frozenset[int]], sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The small sets of atoms that can be worked out: those that everything unknown weighs nothing in."""
    small = list(_small_sets(sizes))
    if small:
        weights = _unknown(cells, sizes)
        yield from (atoms for atoms in small if sum(weights[atom] for atom in atoms) % _PRIME == 0)


def _unknown(cells: Collection[frozenset[int]], sizes: Sequence[int]) -> dict[int, int]:
    """One number for each atom, from a basis of what is orthogonal to all cells.

    A set lies in the span of the cells exactly when each vector of the basis adds up to nothing over it. Here all of
    them are one, as a polynomial at a fixed place: a set in the span never escapes, another could be taken for one only
    by a coincidence of one in ``_PRIME``.
    """
    somebody = [atom for atom, size in enumerate(sizes) if size > 0]
    rows: dict[int, _Row] = {}
    for cell in cells:
        rest = _reduced(_row(cell.intersection(somebody)), rows)
        if rest:
            pivot = min(rest)
            new = {pivot: _scaled(rest, pow(rest[pivot], -1, _PRIME))}
            rows = {each: _reduced(row, new) for each, row in rows.items()} | new
    free = {atom: pow(_PLACE, number, _PRIME) for number, atom in enumerate(somebody, start=1) if atom not in rows}
    bound = {
        pivot: -sum(value * free[atom] for atom, value in row.items() if atom != pivot) for pivot, row in rows.items()
    }
    return free | bound


def _small_sets(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every set of atoms that somebody is in, but fewer than ``LEAST`` people: so of fewer atoms than that."""
    few = [atom for atom, size in enumerate(sizes) if 0 < size < LEAST]
    sets = (chosen for count in range(1, LEAST) for chosen in combinations(few, count))
    return (chosen for chosen in sets if sum(sizes[atom] for atom in chosen) < LEAST)


class _Known:
    """What a reader of everything published so far can work out, and how far the small cells are from it."""

    def __init__(self, small: Iterable[_Row]) -> None:
        self._rows: dict[int, _Row] = {}
        self._small = list(small)

    def takes(self, row: _Row) -> bool:
        """Adds a published cell, unless that would give a small one away; whether it did."""
        rest = _reduced(row, self._rows)
        if not rest:
            return True
        pivot = min(rest)
        with_it = {pivot: _scaled(rest, pow(rest[pivot], -1, _PRIME))}
        small = [_reduced(each, with_it) for each in self._small]
        if not all(small):
            return False
        self._rows |= with_it
        self._small = small
        return True


def _row(atoms: Iterable[int]) -> _Row:
    return dict.fromkeys(atoms, 1)


def _scaled(row: _Row, factor: int) -> _Row:
    return {atom: value * factor % _PRIME for atom, value in row.items()}


def _reduced(row: _Row, rows: Mapping[int, _Row]) -> _Row:
    """``row`` less multiples of ``rows``, each of which has a 1 at the atom it is filed under, its first."""
    rest = dict(row)
    for pivot in sorted(rows):
        if factor := rest.get(pivot, 0):
            for atom, value in rows[pivot].items():
                rest[atom] = (rest.get(atom, 0) - factor * value) % _PRIME
    return {atom: value for atom, value in rest.items() if value}
