"""Figures that people brought, on the pages: the cards of 概況 word by word, both variants of a rate, and the API's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.imports.amounts import amounts
from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.columns import Meaning
from shigotoba_backend.imports.desk import Brought, understand_rows
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.indicators.bases import draft_base, publish_base
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import Target, put_target
from shigotoba_dashboard.house import House
from shigotoba_dashboard.visitors import EVERYBODY
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

MAIN = Scope("organisation", "main")
THIS_YEAR = range(4, 11)
Row = dict[Meaning, str]


@pytest.fixture(scope="module")
def office(settled_office: Any) -> Any:
    """An organisation that counts its paper, its faxes and its decisions, and has told what it wants."""
    with psycopg.connect(settled_office.database, autocommit=True) as conn:

        def bring(key: str, base: int, rows: Sequence[Row]) -> None:
            understood = understand_rows(conn, Brought(series(key), MAIN, "契約課"), rows, settled_office.now.date())
            assert understood.problems == ()
            keep(conn, understood.preview, Origin(form="rest"), COMMAND, "", settled_office.now)
            of_year = amounts(conn, key, MAIN, date(base, 4, 1), date(base + 1, 4, 1))
            publish_base(conn, draft_base(conn, key, str(MAIN), base, of_year), "総務課", settled_office.now)

        def aim(key: str, value: float) -> None:
            put_target(conn, key, str(MAIN), Target(2026, value, "計画", "総務課", settled_office.now))

        before: Row = {"value": "100000", "estimate": "推計"}
        bring("copy_paper_purchased", 2016, [*by_month(2016, before)[2:], *by_month(2026, {"value": "28000"})])
        bring("fax_items_reported", 2019, [*by_month(2019, {"value": "1000"}), *by_month(2026, {"value": "9"})])
        special: Row = {"excluded": "50", "excluded_reason": "法令で紙と決まっている件"}
        decided: Row = {"numerator": "863", "denominator": "1000", **special}
        bring("electronic_decision_rate", 2025, [*by_month(2025, {"value": "80"}), *by_month(2026, decided)])
        aim("copy_paper_change", -70)
        aim("electronic_decision_rate", 95)
    return settled_office


def by_month(year: int, row: Row) -> list[Row]:
    return [{"period": f"{year}-{month:02}", **row} for month in THIS_YEAR]


@pytest.fixture
def house(office: Any, settled_house: House) -> House:
    return settled_house


def cards(house: House) -> list[dict[str, Any]]:
    """The five cards as data, in order."""
    content = json.loads(to_json(house.show("/dashboard/", "", EVERYBODY).content))
    return [part for part in every(content) if part["props"].get("className") == "answer"]


def every(part: Any) -> Iterator[dict[str, Any]]:
    """All components within one, itself included."""
    if isinstance(part, list):
        for each in part:
            yield from every(each)
    elif isinstance(part, dict):
        yield part
        yield from every(part["props"].get("children"))


def said(part: Any) -> str:
    """What is to be read in it."""
    if isinstance(part, dict):
        return said(part["props"].get("children"))
    return "".join(map(said, part)) if isinstance(part, list) else str(part or "")


def beside(card: dict[str, Any]) -> list[str]:
    """The lines below the number."""
    return [said(part) for part in every(card) if part["type"] == "Li"]


def of_class(card: dict[str, Any], name: str) -> str:
    return next(said(part) for part in every(card) if part["props"].get("className") == name)


def trend(card: dict[str, Any]) -> str:
    """The small line in words."""
    return next(str(part["props"]["alt"]) for part in every(card) if part["type"] == "Img")


def test_a_card_says_value_target_base_basis_of_what_as_of_when_trend_and_what_changed(house: House):
    paper, fax, decisions, booths, seats = cards(house)

    assert of_class(paper, "tile-value") == "−72.0%"
    assert beside(paper) == [
        "○ 目標 −70.0% 達成",
        "2016年度（平成28年度）比（対象：6月〜10月）",
        "年度累計\u30002026年10月まで",
        "対象：組織全体",
        "11/20 10:37時点、データ取得率 71.4%、推計",
    ]
    assert of_class(fax, "tile-value") == "−99.1%"
    assert beside(fax)[1:3] == ["2019年度（令和元年度）比", "同月比\u30002026年10月"]
    assert of_class(decisions, "tile-value") == "86.3%"
    assert beside(decisions)[0] == "△ 目標 95.0%、あと8.7ポイント"
    for card in (paper, fax, decisions):
        assert of_class(card, "turn") == "→ 前月と同じ"
        assert "推移" in trend(card)
    for card in (booths, seats):
        assert re.fullmatch(r"\d+\.\d%", of_class(card, "tile-value"))
        target, base, basis, of, marks = beside(card)
        assert (target, base) == ("目標は未設定", "基準年度は未設定")
        assert (basis, of) == ("単月\u30002026年10月", "対象：本庁舎")
        assert re.fullmatch(r"11/20 10:37時点、データ取得率 \d+\.\d%", marks)


def test_a_rate_stands_with_and_without_special_factors_and_with_the_counts_of_both(house: House):
    figure = "figure=electronic_decision_rate"
    page = said(json.loads(to_json(house.show("/dashboard/paper", f"?{figure}", EVERYBODY).content)))
    both = "2026年10月は86.3%（863÷1,000）、特殊要因を除くと90.8%（863÷950）。除外したもの：法令で紙と決まっている件"
    assert both in page
    _filters, months = house.records("paper", figure, "paper-by-month", EVERYBODY)
    october = dict(zip((field.key for field in months.fields), months.rows[6], strict=True))
    assert (october["part"], october["whole"], october["whole_without"]) == (863, 1000, 950)
    assert (october["this_year"], october["without"]) == (86.3, pytest.approx(100 * 863 / 950, abs=0.001))
    assert october["year_before"] == 80
    _filters, before = house.records("paper", f"{figure}&period=FY2025", "paper-by-month", EVERYBODY)
    assert before.rows[6][4:7] == (None, None, None), "what is known as a percentage alone has no counts"


def test_what_the_api_says_of_the_five_stands_on_their_cards(house: House, office: Any):
    asked = (
        ("copy_paper_change", "organisation:main", "fiscal_year_to_date"),
        ("fax_items_reported_change", "organisation:main", "same_month"),
        ("electronic_decision_rate", "organisation:main", "single_month"),
        ("booth_utilisation", "site:honcho", "single_month"),
        ("seat_utilisation", "site:honcho", "single_month"),
    )
    with psycopg.connect(office.database, autocommit=True) as conn, closing(Doors(conn)) as doors:
        doors.at = office.now
        officer = doors.signed_in("officer", Role.FACILITY)
        for card, (key, scope, basis) in zip(cards(house), asked, strict=True):
            days = {"scope": scope, "basis": basis, "first": "2026-10-01", "last": "2026-10-31"}
            (told,) = officer.get(f"/api/v1/sites/honcho/indicators/{key}/values", params=days).json()
            assert of_class(card, "tile-value") == f"{told['value']:.1f}%".replace("-", "−"), key
            coverage = told["coverage"]
            assert coverage is None or f"データ取得率 {coverage:.1%}" in beside(card)[-1]
