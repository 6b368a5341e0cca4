from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shigotoba_backend.read.printing import DayPrinting
from shigotoba_dashboard.figures.printing import fax_chart, impressions_chart
from shigotoba_dashboard.words import words_in

JA = words_in("ja")
MONDAY = date(2026, 11, 16)
NOTHING = DayPrinting(MONDAY, None, None, None, None, None, None, None, None, None, 0)


def printed(days_later: int, total: int | None = 100, resets: int = 0, wraps: int = 0, devices: int = 3) -> DayPrinting:
    return DayPrinting(MONDAY + timedelta(days_later), total, 60, 25, 10, 5, 7, 0, resets, wraps, devices)


def traces(days: list[DayPrinting]) -> dict[str, Any]:
    return {trace.name: trace for trace in impressions_chart(days, JA).figure.data}


def test_impressions_are_stacked_by_function_and_add_up():
    found = traces([printed(0)])
    assert [found[name].y[0] for name in ("印刷", "コピー", "FAX受信", "その他")] == [60, 25, 10, 5]
    assert "内訳不明" not in found


def test_what_a_printer_does_not_itemise_is_drawn_as_such():
    assert list(traces([printed(0, total=130)])["内訳不明"].y) == [30]


def test_a_day_without_data_is_hatched_and_not_zero():
    found = traces([NOTHING, printed(1)])
    assert list(found["印刷"].y) == [None, 60]
    assert found["データなし"].y[0] > 0
    assert found["データなし"].y[1] is None


def test_an_idle_day_is_zero_and_not_hatched():
    idle = DayPrinting(MONDAY, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    found = traces([idle])
    assert list(found["印刷"].y) == [0]
    assert list(found["データなし"].y) == [None]


def test_resets_wraps_and_silent_printers_are_marked_on_their_days():
    found = traces([printed(0), printed(1, resets=1), printed(2, wraps=1), printed(3, devices=2)])
    assert list(found["カウンターのリセット"].x) == ["2026/11/17"]
    assert list(found["カウンターの桁あふれ"].x) == ["2026/11/18"]
    assert list(found["一部の複合機のみ"].x) == ["2026/11/19"]


def test_a_month_without_incidents_has_no_marks():
    assert set(traces([printed(0)])) == {"印刷", "コピー", "FAX受信", "その他", "データなし"}


def test_the_sentence_says_total_peak_gaps_and_that_today_is_not_over():
    sentence = impressions_chart([NOTHING, printed(1, resets=1), printed(2, total=200)], JA).sentence
    assert sentence == (
        "3日間の合計は 300 面、最も多い日は 11/18(水) の 200 面です。データのない日は 1 日、"
        "カウンターのリセットは 1 回です。今日の分は途中までの数です。"
    )


def test_a_month_without_any_reading_says_so():
    assert impressions_chart([NOTHING], JA).sentence == "この1日間、カウンターの値は読めていません。"


def test_the_table_begins_with_today_and_shows_a_dash_for_missing():
    rows = impressions_chart([NOTHING, printed(1, resets=2)], JA).table.rows
    assert rows[0] == ("11/17(火)", "100", "60", "25", "10", "5", "3/3", "カウンターのリセット 2 回")
    assert rows[1] == ("11/16(月)", "—", "—", "—", "—", "—", "0/3", "データなし")


def test_pages_sent_by_fax_have_their_own_axis():
    chart = fax_chart([NOTHING, printed(1)], JA)
    assert list(chart.figure.data[0].y) == [None, 7]
    assert chart.sentence == "2日間のFAX送信は 7 ページです。データのない日は 1 日です。今日の分は途中までの数です。"
