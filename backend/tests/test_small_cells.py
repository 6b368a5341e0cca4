"""Small cells against somebody who holds every published table and knows linear algebra."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_backend.indicators.suppression import LEAST, Cell, hidden

Vector = list[Fraction]


def vector(atoms: frozenset[int], width: int) -> Vector:
    return [Fraction(atom in atoms) for atom in range(width)]


def is_derivable(wanted: Vector, known: list[Vector]) -> bool:
    """Whether ``wanted`` is a linear combination of ``known``: the rank does not grow with it."""
    return rank([*known, wanted]) == rank(known)


def rank(rows: list[Vector]) -> int:
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        found += 1
        for index in range(found, len(rows)):
            factor = rows[index][column] / pivot[column]
            rows[index] = [value - factor * other for value, other in zip(rows[index], pivot, strict=True)]
    return found


SIZES = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[Cell[str]]]:
    """A building of floors and zones, crossed by sections that sit anywhere."""
    sizes = draw(SIZES)
    atoms = range(len(sizes))
    cells = {("site", "all"): frozenset(atoms)}
    for group, most in (("floor", 3), ("section", 4)):
        where = [draw(st.integers(1, most)) for _ in atoms]
        for number in set(where):
            cells[group, f"{group}{number}"] = frozenset(atom for atom in atoms if where[atom] == number)
    return sizes, [
        Cell(name, group, members, sum(sizes[atom] for atom in members)) for (group, name), members in cells.items()
    ]


@settings(max_examples=150)
@given(tables())
def test_no_combination_of_published_tables_tells_a_small_cell(tables):
    sizes, cells = tables
    held_back = hidden(cells, sizes)
    published = [vector(cell.atoms, len(sizes)) for cell in cells if cell.name not in held_back]
    small = [cell.atoms for cell in cells if cell.is_small]
    small += [frozenset([atom]) for atom, size in enumerate(sizes) if 0 < size < LEAST]
    assert not any(published and is_derivable(vector(atoms, len(sizes)), published) for atoms in small)


@settings(max_examples=150)
@given(tables())
def test_nothing_left_of_a_cell_beside_its_published_parts_is_small(tables):
    sizes, cells = tables
    held_back = hidden(cells, sizes)
    out = [cell for cell in cells if cell.name not in held_back]
    for whole in out:
        parts = [part.atoms for part in out if part.atoms < whole.atoms]
        for chosen in (chosen for count in range(1, 4) for chosen in combinations(parts, count)):
            if sum(len(part) for part in chosen) == len(frozenset().union(*chosen)):
                rest = sum(sizes[atom] for atom in whole.atoms.difference(*chosen))
                assert rest == 0 or rest >= LEAST


def building(**sizes: int) -> tuple[list[Cell[str]], list[int]]:
    parts = [Cell(name, "floor", frozenset([number]), size) for number, (name, size) in enumerate(sizes.items())]
    whole = Cell("site", "site", frozenset(range(len(parts))), sum(sizes.values()))
    return [whole, *parts], list(sizes.values())


def test_with_large_cells_alone_nothing_is_hidden():
    assert hidden(*building(third=20, fourth=5)) == frozenset()


def test_a_single_small_cell_takes_the_smallest_other_one_with_it():
    assert hidden(*building(third=20, fourth=4, fifth=9)) == {"fourth", "fifth"}


def test_two_small_cells_cover_each_other_if_together_they_are_enough():
    assert hidden(*building(third=20, fourth=4, fifth=3)) == {"fourth", "fifth"}


def test_two_small_cells_that_are_small_together_need_a_third():
    assert hidden(*building(third=20, fourth=2, fifth=2, sixth=8)) == {"fourth", "fifth", "sixth"}


def test_a_cell_about_nobody_hides_nothing():
    assert hidden(*building(third=20, fourth=0)) == frozenset()


def test_a_section_that_is_all_there_is_on_a_floor_is_hidden_with_it():
    cells, sizes = building(third=20, fourth=3, fifth=9)
    section = Cell("secretariat", "section", frozenset([1]), 3)
    rest = Cell("everybody else", "section", frozenset([0, 2]), 29)
    assert hidden([*cells, section, rest], sizes) == {"fourth", "secretariat", "fifth", "everybody else"}
