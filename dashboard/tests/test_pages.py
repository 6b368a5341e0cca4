"""Every page, drawn from a database without a browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_of
from shigotoba_backend.upkeep.layout import make_months_ahead
from shigotoba_dashboard.files import KINDS
from shigotoba_dashboard.house import House, NoSuchPageError, NotForYouError
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.seats.types import seat_type
from shigotoba_dashboard.visitors import EVERYBODY, Visitor
from shigotoba_dashboard.words import words_in

pytestmark = pytest.mark.integration

ADDRESSES = [
    "",
    "today",
    "paper",
    "paper?figure=copy_paper_purchased",
    "booths",
    "seats?floor=3f&period=FY2026",
    "effects",
    "initiative",
    "data?series=electronic_decision_rate",
    "devices",
]
TAKEN_BY_QUARTER = """
    SELECT round((sum(open_occupied_s) / 900)::numeric, 6)
    FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)
    WHERE kind = 'seat' AND (bucket AT TIME ZONE 'Asia/Tokyo')::date BETWEEN %(first)s AND %(last)s
    GROUP BY bucket HAVING sum(open_occupied_s + open_vacant_s) > 0"""
A_READING_OF_A_PRINTER = """
    INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
    SELECT point_id, %(at)s, 1, 4711, false FROM shigotoba.point JOIN shigotoba.device USING (device_id)
    WHERE device.kind = 'mfp' AND point.name = 'impressions_total' ORDER BY device.code LIMIT 1
    RETURNING (SELECT device.code FROM shigotoba.device JOIN shigotoba.point USING (device_id)
               WHERE point.point_id = reading.point_id)"""
NOBODY = Visitor("", None, lambda _action, _site: False)


@pytest.fixture
def house(settled_house: House) -> House:
    return settled_house


def shown(house: House, address: str, visitor: Visitor = EVERYBODY) -> str:
    """Everything a page says, as JSON."""
    path, _, search = address.partition("?")
    drawn = house.show(f"/dashboard/{path}", search, visitor)
    return json.dumps(json.loads(to_json([drawn.title, drawn.content])), ensure_ascii=False)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_drawn_in_both_languages(house: House, address: str):
    english = f"{address}{'&' if '?' in address else '?'}lang=en"
    assert "ありません" not in shown(house, english)
    assert shown(house, address) != shown(house, english)


def test_a_rate_on_the_screen_is_time_over_time_inside_opening_hours(house: House):
    filters, records = house.records("seats", "period=2026-11-04..2026-11-06", "seats-by-day", EVERYBODY)
    occupied, known = (sum(float(str(row[place])) for row in records.rows) for place in (2, 3))
    assert f"{occupied / known:.1%}" in shown(house, f"seats?{filters.query()}")
    # 39 of 40 seats are heard, 8:30 to 17:15.
    assert [row[3] for row in records.rows] == [39 * 8.75] * 3


def test_a_holiday_is_closed_a_day_without_data_is_not_zero_and_a_late_change_is_marked(house: House):
    _filters, records = house.records("seats", "period=2026-11-02..2026-11-13", "seats-by-day", EVERYBODY)
    by_day = {str(row[0]): row for row in records.rows}
    assert by_day["2026-11-03"][1] is None
    assert by_day["2026-11-03"][-1] == "閉庁"
    assert by_day["2026-11-10"][1:3] == (None, None)
    assert by_day["2026-11-10"][-1] == "データなし"
    assert by_day["2026-11-12"][-1] == "更新"
    assert isinstance(by_day["2026-11-12"][1], float)


def test_the_peak_has_its_moment_and_fewer_seats_would_have_been_enough(house: House):
    text = shown(house, "seats?level=90")
    assert "最大同時利用 32.6席（全40席、うち把握 39席）" in text
    # Of 19 open days two are unknown, of 40 seats one.
    assert f"データ取得率 {17 * 39 / (19 * 40):.1%}。センサーが黙っている席は使用中に数えません" in text
    assert "2026/10/28(水) 11:00" in text
    _filters, enough = house.records("seats", "", "seats-enough", EVERYBODY)
    seats = [row[1] for row in enough.rows]
    assert seats == sorted(seats, key=int)
    assert seats[-1] == 33


def test_hours_that_so_many_seats_would_have_been_short_are_counted(house: House, settled_office: Any):
    filters, enough = house.records("seats", "period=2026-10", "seats-enough", EVERYBODY)
    asked = {"first": filters.elapsed.first, "last": filters.elapsed.last}
    with psycopg.connect(settled_office.database) as conn:
        taken = [float(each) for (each,) in conn.execute(TAKEN_BY_QUARTER, asked)]
    counted = [sum(each > int(str(row[1])) for each in taken) / 4 for row in enough.rows]
    assert [row[3] for row in enough.rows] == counted
    assert len(set(counted)) > 2


def test_seats_by_type_say_what_the_indicators_say_and_nothing_of_a_part_of_a_type(house: House, settled_office: Any):
    _filters, table = house.records("seats", "period=2026-10", "seats-by-type", EVERYBODY)
    october = [month(2026, 10)]
    scopes = [Scope("seat_type", f"honcho/{code}") for code in ("big_table", "family_booth", "focus", "window")]
    with psycopg.connect(settled_office.database) as conn:
        told = values_of(conn, ["seat_utilisation"], scopes, october, "single_month", settled_office.now)
    by_name = {seat_type(scope.part, words_in("ja")): value for (_key, scope), (value,) in told.items()}
    assert {row[0] for row in table.rows} == set(by_name)
    for name, _seats, rate, *_sums, remarks in table.rows:
        value = by_name[str(name)]
        assert (rate is None) == (value.value is None)
        assert rate is None or float(str(rate)) * 100 == pytest.approx(value.value)
        assert (remarks == "5人未満のため非表示") == (value.reason == "small_cell")
    _filters, on_floor = house.records("seats", "period=2026-10&floor=3f", "seats-by-type", EVERYBODY)
    assert {row[2:6] for row in on_floor.rows} == {(None, None, None, None)}
    assert "拠点全体でのみ表示します" in shown(house, "seats?period=2026-10&floor=3f")


def test_a_type_of_which_nothing_is_known_has_no_hours_not_zero(house: House):
    _filters, table = house.records("seats", "period=2026-11-10..2026-11-10", "seats-by-type", EVERYBODY)
    assert {(row[3], row[5], row[6]) for row in table.rows} == {(None, None, "データなし")}


def test_a_weekly_pattern_shows_a_cell_from_four_such_weekdays_on(house: House):
    _filters, records = house.records("seats", "", "seats-by-hour", EVERYBODY)
    for _weekday, _hour, rate, _occupied, _known, days in records.rows:
        assert (rate is None) == (int(str(days)) < 4)


def test_a_device_that_needs_somebody_comes_with_the_next_step(house: House):
    text = shown(house, "devices")
    assert "対応が必要なもの 4件" in text
    assert "電池を交換してください" in text
    assert "欠落 9件" in text


def test_a_number_leads_down_to_what_a_sensor_said(house: House):
    assert "space=3f-s05" in shown(house, "seats")
    assert "device?device=ble-" in shown(house, "space?space=3f-s05")
    assert "この日の測定値は0件です" in shown(house, "device?device=mfp-none")


def test_a_printers_figure_leads_to_what_it_said_on_a_day(house: House, settled_office: Any):
    with psycopg.connect(settled_office.database) as conn:
        make_months_ahead(conn, settled_office.now)
        ((printer,),) = conn.execute(A_READING_OF_A_PRINTER, {"at": settled_office.now}).fetchall()
    _filters, parts = house.records("paper", "figure=impressions", "paper-by-part", EVERYBODY)
    (link,) = [link for link in parts.links if link and f"device={printer}" in link]
    assert "この日の測定値は1件です" in shown(house, link.removeprefix("/dashboard/"))
    _filters, months = house.records("paper", "figure=impressions", "paper-by-month", EVERYBODY)
    assert {link for row, link in zip(months.rows, months.links, strict=True) if row[1] is not None} == {"#parts"}


def test_a_figure_of_bookings_leads_to_each_booking_for_who_may_see_single_ones(house: House, settled_office: Any):
    settled_office.play("some_bookings")
    assert "/dashboard/booths?period=2026-10#each" in shown(house, "booths")
    _filters, months = house.records("booths", "", "booths-by-month", EVERYBODY)
    assert "/dashboard/booths?period=2026-10" in months.links
    _filters, booths = house.records("booths", "period=2026-10", "bookings-by-booth", EVERYBODY)
    assert booths.rows[0][1:] == ("3f-b1", 2, 2.0, 1, 1, 1, 1.08)
    assert booths.links[0] == "/dashboard/space?period=2026-10&space=3f-b1#bookings"
    _filters, each = house.records("space", "period=2026-10&space=3f-b1", "bookings", EVERYBODY)
    assert [row[2:] for row in each.rows] == [("直前取消", None, 0), ("空予約", None, 50), ("利用済み", 40, 15)]
    _filters, uses = house.records("space", "period=2026-10-27..2026-10-27&space=3f-b1", "uses", EVERYBODY)
    assert [row[2:] for row in uses.rows] == [(10, "在室センサーのみ"), (34, "予約あり")]
    assert "3階ブース1　2026年10月" in shown(house, "space?period=2026-10&space=3f-b1")
    of_the_whole = replace(EVERYBODY, may=lambda action, _site: action is not Action.SEE_SECTIONS)
    with pytest.raises(NoSuchPageError):
        house.records("space", "period=2026-10&space=3f-b1", "bookings", of_the_whole)
    assert "予約1件ずつの内容は" in shown(house, "space?period=2026-10&space=3f-b1", of_the_whole)


def test_the_office_today_hands_out_what_it_shows_and_single_seats_to_who_may_see_them(house: House):
    _filters, booths = house.records("today", "", "booths-today", EVERYBODY)
    assert "/dashboard/space?site=honcho&space=3f-b1&period=2026-11-20..2026-11-20" in booths.links
    _filters, seats = house.records("today", "", "seats-now", EVERYBODY)
    assert len(seats.rows) == 40
    of_the_whole = replace(EVERYBODY, may=lambda action, _site: action is not Action.SEE_SECTIONS)
    assert "seats-now.csv" not in shown(house, "today", of_the_whole)
    with pytest.raises(NoSuchPageError):
        house.records("today", "", "seats-now", of_the_whole)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_table_of_a_page_is_a_file_of_each_kind(house: House, address: str):
    path, _, search = address.partition("?")
    page = PAGES[path]
    filters = house._filters(dict(pair.split("=") for pair in search.split("&") if pair), page, EVERYBODY)
    tables = page.records(house._tables(page, filters), filters)
    shelf = page.records(house._view(page, filters), filters)
    assert [(table.key, table.caption) for table in shelf] == [(table.key, table.caption) for table in tables]
    assert len({table.key for table in tables}) == len(tables)
    for table in tables:
        assert len({field.key for field in table.fields}) == len(table.fields)
        assert all(kind.make(table) for kind in KINDS.values())


def test_an_unknown_page_a_page_that_is_not_open_and_an_unknown_table_are_told_apart(house: House):
    assert "ページが見つかりません" in shown(house, "nowhere")
    assert "このページを見る権限がありません" in shown(house, "seats", NOBODY)
    with pytest.raises(NoSuchPageError):
        house.records("seats", "", "salaries", EVERYBODY)


def test_a_mistake_of_ours_is_said_on_the_page_and_noted_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def mistaken(*_asked: object) -> None:
        raise ZeroDivisionError("a mistake")

    broken: Any = replace(PAGES["booths"], read=mistaken)
    monkeypatch.setattr("shigotoba_dashboard.house.find", lambda _path: broken)
    house.answers.forget()
    assert "プログラムの誤りです" in shown(house, "booths?floor=3f")
    assert "a mistake" in caplog.text


def test_bookings_by_month_are_those_of_the_chosen_floor(house: House):
    def told(search: str) -> dict[str, object]:
        _filters, table = house.records("booths", search, "booths-by-month", EVERYBODY)
        return dict(zip((field.key for field in table.fields), table.rows[0], strict=True))

    whole, third, fourth = told(""), told("floor=3f"), told("floor=4f")
    assert len({each["booth_utilisation"] for each in (whole, third, fourth)}) == 3
    assert set(whole) - set(third) == {"booth_unmet_demand"}
    assert "断念数は拠点全体でのみ分かります" in shown(house, "booths?floor=3f")
    assert "断念数は拠点全体でのみ分かります" not in shown(house, "booths")


def test_figures_are_taken_home_only_by_who_may(house: House):
    looker = replace(EVERYBODY, may=lambda action, _site: action is not Action.EXPORT_FIGURES)
    with pytest.raises(NotForYouError):
        house.records("seats", "", "seats-by-day", looker)


def test_every_page_of_the_menu_needs_a_role(house: House):
    assert all("権限がありません" in shown(house, page.path, NOBODY) for page in PAGES.values())
