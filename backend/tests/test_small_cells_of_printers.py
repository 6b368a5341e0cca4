"""Printers of sections, and who carries them where, against somebody with every file who asks for every scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.exports.datasets import Asked
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, months_between, to_date
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import Device, Floor, Headcount, Section, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.attacker import Attacker, Vector

pytestmark = pytest.mark.integration

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


def in_files(conn: psycopg.Connection, directory: Path) -> Iterator[tuple[str, date]]:
    """Printers and months of which a file of printers says anything, by hours or by days."""
    asked = Asked(
        organisation="main",
        site="honcho",
        first=MONTHS[0],
        last=month(2026, 7).first - timedelta(days=1),
        now=datetime(2026, 7, 20, tzinfo=UTC),
    )
    for name in ("printing", "printing_by_hour"):
        file = opened("json", export(conn, name, "json", asked, COMMAND, directory).path)
        for row in (dict(zip(file.header, cells, strict=True)) for cells in file.rows):
            if row["value"] is not None:
                day = date.fromisoformat(str(row.get("day") or row["hour"])[:10])
                yield str(row["device"]).removeprefix("mfp-"), day.replace(day=1)


def test_all_exports_together_do_not_tell_what_a_small_section_printed(
    printers: psycopg.Connection, tmp_path: Path
) -> None:
    """The attacker has the files of printers, asks for every scope, month, year to date and year, and solves."""
    told = told_of(printers)
    assert {"site:honcho", "floor:honcho/3f"} <= {scope for scope, _period in told}
    files = set(in_files(printers, tmp_path))
    assert {f"device:honcho/mfp-{code}" for code, _first in files} == {
        scope for scope, _period in told if scope.startswith("device:")
    }
    assert ("p3", MONTHS[0]) in files
    attacker = Attacker([*told.values(), *(equation({code}, [first]) for code, first in files)])
    for months in (*([first] for first in MONTHS), MONTHS):
        assert attacker.can_work_out(equation({"p1", "p2"}, months))
        assert not attacker.can_work_out(equation({"p2"}, months))
        assert not attacker.can_work_out(equation({"p5"}, months))


CARRY = """
WITH ended AS (
    UPDATE shigotoba.assignment SET during = tstzrange(lower(during), %(at)s)
    FROM shigotoba.device WHERE device.device_id = assignment.device_id AND device.code = %(device)s
    RETURNING assignment.device_id
)
INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT device_id, space_id, tstzrange(%(at)s, NULL) FROM ended, shigotoba.space WHERE space.code = %(place)s
"""


def test_a_printer_carried_away_from_a_small_section_is_not_told_by_itself(
    printers: psycopg.Connection, tmp_path: Path
) -> None:
    """In April it is what the secretariat prints with, whomever it serves afterwards."""
    carried = {"device": "mfp-p2", "place": "p3", "at": datetime(2026, 4, 30, 15, tzinfo=UTC)}
    printers.execute(CARRY, carried)
    assert ("p2", date(2026, 4, 1)) not in set(in_files(printers, tmp_path))
    assert "device:honcho/mfp-p2" not in {scope for scope, _period in told_of(printers)}


def test_a_printer_that_left_a_small_section_in_another_year_is_told_by_itself(printers: psycopg.Connection) -> None:
    carried = {"device": "mfp-p2", "place": "p3", "at": datetime(2026, 3, 31, 15, tzinfo=UTC)}
    printers.execute("UPDATE shigotoba.assignment SET during = '[2025-03-31 15:00Z,)'")
    printers.execute(CARRY, carried)
    assert ("device:honcho/mfp-p2", fiscal_year(2026)) in told_of(printers)


MOVE = """
WITH served AS (
    UPDATE shigotoba.section_place SET during = daterange(NULL, '2026-06-01')
    FROM shigotoba.space WHERE space.space_id = section_place.space_id AND space.code = 'p3'
    RETURNING section_place.space_id
)
INSERT INTO shigotoba.section_place (section_id, space_id, during)
SELECT section_id, served.space_id, '[2026-06-01,)' FROM served, shigotoba.section WHERE section.code = 'hisho'
"""


def test_a_printer_that_a_small_section_takes_over_is_not_told_by_itself(printers: psycopg.Connection):
    assert ("device:honcho/mfp-p3", fiscal_year(2026)) in told_of(printers)
    printers.execute(MOVE)
    told = told_of(printers)
    assert ("site:honcho", fiscal_year(2026)) in told
    attacker = Attacker(row for (scope, _), row in told.items() if not scope.startswith("section:"))
    assert not attacker.can_work_out(equation({"p3"}, [date(2026, 6, 1)]))


def test_a_printer_of_a_section_without_a_headcount_is_not_told_by_itself(
    printers: psycopg.Connection, tmp_path: Path
) -> None:
    """Nobody can show that five people work there; a printer that serves no section is everybody's."""
    of_no_headcount = {"device:honcho/mfp-p3", "space:honcho/p3", "section:main/zeimu"}
    assert of_no_headcount <= {scope for scope, _period in told_of(printers)}
    printers.execute("DELETE FROM shigotoba.headcount USING shigotoba.section"
                     " WHERE section.section_id = headcount.section_id AND section.code = 'zeimu'")  # fmt: skip
    told = told_of(printers)
    scopes_told, files = {scope for scope, _period in told}, set(in_files(printers, tmp_path))
    assert not of_no_headcount & scopes_told
    assert "site:honcho" in scopes_told
    attacker = Attacker([*told.values(), *(equation({code}, [first]) for code, first in files)])
    assert not any(attacker.can_work_out(equation({"p3"}, months)) for months in ([MONTHS[0]], MONTHS))
