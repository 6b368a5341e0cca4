"""Small cells against somebody who holds every published table and knows linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import combinations

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_backend.indicators.periods import Period, fiscal_year, month, months_between, to_date
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.suppression import LEAST, Cell, exposed, hidden
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import Device, Floor, Headcount, Section, SiteFile, Space
from shigotoba_backend.site.importing import import_site
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


PRINTERS = {
    "p1": ("3f", "somu"),
    "p2": ("3f", "hisho"),
    "p3": ("4f", "zeimu"),
    "p4": ("4f", None),
    "p5": ("5f", "joho"),
}
STAFF = {"somu": ("3f", 12), "hisho": ("3f", 3), "zeimu": ("4f", 9), "joho": ("5f", 4)}
"""The secretariat and the section for digital affairs are small, the latter alone on its floor."""

SERVE = """
INSERT INTO shigotoba.section_place (section_id, space_id)
SELECT section_id, space_id FROM shigotoba.section, shigotoba.space WHERE section.code = %s AND space.code = %s
"""
PRINT = """
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)
SELECT device_id, bucket, 100 * device_id * device_id + extract(month FROM bucket)
FROM shigotoba.device, unnest('{2026-04-10 03:00Z, 2026-05-10 03:00Z, 2026-06-10 03:00Z}'::timestamptz[]) AS bucket
"""


@pytest.fixture
def printers(conn: psycopg.Connection, site_file: SiteFile) -> psycopg.Connection:
    """Five printers on three floors, four of which serve a section each."""
    import_site(
        conn,
        SiteFile(
            site=site_file.site,
            floors=[Floor(code, code, code, number) for number, code in enumerate(("3f", "4f", "5f"))],
            spaces=[Space(code, floor, "equipment", None, code, 0, 0, 0) for code, (floor, _) in PRINTERS.items()],
            devices=[Device(f"mfp-{code}", "mfp", code, 60) for code in PRINTERS],
            assigned_from=datetime(2026, 3, 31, 15, tzinfo=UTC),
            sections=[Section(code, code, code) for code in STAFF],
            headcounts=[Headcount(code, fiscal_year(2026).first, n, floor) for code, (floor, n) in STAFF.items()],
        ),
    )
    with conn.cursor() as cursor:
        cursor.executemany(SERVE, [(section, code) for code, (_, section) in PRINTERS.items() if section])
    conn.execute(PRINT)
    return conn


MONTHS = list(months_between(fiscal_year(2026).first, month(2026, 7).first))
UNKNOWNS = [(code, first) for code in PRINTERS for first in MONTHS]
ASKED = {
    "single_month": [month(first.year, first.month) for first in MONTHS],
    "fiscal_year_to_date": [to_date(2026, 5), to_date(2026, 6)],
    "fiscal_year": [fiscal_year(2026)],
}


def scopes() -> dict[str, set[str]]:
    """Everything that can be asked of, and the printers in it."""
    members = {"organisation:main": set(PRINTERS), "site:honcho": set(PRINTERS)}
    for code, (floor, section) in PRINTERS.items():
        parts = [f"floor:honcho/{floor}", f"space:honcho/{code}", f"device:honcho/mfp-{code}"]
        for scope in [*parts, *([f"section:main/{section}"] if section else [])]:
            members.setdefault(scope, set()).add(code)
    return members


def equation(codes: set[str], months: Sequence[date]) -> Vector:
    return [Fraction(code in codes and first in months) for code, first in UNKNOWNS]


def told_of(conn: psycopg.Connection) -> dict[tuple[str, Period], Vector]:
    now = datetime(2026, 7, 20, tzinfo=UTC)
    return {
        (scope, value.period): equation(codes, value.period.months)
        for scope, codes in scopes().items()
        for basis, asked in ASKED.items()
        for value in indicator_values(conn, "impressions", Scope.parse(scope), asked, basis, now)
        if value.value is not None
    }


@pytest.mark.integration
def test_all_exports_together_do_not_tell_what_a_small_section_printed(printers: psycopg.Connection):
    """The attacker asks for every scope, month, year to date and year, and solves for each printer and month."""
    told = told_of(printers)
    assert {"site:honcho", "floor:honcho/3f"} <= {scope for scope, _period in told}
    attacker = Attacker(told.values())
    for months in (*([first] for first in MONTHS), MONTHS):
        assert attacker.can_work_out(equation({"p1", "p2"}, months))
        assert not attacker.can_work_out(equation({"p2"}, months))
        assert not attacker.can_work_out(equation({"p5"}, months))


MOVE = """
WITH served AS (
    UPDATE shigotoba.section_place SET during = daterange(NULL, '2026-06-01')
    FROM shigotoba.space WHERE space.space_id = section_place.space_id AND space.code = 'p3'
    RETURNING section_place.space_id
)
INSERT INTO shigotoba.section_place (section_id, space_id, during)
SELECT section_id, served.space_id, '[2026-06-01,)' FROM served, shigotoba.section WHERE section.code = 'hisho'
"""


@pytest.mark.integration
def test_a_printer_that_a_small_section_takes_over_is_not_told_by_itself(printers: psycopg.Connection):
    assert ("device:honcho/mfp-p3", fiscal_year(2026)) in told_of(printers)
    printers.execute(MOVE)
    told = told_of(printers)
    assert ("site:honcho", fiscal_year(2026)) in told
    attacker = Attacker(row for (scope, _), row in told.items() if not scope.startswith("section:"))
    assert not attacker.can_work_out(equation({"p3"}, [date(2026, 6, 1)]))
