from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shigotoba_backend.read.use import BucketUse
from shigotoba_dashboard.dates import midnight
from shigotoba_dashboard.figures.occupancy import BUCKET, Quarter, occupancy_chart, quarters
from shigotoba_dashboard.words import words_in

TOKYO = ZoneInfo("Asia/Tokyo")
JA = words_in("ja")
START = midnight(date(2026, 11, 20), TOKYO)
SEATS = 2


def bucket(number: int, occupied_s: float, known_s: float) -> BucketUse:
    return BucketUse(START + number * BUCKET, "seat", occupied_s, known_s, SEATS)


def day(*buckets: BucketUse, until: datetime) -> tuple[Quarter, ...]:
    return quarters(buckets, START, until, SEATS)


def test_quarter_hours_without_data_are_listed_as_unknown():
    found = day(bucket(0, 900, 1800), bucket(2, 0, 1800), until=START + 3 * BUCKET)
    assert [quarter.use.share for quarter in found] == [0.5, None, 0.0]


def test_the_running_quarter_hour_counts_only_once_something_is_known_of_it():
    until = START + BUCKET + timedelta(minutes=5)
    assert len(day(bucket(0, 900, 1800), until=until)) == 1
    assert len(day(bucket(0, 900, 1800), bucket(1, 60, 600), until=until)) == 2


def test_the_coverage_of_the_running_quarter_hour_is_of_the_time_that_has_passed():
    until = START + timedelta(minutes=5)
    assert day(bucket(0, 0, 300), until=until)[0].use.coverage == 0.5


def test_an_unknown_quarter_hour_is_hatched_and_has_no_bar():
    so_far = day(bucket(0, 900, 1800), bucket(2, 0, 1800), until=START + 3 * BUCKET)
    bars, _yesterday, unknown = occupancy_chart(so_far, (), START + 3 * BUCKET, TOKYO, JA).figure.data
    assert list(bars.y) == [50.0, None, 0.0]
    assert list(unknown.y) == [None, 100, None]


def test_times_on_the_axis_are_those_of_the_site():
    so_far = day(bucket(0, 900, 1800), until=START + BUCKET)
    figure = occupancy_chart(so_far, (), START + BUCKET, TOKYO, JA).figure
    assert list(figure.data[0].x) == ["2026-11-20T00:00:00"]
    assert tuple(figure.layout.xaxis.range) == ("2026-11-20T00:00:00", "2026-11-21T00:00:00")


def test_yesterday_lies_over_the_same_time_of_day():
    before = quarters([], START - timedelta(days=1), START, SEATS)
    figure = occupancy_chart((), before, START, TOKYO, JA).figure
    assert len(figure.data[1].x) == 96
    assert figure.data[1].x[0] == "2026-11-20T00:00:00"


def test_the_sentence_names_the_peak_and_the_gaps():
    so_far = day(bucket(0, 900, 1800), bucket(2, 1800, 1800), until=START + 3 * BUCKET)
    sentence = occupancy_chart(so_far, (), START + 3 * BUCKET, TOKYO, JA).sentence
    assert sentence == "今日もっとも使われたのは 00:30 からの15分間で 100.0% です。データのない15分間は 1 個です。"


def test_a_day_of_which_nothing_is_known_says_so():
    chart = occupancy_chart(day(until=START + BUCKET), (), datetime(2026, 11, 19, 15, 15, tzinfo=UTC), TOKYO, JA)
    assert chart.sentence == "今日の座席の状態はまだ分かっていません。"
    assert chart.table.rows == (("00:00", "—", "—", "0", "0.0%"),)
