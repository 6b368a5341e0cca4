"""Figures people bring about few people: no door tells what the indicator holds back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.exports.datasets import Asked
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.imports.entries import Entry
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.imports.preview import preview
from shigotoba_backend.indicators.periods import Period, fiscal_year, month
from shigotoba_backend.indicators.scopes import Scope, site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BRANCH, TELEWORK, PAPER = site("honcho"), "telework_rate", "copy_paper_purchased"
MAY_OF = {2025: month(2025, 5), 2026: month(2026, 5)}
STAFF = """
INSERT INTO shigotoba.section (code, name, name_en) VALUES ('soumu', '総務課', 'General affairs');
INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)
SELECT site_id, section_id, floor_id, as_of::date, people
FROM shigotoba.floor, shigotoba.section, (VALUES ('2025-04-01', 8), ('2026-04-01', 3)) AS told (as_of, people);
"""


@pytest.fixture(autouse=True)
def branch(conn: psycopg.Connection, small_site: SiteFile) -> None:
    """A branch office of eight people in one year and of three in the next."""
    conn.execute(STAFF)
    for series in (TELEWORK, PAPER):
        for period in (*MAY_OF.values(), fiscal_year(2025)):
            entry = Entry(period=period, numerator=Decimal(33), written="33", source="人事課")
            keep(conn, preview(conn, series, BRANCH, [entry]), Origin(form="rest"), COMMAND, "", NOW)


def in_file(conn: psycopg.Connection, directory: Path) -> set[tuple[object, object, object]]:
    asked = Asked(organisation="main", site="honcho", first=date(2025, 4, 1), last=date(2026, 11, 1), now=NOW)
    file = opened("json", export(conn, "imported_figures", "json", asked, COMMAND, directory).path)
    rows = (dict(zip(file.header, cells, strict=True)) for cells in file.rows)
    return {(row["series"], row["scope"], row["period"]) for row in rows}


def told(conn: psycopg.Connection, period: Period, scope: Scope = BRANCH) -> str:
    return indicator_values(conn, TELEWORK, scope, [period], "single_month", NOW)[0].reason


def test_a_file_of_figures_that_were_brought_leaves_out_those_of_few_people(
    conn: psycopg.Connection, tmp_path: Path
) -> None:
    assert {year: told(conn, period) for year, period in MAY_OF.items()} == {2025: "", 2026: "small_cell"}
    periods = [*(str(period) for period in MAY_OF.values()), "FY2025"]
    everything = {(series, str(BRANCH), period) for series in (TELEWORK, PAPER) for period in periods}
    assert in_file(conn, tmp_path) == everything - {(TELEWORK, str(BRANCH), str(MAY_OF[2026]))}


def test_over_http_only_who_brings_figures_sees_those_of_few_people(web: Doors) -> None:
    seen = {}
    for role in (Role.EXECUTIVE, Role.AUDITOR, Role.FACILITY):
        client = web.signed_in(role.value, role, site="honcho")
        here = f"/api/v1/sites/honcho/imports/{TELEWORK}"
        held = client.get(f"{here}/figures").json()
        before = client.get(f"{here}/history", params={"period": str(MAY_OF[2026])}).json()
        seen[role] = (sorted(each["period"] for each in held), len(before))
    all_but_one = ["2025-05", "FY2025"]
    told = (all_but_one, 0)
    assert seen == {Role.EXECUTIVE: told, Role.AUDITOR: told, Role.FACILITY: (sorted([*all_but_one, "2026-05"]), 1)}
