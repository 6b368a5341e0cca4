from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_dashboard import formats
from shigotoba_dashboard.words import words_in

TOKYO = ZoneInfo("Asia/Tokyo")
JA, EN = words_in("ja"), words_in("en")
NOW = datetime(2026, 11, 20, 1, 37, 5, tzinfo=UTC)


def test_a_fiscal_year_is_written_in_both_counts():
    assert formats.fiscal_year_name(2026, JA) == "2026年度（令和8年度）"
    assert formats.fiscal_year_name(2026, EN) == "Fiscal 2026 (Reiwa 8)"


def test_the_first_year_of_an_era_is_gannen_in_japanese_and_1_in_english():
    assert formats.fiscal_year_name(2019, JA) == "2019年度（令和元年度）"
    assert formats.fiscal_year_name(2019, EN) == "Fiscal 2019 (Reiwa 1)"


def test_a_month_on_an_axis_is_a_number_in_japanese_and_a_short_name_in_english():
    assert [formats.short_month(date(2026, month, 1), JA) for month in (4, 12)] == ["4月", "12月"]
    assert [formats.short_month(date(2026, month, 1), EN) for month in (4, 12)] == ["Apr", "Dec"]


def test_what_is_not_known_is_a_dash_and_zero_is_zero():
    assert (formats.count(None), formats.count(0)) == ("—", "0")
    assert (formats.percent(None), formats.percent(0.0)) == ("—", "0.0%")
    assert formats.clock(None, TOKYO) == "—"
    assert formats.moment(None, NOW, TOKYO, JA) == "—"


def test_large_numbers_are_grouped():
    assert formats.count(1234567) == "1,234,567"


def test_a_span_names_hours_and_minutes_only_where_there_are_any():
    assert formats.span(59 * 60, JA) == "59分"
    assert formats.span(61 * 60, JA) == "1時間1分"
    assert formats.span(3599.9, EN) == "1 h"
    assert formats.span(0, EN) == "0 min"


@given(st.floats(min_value=0, max_value=10**9))
def test_minutes_never_show_a_fraction(span_s: float):
    assert formats.minutes(span_s).replace(",", "").isdigit()


def test_a_moment_of_another_day_carries_its_date():
    late_yesterday = datetime(2026, 11, 19, 14, 59, tzinfo=UTC)
    assert formats.moment(late_yesterday, NOW, TOKYO, JA) == "11/19(木) 23:59"
    assert formats.moment(datetime(2026, 11, 19, 15, 0, tzinfo=UTC), NOW, TOKYO, JA) == "00:00"


def test_the_as_of_time_is_that_of_the_site_with_its_weekday():
    assert formats.as_of(NOW, TOKYO, JA) == "2026年11月20日(金) 10:37:05"
    assert formats.as_of(NOW, TOKYO, EN) == "Fri 20 Nov 2026 10:37:05"


def test_days_are_short():
    assert formats.short_day(date(2026, 4, 1), JA) == "4/1(水)"
    assert formats.short_day(date(2026, 4, 1), EN) == "Wed 1 Apr"
