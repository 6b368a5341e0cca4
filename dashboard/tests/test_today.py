from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.read.now import SiteInfo
from shigotoba_dashboard.feed import connect
from shigotoba_dashboard.filters import Filters, Places, read_filters
from shigotoba_dashboard.pages import today
from shigotoba_dashboard.pages.today.devices import most_urgent_first
from shigotoba_dashboard.pages.today.seats import seat_utilisation
from shigotoba_dashboard.regions import paint
from shigotoba_dashboard.snapshot import read_now, read_quarters, read_today
from shigotoba_dashboard.words import Language, Words, words_in

pytestmark = pytest.mark.integration


def shown(office: Any, words: Words) -> dict[str, Any]:
    """What each component of the page shows, as JSON values, by ``id.property``."""
    with connect(office.database) as conn:
        asked = (conn, office.site, office.now)
        views = (
            (today.NOW, read_now(*asked)),
            (today.TODAY, read_today(*asked)),
            (today.QUARTERS, read_quarters(*asked)),
        )
    values = [value for regions, view in views for value in paint(regions, view, words, {}).values]
    names = [f"{name}.{prop}" for regions, _view in views for region in regions for name, prop in region.outputs]
    return dict(zip(names, json.loads(to_json(values)), strict=True))


def filters_for(language: Language) -> Filters:
    """The filters of a plain address."""
    site = SiteInfo("honcho", "本庁舎", "Main Building", "Asia/Tokyo")
    return read_filters({"lang": language}, Places(site, (site,), ()), datetime(2026, 11, 20, tzinfo=UTC), frozenset())


def text_of(part: Any) -> str:
    """All text in a component, its pieces separated by blanks."""
    if isinstance(part, list):
        return " ".join(map(text_of, part))
    if isinstance(part, dict):
        return text_of(part["props"].get("children", ""))
    return str(part)


def test_counts_of_seats_come_from_the_newest_values(office: Any):
    assert shown(office, words_in("ja"))["seat-counts.children"] == "使用中 15 / 空き 23 / 不明 2（全40席）"


def test_a_seat_that_somebody_takes_is_in_use(office: Any):
    office.play("take_seat", space="4f-s01", at=office.now)
    assert shown(office, words_in("ja"))["seat-counts.children"] == "使用中 16 / 空き 22 / 不明 2（全40席）"


def test_a_rate_stands_with_its_formula_its_coverage_and_a_comparison(office: Any):
    text = text_of(shown(office, words_in("ja"))["seat-utilisation.children"])
    assert "÷" in text
    assert "データ取得率" in text
    assert "昨日の同じ時刻まで" in text


def test_the_rate_leaves_out_what_is_not_known(office: Any):
    with connect(office.database) as conn:
        rate = seat_utilisation(read_today(conn, office.site, office.now))
    # 3-03 is dark all day, every seat from 6:30 to 7:15, and the running quarter hour is not in yet.
    known = timedelta(hours=10, minutes=30) - timedelta(minutes=45)
    assert rate.known_s == 39 * known.total_seconds()
    assert rate.coverage == pytest.approx(
        rate.known_s / (40 * timedelta(hours=10, minutes=37, seconds=5).total_seconds())
    )


def test_a_booth_has_minutes_uses_rate_and_coverage(office: Any):
    table = text_of(shown(office, words_in("ja"))["booth-table.children"])
    assert "3階ブース1" in table
    assert "飛び込み（ボタン、件）" in table
    assert "データ取得率" in table


def test_devices_that_need_a_person_come_first(office: Any):
    with connect(office.database) as conn:
        first, second, third, fourth, *_rest = most_urgent_first(read_today(conn, office.site, office.now).devices)
    assert (first.state, first.space_name) == ("never", "3-03")
    assert (second.state, second.space_name) == ("stale", "3-04")
    assert (third.battery_pct, third.space_name) == (12, "4-07")
    assert fourth.state == "alive"


def test_gateways_show_received_missing_and_waiting(office: Any):
    table = text_of(shown(office, words_in("ja"))["gateway-table.children"])
    assert "gw-1 120,021 9 12 0 1" in table


def test_refused_messages_are_counted_by_reason_in_words(office: Any):
    table = text_of(shown(office, words_in("ja"))["quarantine-table.children"])
    assert "登録されていない機器 5" in table


def test_an_office_that_has_just_been_set_up_shows_unknown_and_dashes_not_zeros(empty_office: Any):
    page = shown(empty_office, words_in("ja"))
    assert page["seat-counts.children"] == "使用中 0 / 空き 0 / 不明 40（全40席）"
    assert "—" in text_of(page["seat-utilisation.children"])
    assert "この30日間、カウンターの値は読めていません。" in text_of(page["impressions.children"])
    assert page["gateway-table.children"] == "ゲートウェイからの受信はまだありません。"


def test_the_page_in_english_has_no_japanese_of_ours(office: Any):
    page = shown(office, words_in("en"))
    assert page["tile-seats.children"]["props"]["children"][0]["props"]["children"] == "Seats in use now"
    assert page["seat-counts.children"] == "In use 15 / Free 23 / Unknown 2 (of 40 seats)"


def test_the_layout_carries_no_data(office: Any):
    assert "3-01" not in to_json(today.PAGE.draw(None, filters_for("ja")))


def test_every_region_fills_a_component_of_the_layout():
    layout = json.loads(to_json(list(today.PAGE.draw(None, filters_for("ja")))))
    places = set(ids_in(layout))
    assert {name for region in (*today.NOW, *today.TODAY, *today.QUARTERS) for name, _prop in region.outputs} <= places


def ids_in(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for piece in part for found in ids_in(piece)]
    if not isinstance(part, dict):
        return []
    props = part["props"]
    return [*([props["id"]] if "id" in props else []), *ids_in(props.get("children"))]


def test_an_unknown_site_is_not_ready_rather_than_broken(empty_office: Any):
    with connect(empty_office.database) as conn, pytest.raises(LookupError, match="nowhere"):
        read_now(conn, "nowhere", empty_office.now)


def test_the_snapshot_is_of_one_moment(office: Any):
    with connect(office.database) as conn, conn.transaction():
        before = read_now(conn, office.site, office.now)
        office.play("take_seat", space="4f-s01", at=office.now)
        assert read_now(conn, office.site, office.now) == before
    with psycopg.connect(office.database) as conn:
        assert read_now(conn, office.site, office.now) != before
