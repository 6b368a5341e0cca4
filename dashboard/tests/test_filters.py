from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.read.now import FloorInfo, SiteInfo
from shigotoba_dashboard.filters import Filters, Places, asked_in, read_filters
from shigotoba_dashboard.periods import choices

HONCHO = SiteInfo("honcho", "本庁舎", "Main Building", "Asia/Tokyo")
EKIMAE = SiteInfo("ekimae", "駅前庁舎", "Station Building", "Asia/Tokyo")
FLOORS = (FloorInfo("3f", "3階", "3F", 3), FloorInfo("4f", "4階", "4F", 4))
AT = datetime(2026, 11, 20, 1, 37, tzinfo=UTC)
ONE_SITE = Places(HONCHO, (HONCHO,), FLOORS)
TWO_SITES = Places(HONCHO, (EKIMAE, HONCHO), FLOORS)


def read(search: str, places: Places = ONE_SITE) -> Filters:
    return read_filters(asked_in(search), places, AT, frozenset({"level"}))


def test_an_empty_address_asks_for_the_last_four_weeks_of_all_floors_in_japanese():
    filters = read("")
    assert (filters.floor, str(filters.period), filters.language) == (None, "4w", "ja")
    assert (filters.period.first, filters.period.last) == (date(2026, 10, 23), date(2026, 11, 19))
    assert filters.problems == ()


@pytest.mark.parametrize("search", ["", "?period=4w", "?period=someday"])
def test_a_list_of_what_happened_has_today_in_its_last_four_weeks(search: str):
    period = read_filters(asked_in(search), ONE_SITE, AT, frozenset(), with_today=True).period
    assert (period.kind, period.first, period.last) == ("weeks", date(2026, 10, 24), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("?floor=9f", "「9f」という階はありません"),
        ("?period=someday", "「someday」は期間として読み取れません"),
        ("?from=2026-11-20&to=2026-11-01", "終了日が開始日より前です"),
        ("?from=令和八年&to=", "期間として読み取れません"),
        ("?site=nowhere", "「nowhere」という拠点は表示できません"),
    ],
)
def test_what_an_address_cannot_mean_is_said_with_its_value(search: str, said: str):
    assert any(said in problem for problem in read(search).problems)


def test_a_form_may_ask_for_days_in_the_japanese_calendar():
    period = read("?from=令和8年4月1日&to=R8.9.30").period
    assert (period.first, period.last) == (date(2026, 4, 1), date(2026, 9, 30))


@given(
    floor=st.sampled_from([None, "3f", "4f"]),
    period=st.sampled_from(["4w", "FY2025", "2026-10", "2026-04-01..2026-05-06"]),
    lang=st.sampled_from(["ja", "en"]),
    level=st.sampled_from(["", "99"]),
)
def test_an_address_that_is_made_means_what_it_was_made_from(floor: str | None, period: str, lang: str, level: str):
    filters = read(f"?period={period}&lang={lang}&level={level}" + (f"&floor={floor}" if floor else ""), TWO_SITES)
    _, _, search = filters.address("seats").partition("?")
    assert read(search, TWO_SITES) == filters


@given(st.text(max_size=200))
def test_no_address_is_too_strange_to_be_read(search: str):
    assert isinstance(read(search), Filters)


def test_what_a_page_does_not_understand_is_not_carried_on():
    assert "utm" not in read("?utm=x&level=99").address("seats")


def test_today_changes_at_midnight_in_japan_and_so_does_the_fiscal_year_that_is_offered():
    before = replace(read(""), at=datetime(2027, 3, 31, 14, 59, tzinfo=UTC))
    after = replace(read(""), at=datetime(2027, 3, 31, 15, 0, tzinfo=UTC))
    assert (before.today, after.today) == (date(2027, 3, 31), date(2027, 4, 1))
    offered = [
        max(each.first.year for each in choices(one.today) if each.kind == "fiscal_year") for one in (before, after)
    ]
    assert offered == [2026, 2027]
