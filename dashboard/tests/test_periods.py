from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_dashboard.dates import NotADayError, read_day
from shigotoba_dashboard.periods import (
    LONGEST_DAYS,
    Period,
    PeriodError,
    choices,
    month_of,
    name,
    read_period,
    read_span,
    year_of,
)
from shigotoba_dashboard.words import words_in

TODAY = date(2026, 11, 20)
ANY_DAY = st.dates(date(1992, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize("text", ["2026-11-20", "2026/11/20", "令和8年11月20日", "R8.11.20", "２０２６年１１月２０日"])
def test_a_day_is_read_however_a_person_writes_it(text: str):
    assert read_day(text) == TODAY


def test_the_first_day_of_reiwa_is_the_first_of_may_2019():
    assert read_day("令和元年5月1日") == date(2019, 5, 1)
    assert read_day("平成31年4月30日") == date(2019, 4, 30)


@pytest.mark.parametrize("text", ["", "昨日", "2026-02-30", "令和元年4月30日", "R0.5.1", "20261120"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(NotADayError):
        read_day(text)


@given(ANY_DAY)
def test_a_period_in_an_address_means_itself(today: date):
    for with_today in (False, True):
        for period in (*choices(today, with_today), Period("span", today - timedelta(days=9), today)):
            assert read_period(str(period), today, with_today) == period


@given(ANY_DAY)
def test_a_fiscal_year_is_twelve_whole_months(day: date):
    year = year_of(day.year)
    months = [month_of(year.first)]
    while months[-1].last < year.last:
        months.append(month_of(months[-1].last + timedelta(days=1)))
    assert len(months) == 12
    assert months[-1].last == year.last


@pytest.mark.parametrize(
    ("text", "reason"),
    [("FY1988", "unreadable"), ("FY9999", "unreadable"), ("2026-13", "unreadable"), ("soon", "unreadable"),
     ("2026-11-20..2026-11-19", "backwards"), ("2019-05-01..2026-11-20", "too_long")],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_the_reason(text: str, reason: str):
    with pytest.raises(PeriodError) as refused:
        read_period(text, TODAY)
    assert refused.value.args == (reason,)


def test_the_longest_period_holds_three_fiscal_years():
    assert read_span("2023-04-01", "2026-03-31").days < LONGEST_DAYS


def test_a_period_that_is_not_over_is_cut_at_today_and_keeps_its_name():
    year = year_of(2026)
    assert year.until(TODAY).last == TODAY
    assert str(year.until(TODAY)) == "FY2026"
    assert year_of(2027).until(TODAY).days == 1


def test_a_fiscal_year_is_named_in_both_calendars():
    assert name(year_of(2026), words_in("ja")) == "2026年度（令和8年度）"
    assert name(year_of(2019), words_in("ja")) == "2019年度（令和元年度）"
    assert name(month_of(TODAY), words_in("ja")) == "2026年11月"
