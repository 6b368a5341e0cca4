"""Long tables are data until somebody opens them."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from dash import html
from playwright.sync_api import expect

from shigotoba_dashboard.parts import LONG_ROWS, folded_table
from shigotoba_dashboard.tables import Column, Table
from shigotoba_testing.desk import chromium, visit

SCRIPT = files("shigotoba_dashboard").joinpath("assets/long-tables.js").read_text(encoding="utf-8")
COLUMNS = (Column("席"), Column("利用率", number=True))


def seats(count: int, share: str = "50%") -> Table:
    rows = tuple((f"席{number}<b>", share) for number in range(count))
    links = tuple(f"/dashboard/rows?space=s{number}" for number in range(count))
    return Table("席ごと", COLUMNS, rows, frozenset({1}), links)


def inside(table: Table) -> html.Table | html.Div:
    return folded_table("席", table).children[1].children


def test_only_a_long_table_comes_as_data() -> None:
    assert isinstance(inside(seats(LONG_ROWS)), html.Table)
    long = seats(LONG_ROWS + 1)
    held = json.loads(getattr(inside(long), "data-table"))
    assert [tuple(row) for row in held["rows"]] == list(long.rows)
    assert held["links"] == list(long.links)
    assert held["marked"] == [1]


@pytest.mark.browser
def test_it_is_written_when_it_is_opened_and_again_when_its_figures_change() -> None:
    now, later = (getattr(inside(seats(LONG_ROWS + 1, share)), "data-table") for share in ("50%", "60%"))
    with chromium() as browser, visit(browser) as context:
        page = context.new_page()
        page.set_content("<details><summary>席</summary><div id=place></div></details>")
        page.evaluate("held => document.getElementById('place').dataset.table = held", now)
        page.add_script_tag(content=SCRIPT)
        expect(page.locator("table")).to_have_count(0)
        page.get_by_text("席").click()
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(LONG_ROWS + 1)
        expect(rows.nth(1)).to_have_class("marked")
        expect(rows.nth(2).locator("td")).to_have_class("number")
        expect(rows.nth(2).get_by_role("link")).to_have_attribute("href", "/dashboard/rows?space=s2")
        expect(rows.nth(2).get_by_role("rowheader")).to_have_text("席2<b>")
        page.evaluate("held => document.getElementById('place').dataset.table = held", later)
        expect(rows.nth(2).locator("td")).to_have_text("60%")
        expect(rows).to_have_count(LONG_ROWS + 1)
