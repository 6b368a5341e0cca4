"""Small cells against somebody who holds every published table and knows linear algebra."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_backend.indicators.suppression import LEAST, Cell, exposed, hidden
from shigotoba_testing.attacker import Attacker, Vector


def vector(atoms: frozenset[int], width: int) -> Vector:
    return [Fraction(atom in atoms) for atom in range(width)]


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
        Cell(name, members, sum(sizes[atom] for atom in members)) for (_group, name), members in cells.items()
    ]


@settings(max_examples=150)
@given(tables())
def test_no_combination_of_published_tables_tells_a_small_cell(tables):
    sizes, cells = tables
    held_back = hidden(cells, sizes)
    attacker = Attacker(vector(cell.atoms, len(sizes)) for cell in cells if cell.name not in held_back)
    small = [cell.atoms for cell in cells if cell.is_small]
    small += [frozenset([atom]) for atom, size in enumerate(sizes) if 0 < size < LEAST]
    assert not any(attacker.can_work_out(vector(atoms, len(sizes))) for atoms in small)


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


@settings(max_examples=150)
@given(tables(), st.data())
def test_however_many_are_silent_what_is_left_of_the_same_tables_tells_no_small_cell(tables, data):
    sizes, cells = tables
    held_back = hidden(cells, sizes)
    published = [cell.atoms for cell in cells if cell.name not in held_back]
    answering = [data.draw(st.integers(0, size)) for size in sizes]
    out = exposed(published, answering)
    left = [0 if atom in out else size for atom, size in enumerate(answering)]
    somebody = frozenset(atom for atom, size in enumerate(left) if size)
    attacker = Attacker(vector(atoms & somebody, len(sizes)) for atoms in published)
    for count in range(1, LEAST):
        for few in combinations(sorted(somebody), count):
            assert sum(left[atom] for atom in few) >= LEAST or not attacker.can_work_out(
                vector(frozenset(few), len(sizes))
            )


@given(tables())
def test_with_everybody_answering_nothing_more_is_left_out(tables):
    sizes, cells = tables
    held_back = hidden(cells, sizes)
    assert not exposed([cell.atoms for cell in cells if cell.name not in held_back], sizes)


def building(**sizes: int) -> tuple[list[Cell[str]], list[int]]:
    parts = [Cell(name, frozenset([number]), size) for number, (name, size) in enumerate(sizes.items())]
    whole = Cell("site", frozenset(range(len(parts))), sum(sizes.values()))
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
    section = Cell("secretariat", frozenset([1]), 3)
    rest = Cell("everybody else", frozenset([0, 2]), 29)
    assert hidden([*cells, section, rest], sizes) == {"fourth", "secretariat", "fifth", "everybody else"}
