"""Fiscal years, periods and scopes as text."""

from datetime import UTC, date, datetime

import pytest

from shigotoba_backend.indicators.periods import (
    Period,
    PeriodError,
    day,
    fiscal_year,
    fiscal_year_at,
    fiscal_year_of,
    half,
    month,
    months_later,
    quarter,
    runs_of,
    to_date,
)
from shigotoba_backend.indicators.scopes import Scope, ScopeError

PERIODS = {
    "2026-10": month(2026, 10),
    "FY2026": fiscal_year(2026),
    "FY2026/2027-02": to_date(2027, 2),
    "FY2026 Q4": quarter(2026, 4),
    "FY2022 H1": half(2022, 1),
    "2026-04-01": day(date(2026, 4, 1)),
    "2026-10-01/2026-10-15": Period("span", date(2026, 10, 1), date(2026, 10, 16)),
}


def test_a_fiscal_year_runs_from_april_to_march():
    assert (fiscal_year(2026).first, fiscal_year(2026).beyond) == (date(2026, 4, 1), date(2027, 4, 1))
    assert [fiscal_year_of(day) for day in (date(2027, 3, 31), date(2027, 4, 1))] == [2026, 2027]


@pytest.mark.parametrize(("utc_hour", "year"), [(14, 2026), (15, 2027)])
def test_a_fiscal_year_begins_at_midnight_in_japan_and_not_at_nine(utc_hour, year):
    assert fiscal_year_at(datetime(2027, 3, 31, utc_hour, tzinfo=UTC), "Asia/Tokyo") == year


def test_the_year_to_date_begins_in_april():
    assert to_date(2027, 2).months == tuple(months_later(date(2026, 4, 1), n) for n in range(11))
    assert to_date(2026, 4).months == month(2026, 4).months


@pytest.mark.parametrize(("text", "period"), PERIODS.items())
def test_a_period_is_read_as_it_is_written(text, period):
    assert str(period) == text
    assert Period.parse(text) == period


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "FY26", "FY2026/2027-04", "FY2026 Q5", "2026-10-02/2026-10-01"]
)
def test_what_names_no_period_is_refused_with_examples(text):
    with pytest.raises(PeriodError, match="2026-10"):
        Period.parse(text)


def test_months_that_follow_on_each_other_are_one_run():
    april = date(2026, 4, 1)
    months = [months_later(april, n) for n in (0, 1, 2, 8, 9, 11)]
    assert runs_of(months) == [(april, months[2]), (months[3], months[4]), (months[5], months[5])]
    assert runs_of([]) == []


@pytest.mark.parametrize("text", ["organisation:main", "site:honcho", "floor:honcho/3f", "section:main/soumu"])
def test_a_scope_is_read_as_it_is_written(text):
    assert str(Scope.parse(text)) == text


@pytest.mark.parametrize("text", ["", "site:", "floor:3f", "site:honcho/3f", "floor:honcho/", "desk:1", "floor:a/b/c"])
def test_what_names_no_scope_is_refused_with_examples(text):
    with pytest.raises(ScopeError, match="site:honcho"):
        Scope.parse(text)


def test_a_scope_knows_its_whole_and_its_part():
    assert (Scope.parse("floor:honcho/3f").whole, Scope.parse("floor:honcho/3f").part) == ("honcho", "3f")
    assert (Scope.parse("site:honcho").whole, Scope.parse("site:honcho").part) == ("honcho", "honcho")
