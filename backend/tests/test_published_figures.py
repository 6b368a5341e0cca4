"""Figures that public bodies have published, reproduced from what they were made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.imports.amounts import amounts
from shigotoba_backend.imports.catalogue import SERIES, series
from shigotoba_backend.imports.columns import Meaning
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.desk import Brought, understand_rows
from shigotoba_backend.imports.held import held_figures
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.imports.periods import read_period
from shigotoba_backend.indicators.bases import draft_base, publish_base
from shigotoba_backend.indicators.model import Basis, IndicatorValue
from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import organisation
from shigotoba_backend.indicators.targets import Target, put_target
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.reference.published import (
    PublishedFigure,
    in_japanese,
    inputs,
    published_figures,
    reference_lines,
    sources,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MAIN = organisation("main")


def bring(conn: psycopg.Connection, key: str, rows: Sequence[dict[Meaning, str]]) -> None:
    understood = understand_rows(conn, Brought(series(key), MAIN, "公表値"), rows, NOW.date())
    assert understood.problems == (), [str(each.complaint) for each in understood.problems]
    keep(conn, understood.preview, Origin(form="rest"), COMMAND, "", NOW)


def bring_inputs(conn: psycopg.Connection, key: str, owner: str, base: int) -> None:
    found = [each for each in inputs() if (each.key, each.organisation) == (key, owner)]
    bring(
        conn, key, [_row(each.period, each.value, each.excluded, each.excluded_reason, each.estimate) for each in found]
    )
    for told in (key, f"{key}_excluding") if SERIES[key].special else (key,):
        of_year = amounts(conn, told, MAIN, date(base, 4, 1), date(base + 1, 4, 1))
        publish_base(conn, draft_base(conn, told, str(MAIN), base, of_year), "総務課", NOW)


def _row(period: str, value: str, excluded: str = "", reason: str = "", estimate: str = "") -> dict[Meaning, str]:
    return {"period": period, "value": value, "excluded": excluded, "excluded_reason": reason, "estimate": estimate}


def value(conn: psycopg.Connection, key: str, period: str, basis: Basis) -> IndicatorValue:
    return indicator_values(conn, key, MAIN, [Period.parse(period)], basis, NOW)[0]


def published(owner: str, key: str, period: str) -> PublishedFigure:
    return next(each for each in reference_lines(key) if (each.organisation, each.period) == (owner, period))


def test_every_published_figure_has_its_source_and_a_known_indicator_or_none() -> None:
    assert len(published_figures()) == 65
    for figure in published_figures():
        assert figure.source in sources()
        assert not figure.key or figure.key in REGISTRY


@pytest.mark.integration
def test_tokyos_paper_with_and_without_special_factors(conn: psycopg.Connection) -> None:
    bring_inputs(conn, "copy_paper_purchased", "東京都", 2016)
    change = value(conn, "copy_paper_change", "FY2022", "fiscal_year")
    assert (change.numerator, change.denominator) == (56_950_000, 203_400_000)
    assert round(change.value or 0, 1) == published("東京都", "copy_paper_change", "FY2022").value == -72.0
    for key, told in (("copy_paper_change", -50.8), ("copy_paper_change_excluding", -55.1)):
        year_2021 = value(conn, key, "FY2021", "fiscal_year")
        assert round(year_2021.value or 0, 1) == published("東京都", key, "FY2021").value == told
        assert year_2021.base is not None
        assert (year_2021.base.fiscal_year, year_2021.base.published, year_2021.estimate) == (2016, True, True)
    assert year_2021.exclusions == "新型コロナウイルス感染症関連業務"


@pytest.mark.integration
def test_saitamas_copies(conn: psycopg.Connection) -> None:
    bring_inputs(conn, "copies_reported", "埼玉県", 2019)
    change = value(conn, "copies_reported_change", "FY2022", "fiscal_year")
    assert change.value == published("埼玉県", "copies_reported_change", "FY2022").value == -60


@pytest.mark.integration
def test_tokyos_decisions_stand_beside_their_targets(conn: psycopg.Connection) -> None:
    lines = [each for each in reference_lines("electronic_decision_rate") if each.organisation == "東京都"]
    bring(
        conn,
        "electronic_decision_rate",
        [_row(each.period, str(each.value)) for each in lines if each.role == "value" and each.period != "FY2022"],
    )
    for line in lines:
        if line.role == "target":
            goal = Target(int(line.period[2:]), line.value, line.scope_or_note, "総務局", NOW)
            put_target(conn, "electronic_decision_rate", str(MAIN), goal)
    told: list[tuple[str, Basis]] = [
        ("FY2016", "fiscal_year"),
        ("2019-02", "single_month"),
        ("2023-03", "single_month"),
    ]
    found = [value(conn, "electronic_decision_rate", period, basis) for period, basis in told]
    assert [(each.value, each.target) for each in found] == [(12.3, None), (34.6, 30), (99.8, None)]
    years = [value(conn, "electronic_decision_rate", f"FY{year}", "fiscal_year") for year in (2018, 2019, 2020, 2025)]
    assert [each.target for each in years] == [30, 60, 80, 100]


@pytest.mark.integration
def test_a_fiscal_year_and_a_month_are_not_the_same_basis(conn: psycopg.Connection) -> None:
    fukuoka = [each for each in reference_lines("electronic_decision_rate") if each.organisation == "福岡県"]
    bring(conn, "electronic_decision_rate", [_row(each.period, f"{each.value}%") for each in fukuoka])
    year = value(conn, "electronic_decision_rate", "FY2022", "fiscal_year")
    october = value(conn, "electronic_decision_rate", "2023-10", "single_month")
    assert [(each.basis, each.value) for each in (year, october)] == [("fiscal_year", 8.4), ("single_month", 86.3)]
    assert value(conn, "electronic_decision_rate", "FY2023", "fiscal_year").reason == "no_data"


@pytest.mark.integration
def test_hokkaidos_telework(conn: psycopg.Connection) -> None:
    bring(conn, "telework_rate", [_row("R元", "10.3％"), _row("R4", "69.9％")])
    found = [value(conn, "telework_rate", period, "fiscal_year").value for period in ("FY2019", "FY2022")]
    assert (
        found == [published("北海道", "telework_rate", period).value for period in ("FY2019", "FY2022")] == [10.3, 69.9]
    )


@pytest.mark.integration
def test_faxes_of_a_month_and_of_the_year_so_far_are_two_figures(conn: psycopg.Connection) -> None:
    """F1 and F2 of research/workplace.md section 3b, in items: the same months of the base year, and their sums."""
    bring(conn, "fax_items_reported", [_row("R元.4", "1,000件"), _row("R元.5", "2,000件")])
    bring(conn, "fax_items_reported", [_row("R8.4", "900件"), _row("R8.5", "300件")])
    then = amounts(conn, "fax_items_reported", MAIN, date(2019, 4, 1), date(2020, 4, 1))
    publish_base(conn, draft_base(conn, "fax_items_reported", str(MAIN), 2019, then), "総務課", NOW)
    of_may = value(conn, "fax_items_reported_change", "2026-05", "same_month")
    assert (of_may.value, of_may.numerator, of_may.denominator) == (-85, 300, 2_000)
    to_may = value(conn, "fax_items_reported_change", "FY2026/2026-05", "fiscal_year_to_date")
    assert (to_may.value, to_may.numerator, to_may.denominator) == (-60, 1_200, 3_000)
    assert value(conn, "fax_items_reported", "FY2026/2026-05", "fiscal_year_to_date").unit == "items"


@pytest.mark.integration
def test_all_the_others_are_imports_like_any(conn: psycopg.Connection) -> None:
    brought = 0
    for figure in published_figures():
        if figure.key in SERIES and figure.role == "value" and _readable(figure):
            scope = organisation(f"o{brought}")
            rows: list[dict[Meaning, str]] = [_row(figure.period, str(figure.value), estimate="推計")]
            kept = Brought(series(figure.key), scope, sources()[figure.source].title)
            understood = understand_rows(conn, kept, rows, NOW.date())
            assert understood.problems == (), (figure, [str(each.complaint) for each in understood.problems])
            keep(conn, understood.preview, Origin(form="rest"), COMMAND, "", NOW)
            (held,) = held_figures(conn, figure.key, scope)
            assert float(held.numerator or 0) == figure.value
            brought += 1
    assert brought >= 25


def _readable(figure: PublishedFigure) -> bool:
    try:
        period = read_period(figure.period)
    except ComplaintError:
        return False
    return SERIES[figure.key].kind != "point" or period.kind == "day"


def test_notes_units_and_periods_in_words_are_there_in_japanese() -> None:
    for figure in published_figures():
        texts = [text for text in (figure.scope_or_note, figure.unit, figure.period, figure.base_period) if text]
        for text in texts:
            assert in_japanese(text) != text or re.fullmatch(r"FY\d{4}(/\d{4}-\d{2})?|\d{4}-\d{2}", text), text
