from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_dashboard.dates import era_of, fiscal_year, fiscal_year_at, midnight

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("local", "year"),
    [
        (datetime(2027, 3, 31, 23, 59, 59, tzinfo=TOKYO), 2026),
        (datetime(2027, 4, 1, 0, 0, 0, tzinfo=TOKYO), 2027),
        (datetime(2027, 4, 1, 8, 59, 59, tzinfo=TOKYO), 2027),
        (datetime(2027, 4, 1, 9, 0, 0, tzinfo=TOKYO), 2027),
    ],
)
def test_a_fiscal_year_begins_at_midnight_in_japan_not_at_nine(local: datetime, year: int):
    assert fiscal_year_at(local.astimezone(UTC), TOKYO) == year


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2199, 12, 31)))
def test_a_fiscal_year_runs_from_april_to_march(day: date):
    assert date(fiscal_year(day), 4, 1) <= day <= date(fiscal_year(day) + 1, 3, 31)


@pytest.mark.parametrize(
    ("year", "name", "number"),
    [(2026, "令和", 8), (2020, "令和", 2), (2019, "令和", 1), (2018, "平成", 30), (1989, "平成", 1)],
)
def test_a_fiscal_year_has_one_era_name(year: int, name: str, number: int):
    era = era_of(year)
    assert (era.name, era.year) == (name, number)


def test_years_before_the_known_eras_are_refused_with_their_value():
    with pytest.raises(ValueError, match="1988"):
        era_of(1988)


def test_midnight_is_that_of_the_site():
    assert midnight(date(2026, 11, 20), TOKYO) == datetime(2026, 11, 19, 15, tzinfo=UTC)
