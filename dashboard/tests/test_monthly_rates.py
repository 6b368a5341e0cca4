"""Rates of months: the chart, the sentence, and the figures above them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from shigotoba_backend.indicators.model import BaseFigure, IndicatorValue
from shigotoba_backend.indicators.periods import fiscal_year, month
from shigotoba_backend.indicators.registry import REGISTRY, indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.now import SiteInfo
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.rates_by_month import rates_chart, rates_sentence
from shigotoba_dashboard.filters import Filters, Places, read_filters
from shigotoba_dashboard.monthly import monthly
from shigotoba_dashboard.pages.facts import division
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.words import words_in

JAPANESE = words_in("ja")


def found(key: str, *values: float | None, of: tuple[float | None, float | None] = (None, None)) -> Found:
    entry = indicator(key)
    told_of = (
        IndicatorValue(
            key=key,
            scope=Scope("site", "honcho"),
            period=month(2026, 7 + place),
            basis="single_month",
            value=value,
            unit=entry.unit,
            numerator=of[0],
            denominator=of[1],
            reason="" if value is not None else "zero_denominator",
        )
        for place, value in enumerate(values)
    )
    return Found(entry, tuple(told_of))


@pytest.fixture
def filters() -> Filters:
    """The whole of one site in Japanese."""
    site = SiteInfo("honcho", "本庁舎", "Main Building", "Asia/Tokyo")
    return read_filters({}, Places(site, (site,), ()), datetime(2026, 11, 20, tzinfo=UTC), frozenset())


def test_booked_and_used_are_lines_of_their_own_and_a_month_without_is_a_gap(filters: Filters):
    figures = (found("booth_booked_rate", 20.0, None, 0.0), found("booth_utilisation", 12.0, 14.0, 13.0))
    table = monthly("booths", "booths-by-month", "", figures, filters)
    figure: Any = rates_chart(figures, table, JAPANESE).figure
    assert [list(line.y) for line in figure.data] == [[20.0, None, 0.0], [12.0, 14.0, 13.0]]
    assert not figure.data[0].connectgaps
    assert len({line.line.dash for line in figure.data}) == 2
    assert [row[1] for row in table.rows] == [0.0, None, 20.0]
    assert table.links[0] == "/dashboard/booths?period=2026-09"


def test_the_sentence_says_each_rate_with_its_month_and_leaves_out_what_is_not_known():
    figures = (found("booth_booked_rate", 20.0, None), found("booth_no_show_rate", None, None))
    assert rates_sentence(figures, JAPANESE) == "ブース予約率20.0%（2026年7月）"
    assert rates_sentence(figures[1:], JAPANESE) == "値のある月はまだありません。"


def test_seats_for_people_are_told_with_both_counts():
    assert division(found("seat_ratio", 0.73, of=(40.0, 55.0)).newest, JAPANESE) == "40÷55"
    assert division(found("seat_ratio", None, of=(40.0, None)).newest, JAPANESE) == ""


def test_every_unit_of_the_registry_has_a_word():
    for entry in REGISTRY.values():
        assert told.unit_name(entry.unit, JAPANESE) != entry.unit or entry.unit == "%"


@pytest.mark.parametrize(
    ("months", "words"),
    [((10,), "（対象：10月）"), ((6, 7, 8), "（対象：6月〜8月）"), ((4, 5, 9), "（対象：4月〜5月、9月）")],
)
def test_a_base_that_lacks_months_says_which_it_has(months: tuple[int, ...], words: str):
    base = BaseFigure(
        fiscal_year=2022,
        value=100.0,
        months=tuple(date(2022, each, 1) for each in months),
        estimate=False,
        published=True,
    )
    value = msgspec.structs.replace(found("impressions", 90.0).newest, period=fiscal_year(2026), base=base)
    assert told.base(indicator("impressions"), value, JAPANESE).endswith(words)
