"""The way to a target, and the small line of a year, as pure functions."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import fiscal_year, to_date
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import Target
from shigotoba_backend.reference.published import reference_lines
from shigotoba_dashboard.figures.peers import peer_lines, period_published
from shigotoba_dashboard.figures.spark import spark
from shigotoba_dashboard.figures.trajectory import Way, sentence, way_chart, way_records
from shigotoba_dashboard.words import words_in

JAPANESE = words_in("ja")
SET_AT = datetime(2024, 4, 1, tzinfo=UTC)


def value(year: int, change: float | None, reason: str = "") -> IndicatorValue:
    period = to_date(2026, 10) if year == 2026 else fiscal_year(year)
    basis = "fiscal_year_to_date" if year == 2026 else "fiscal_year"
    return IndicatorValue(
        key="copy_paper_change",
        scope=Scope("organisation", "main"),
        period=period,
        basis=basis,
        value=change,
        unit="%",
        reason=reason,
    )


def way(newest: float | None, *goals: tuple[int, float]) -> Way:
    years = (value(2023, -20.0), value(2024, None, "no_data"), value(2025, -45.0), value(2026, newest))
    targets = tuple(Target(year, goal, "計画", "庁議", SET_AT) for year, goal in goals)
    return Way(indicator("copy_paper_change"), 2022, years, True, targets)


@pytest.mark.parametrize(("newest", "told"), [(-64.0, "より遅れています"), (-70.0, "以上に進んでいます")])
def test_the_newest_year_is_held_against_the_straight_way_to_the_target(newest: float, told: str):
    assert told in sentence(way(newest, (2024, -50.0), (2026, -70.0)), JAPANESE)


def test_the_straight_way_begins_at_the_base_year_and_goes_over_every_target():
    assert way(-64.0, (2024, -50.0), (2026, -70.0)).promised() == {2022: 0, 2023: -25, 2024: -50, 2025: -60, 2026: -70}


def test_without_a_target_no_way_is_drawn_and_none_is_told():
    alone = way(-64.0)
    assert "その年度以降の目標はありません" in sentence(alone, JAPANESE)
    figure: Any = way_chart(alone, "", JAPANESE).figure
    assert len(figure.data) == 1


def test_a_year_without_a_value_is_blank_and_says_why_and_the_running_one_says_so():
    rows = way_records(way(-64.0, (2026, -70.0)), "", JAPANESE).rows
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("2022", 0.0, "基準年度"),
        ("2023", -20.0, None),
        ("2024", None, "データなし"),
        ("2025", -45.0, None),
        ("2026", -64.0, "途中経過"),
    ]


def test_the_lines_of_others_say_their_basis_and_no_period_is_in_the_wrong_language():
    published = reference_lines("electronic_decision_rate")
    names = [line.name for line in peer_lines(published, "%", ["4月"], JAPANESE)]
    assert names == ["東京都 99.8%（2023年3月・単月）", "福岡県 86.3%（2023年10月・単月）"]
    assert period_published("FY2023 H1", JAPANESE) == "2023年度上半期"
    assert period_published("FY2022/2022-12", JAPANESE) == "2022年12月まで"


def test_nothing_since_the_base_year_is_said_plainly():
    nothing = Way(indicator("copy_paper_change"), 2022, (value(2026, None, "no_data"),), True, ())
    assert sentence(nothing, JAPANESE) == "基準年度より後の値がありません。"


def drawn(values: list[float | None], target: float | None = None) -> str:
    image: Any = spark(values, "", target)
    return base64.b64decode(image.src.partition(",")[2]).decode()


def test_the_small_line_shows_zero_the_target_and_a_gap():
    with_target, without = drawn([-60.0, None, -64.0], -70.0), drawn([-60.0, None, -64.0])
    assert with_target.count("stroke-dasharray") == 1
    assert "stroke-dasharray" not in without
    assert without.count('stroke-width="2"') == 2
    assert "M0 5.0H" in without
