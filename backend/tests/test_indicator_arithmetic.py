"""Amounts put together and held against a base year, by hand-computed cases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from shigotoba_backend.indicators.combining import combined, expected_months, telling, value_of, why_not
from shigotoba_backend.indicators.comparing import Base, Compared, compared
from shigotoba_backend.indicators.model import Amount, Indicator
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, months_later, to_date
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.targets import Target, trajectory

SHEETS, UTILISATION = indicator("sheets"), indicator("seat_utilisation")
APRIL_2019, APRIL_2026 = date(2019, 4, 1), date(2026, 4, 1)


def monthly(first: date, *numerators: float | None, **more: object) -> list[Amount]:
    return [
        Amount(first=months_later(first, number), months=1, numerator=numerator, **more)
        for number, numerator in enumerate(numerators)
    ]


def value(of: Indicator, amounts: list[Amount], period: Period) -> float | None:
    return value_of(of, combined(of, telling(amounts, period), period))


def against(base: list[Amount], this: list[Amount], period: Period, basis: str = "fiscal_year_to_date") -> Compared:
    return compared(SHEETS, this, Base(2019, True, base), period, basis)


def change(told: Compared) -> float:
    return round(100 * (value_of(SHEETS, told.this) - told.base.value) / told.base.value, 1)


def test_months_add_up_and_a_missing_one_lowers_the_coverage_but_is_not_zero():
    amounts = monthly(APRIL_2026, 10, None, 0, coverage=1.0)
    whole = combined(SHEETS, telling(amounts, to_date(2026, 6)), to_date(2026, 6))
    assert (whole.numerator, whole.coverage) == (10, pytest.approx(2 / 3))
    assert value(SHEETS, amounts, month(2026, 5)) is None
    assert value(SHEETS, amounts, month(2026, 6)) == 0


def test_a_month_that_nobody_brought_shows_in_the_coverage_of_the_sum():
    april_and_june = monthly(APRIL_2026, 10, None, 30)
    whole = combined(SHEETS, telling(april_and_june, to_date(2026, 6)), to_date(2026, 6))
    assert (whole.numerator, whole.coverage) == (40, pytest.approx(2 / 3))
    assert combined(SHEETS, monthly(APRIL_2026, 10, 20, 30), to_date(2026, 6)).coverage is None


def test_a_year_of_which_a_month_is_withheld_and_nothing_else_known_says_that_it_is_withheld():
    withheld = monthly(APRIL_2026, None, reason="small_cell")
    closed = monthly(date(2026, 5, 1), None, reason="no_open_hours")
    assert why_not([*withheld, *closed], fiscal_year(2026)) == "small_cell"
    assert why_not(closed, fiscal_year(2026)) == "no_open_hours"
    assert why_not(monthly(APRIL_2026, None), fiscal_year(2026)) == "no_data"


@pytest.mark.parametrize("key", ["office_satisfaction", "staff_smartphones"])
def test_a_survey_and_how_it_stood_on_a_day_lack_no_months(key: str):
    once = monthly(date(2026, 6, 1), 69, denominator=100)
    assert combined(indicator(key), telling(once, fiscal_year(2026)), fiscal_year(2026)).coverage is None


def test_a_rate_is_a_quotient_of_sums_and_not_the_mean_of_rates():
    amounts = [msgspec.structs.replace(each, denominator=whole)
               for each, whole in zip(monthly(APRIL_2026, 9, 10), (10, 100), strict=True)]  # fmt: skip
    assert value(UTILISATION, amounts, to_date(2026, 5)) == pytest.approx(100 * 19 / 110)


def test_a_rate_over_nothing_has_no_value():
    assert value(UTILISATION, monthly(APRIL_2026, 0, denominator=0.0), month(2026, 4)) is None


def test_a_year_known_only_as_a_whole_stands_for_itself_until_its_months_are_all_known():
    whole = Amount(first=APRIL_2026, months=12, numerator=120)
    assert value(SHEETS, [whole, *monthly(APRIL_2026, *[9] * 11)], fiscal_year(2026)) == 120
    assert value(SHEETS, [whole, *monthly(APRIL_2026, *[9] * 12)], fiscal_year(2026)) == 108


def test_halves_and_months_are_put_beside_each_other_without_counting_twice():
    half = Amount(first=APRIL_2026, months=6, numerator=60)
    amounts = [half, *monthly(APRIL_2026, 1, 1), *monthly(date(2026, 10, 1), 7)]
    assert value(SHEETS, amounts, fiscal_year(2026)) == 67


def test_rates_that_came_without_counts_are_not_averaged():
    amounts = monthly(APRIL_2026, 97.0, 99.0)
    assert value(UTILISATION, amounts[:1], month(2026, 4)) == 97.0
    assert value(UTILISATION, amounts, to_date(2026, 5)) is None


def test_a_value_per_person_divides_by_the_staff_at_the_beginning():
    per_person = indicator("sheets_per_person")
    amounts = [msgspec.structs.replace(each, denominator=people)
               for each, people in zip(monthly(APRIL_2026, 300, 500), (40.0, 50.0), strict=True)]  # fmt: skip
    assert value(per_person, amounts, to_date(2026, 5)) == 20


def test_staff_counted_only_later_makes_a_value_per_person_an_estimate_and_leaves_no_sheet_out():
    per_person = indicator("sheets_per_person")
    first, second = monthly(APRIL_2026, 300, 500)
    told = combined(per_person, [first, msgspec.structs.replace(second, denominator=50.0)], to_date(2026, 5))
    assert (value_of(per_person, told), told.estimate) == (16, True)
    assert combined(per_person, [first], month(2026, 4)).reason == "no_headcount"


def test_coverage_is_of_months_that_have_begun_and_in_which_there_was_something_to_know():
    before = monthly(APRIL_2026, None, None, reason="no_open_hours")
    amounts = [*before, *monthly(date(2026, 6, 1), 10, 20, coverage=0.8)]
    period, today = fiscal_year(2026), date(2026, 8, 15)
    assert expected_months(amounts, period, today) == 3
    whole = combined(SHEETS, telling(amounts, period), period, expected=expected_months(amounts, period, today))
    assert whole.coverage == pytest.approx(1.6 / 3)


def test_the_reduction_on_every_basis_is_another_number():
    base = monthly(APRIL_2019, *[100] * 6, *[200] * 6)
    this = monthly(APRIL_2026, 80, 60, 40)
    assert change(against(base, this, month(2026, 6), "single_month")) == round(100 * (40 - 150) / 150, 1)
    assert change(against(base, this, month(2026, 6), "same_month")) == -60.0
    assert change(against(base, this, to_date(2026, 6))) == -40.0
    assert change(against(base, monthly(APRIL_2026, *[45] * 12), fiscal_year(2026), "fiscal_year")) == -70.0


def test_a_base_that_begins_in_october_is_compared_from_october():
    base = monthly(date(2019, 10, 1), *[100] * 6)
    told = against(base, monthly(APRIL_2026, *[500] * 6, *[60] * 6), fiscal_year(2026), "fiscal_year")
    assert change(told) == -40.0
    assert told.base.months == tuple(months_later(date(2019, 10, 1), number) for number in range(6))


def test_months_that_one_side_misses_leave_both():
    base = monthly(APRIL_2019, 100, None, 100)
    told = against(base, monthly(APRIL_2026, 50, 1, None), to_date(2026, 6))
    assert (change(told), told.base.months) == (-50.0, (APRIL_2019,))


def test_without_a_common_month_there_is_nothing_to_compare():
    told = against(monthly(date(2019, 10, 1), 100), monthly(APRIL_2026, 50), to_date(2026, 4))
    assert (told.base, told.reason) == (None, "no_common_months")


def test_a_base_month_of_zero_gives_no_rate():
    assert against(monthly(APRIL_2019, 0), monthly(APRIL_2026, 5), month(2026, 4), "same_month").reason == "zero_base"


def test_two_years_known_only_as_wholes_are_compared_as_wholes():
    base = [Amount(first=APRIL_2019, months=12, numerator=203.4e6)]
    this = [Amount(first=APRIL_2026, months=12, numerator=56.95e6)]
    assert change(against(base, this, fiscal_year(2026), "fiscal_year")) == -72.0


def test_an_estimate_on_either_side_is_told():
    base = monthly(APRIL_2019, 100, estimate=True)
    assert against(base, monthly(APRIL_2026, 50), month(2026, 4), "same_month").base.estimate


def test_a_trajectory_goes_straight_from_target_to_target():
    goals = [Target(2018, 30.0, "", "x", datetime(2016, 4, 1, tzinfo=UTC)),
             Target(2020, 80.0, "", "x", datetime(2016, 4, 1, tzinfo=UTC))]  # fmt: skip
    assert trajectory((2016, 12.0), goals) == [(2016, 12.0), (2017, 21.0), (2018, 30.0), (2019, 55.0), (2020, 80.0)]
