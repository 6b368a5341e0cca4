"""Periods as people write them."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.periods import named, read_period
from shigotoba_backend.indicators.periods import Period, day, fiscal_year, half, month, quarter


@pytest.mark.parametrize(
    "written", ["R4", "Ｒ４", "令和４年度", "R4年度", "2022年度", "FY2022", "2022", "令和4年度実績", "fy2022"]
)
def test_a_fiscal_year_is_read_in_every_spelling(written: str) -> None:
    assert read_period(written) == fiscal_year(2022)


@pytest.mark.parametrize("written", ["R元", "R1", "令和元年度", "H31", "平成31年度", "R元年度"])
def test_2019_has_two_era_names(written: str) -> None:
    assert read_period(written) == fiscal_year(2019)


@pytest.mark.parametrize(
    "written", ["R5.10", "令和５年１０月", "2023-10", "2023/10", "2023年10月", "Ｒ５年10月", "R5.10時点"]
)
def test_a_month_is_read_in_every_spelling(written: str) -> None:
    assert read_period(written) == month(2023, 10)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("R5.3.31", "2023-03-31"),
        ("令和５年３月２７日", "2023-03-27"),
        ("Ｒ５年度上半期", "FY2023 H1"),
        ("FY2022 H2", "FY2022 H2"),
        ("R4年度第1四半期", "FY2022 Q1"),
        ("FY2022 Q4", "FY2022 Q4"),
        ("令和３～４年度", "2021-04-01/2023-03-31"),
        ("FY2021-FY2022", "2021-04-01/2023-03-31"),
        ("H30-R4年度", "2018-04-01/2023-03-31"),
        ("2022年4月～12月", "FY2022/2022-12"),
        ("R4.5～R5.1", "2022-05-01/2023-01-31"),
        ("平成32年度", "FY2020"),
        ("S63年度", "FY1988"),
    ],
)
def test_other_periods_are_the_ones_that_indicators_know(written: str, told: str) -> None:
    assert read_period(written) == Period.parse(told)


@pytest.mark.parametrize(
    ("written", "help_given"),
    [
        ("2022年", "Write 2022年度 if you mean April 2022 to March 2023"),
        ("令和4年", "Write 2022年度"),
        ("R4.13", "names a date that does not exist"),
        ("R4.2.30", "names a date that does not exist"),
        ("2022Q1", "is not a period"),
        ("昨年度", "is not a period"),
        ("", "is not a period"),
        ("令和5～3年度", "ends before it begins"),
        ("R5.4～R5.1", "ends before it begins"),
        ("0000", "names a date that does not exist"),
    ],
)
def test_what_is_no_period_or_two_is_refused_with_help(written: str, help_given: str) -> None:
    with pytest.raises(ComplaintError, match=help_given):
        read_period(written)


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (fiscal_year(2026), "2026年度（令和8年度）"),
        (fiscal_year(2019), "2019年度（令和元年度）"),
        (month(2019, 4), "2019年4月（平成31年4月）"),
        (month(2019, 5), "2019年5月（令和元年5月）"),
        (half(2023, 1), "2023年度上半期（令和5年度）"),
        (quarter(2022, 4), "2022年度第4四半期（令和4年度）"),
        (day(date(2023, 3, 31)), "2023年3月31日（令和5年）"),
        (Period.parse("2021-04-01/2023-03-31"), "2021年4月1日～2023年3月31日"),
        (Period.parse("FY2022/2022-12"), "2022年度4月～12月（令和4年度）"),
    ],
)
def test_a_period_is_shown_with_its_era(period: Period, shown: str) -> None:
    assert named(period) == shown


@given(st.integers(1990, 2080), st.integers(1, 12))
def test_what_is_named_can_be_read_again(year: int, number: int) -> None:
    for period in (fiscal_year(year), month(year, number), day(date(year, number, 28)), half(year, number % 2 + 1)):
        assert read_period(str(period)) == period
        assert read_period(named(period)) == period


@given(st.text(alphabet="RHS令和平成元年度月日0123456789０９.-/～ FYQ上下半期", max_size=20))
def test_any_text_is_a_period_or_a_complaint(text: str) -> None:
    with contextlib.suppress(ComplaintError):
        read = read_period(text)
        assert read.beyond > read.first
