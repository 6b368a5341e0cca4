"""Sums over rollups: days in the site's time zone, and zero that is not missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import psycopg
import pytest

from shigotoba_backend.read.booths import BoothUse, booth_uses
from shigotoba_backend.read.printing import DayPrinting, printing_by_day
from shigotoba_backend.read.use import BucketUse, DayUse, SpaceUse, use_by_bucket, use_by_day, use_by_hour, use_by_space

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

JST = timezone(timedelta(hours=9))
FRIDAY = date(2026, 11, 20)

PUT_USE = """
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, %(bucket)s, %(occupied_s)s, %(vacant_s)s, %(presses)s FROM shigotoba.space WHERE code = %(space)s
"""
PUT_PRINTING = """
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, fax_sent, resets)
SELECT device_id, %(bucket)s, %(total)s, %(fax_sent)s, %(resets)s FROM shigotoba.device WHERE code = 'mfp-X001'
"""
PUT_BOOTH_USE = """
INSERT INTO shigotoba.booth_use (space_id, during, source, started_by)
SELECT space_id, tstzrange(%s, %s), 'button', 1 FROM shigotoba.space WHERE code = '3f-b1'
"""
OTHER_SITE = """
WITH site AS (
    INSERT INTO shigotoba.site (code, name, name_en, time_zone)
    VALUES ('kuyakusho', '区役所', 'Ward office', 'Asia/Tokyo')
    RETURNING site_id
), floor AS (
    INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
    SELECT site_id, '1f', '1階', '1st floor', 1 FROM site
    RETURNING floor_id, site_id
), space AS (
    INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
    SELECT site_id, floor_id, '1f-s01', 'seat', '席', 1, 0, 0 FROM floor
    RETURNING space_id
)
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, %s, 900, 0, 0 FROM space
"""


def tokyo(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JST).astimezone(UTC)


def put_use(
    conn: psycopg.Connection, space: str, bucket: datetime, occupied_s: float, vacant_s: float, presses: int = 0
):
    columns = {"space": space, "bucket": bucket, "occupied_s": occupied_s, "vacant_s": vacant_s, "presses": presses}
    conn.execute(PUT_USE, columns)


def put_printing(
    conn: psycopg.Connection, bucket: datetime, total: int | None, fax_sent: int | None = None, resets: int = 0
):
    conn.execute(PUT_PRINTING, {"bucket": bucket, "total": total, "fax_sent": fax_sent, "resets": resets})


def test_use_of_spaces_sums_the_quarters_that_begin_in_the_period(conn):
    put_use(conn, "3f-s01", tokyo(8, 45), 900, 0)
    put_use(conn, "3f-s01", tokyo(9), 600, 300)
    put_use(conn, "3f-s01", tokyo(9, 15), 0, 900)
    put_use(conn, "3f-s01", tokyo(9, 30), 900, 0)
    put_use(conn, "3f-b1", tokyo(9), 100, 0, presses=2)
    assert use_by_space(conn, "honcho", tokyo(9), tokyo(9, 30)) == [
        SpaceUse("3f-b1", "ブース1", "3f", "booth", 100.0, 100.0, 2),
        SpaceUse("3f-s01", "席1", "3f", "seat", 600.0, 1800.0, None),
        SpaceUse("3f-s02", "席2", "3f", "seat", None, 0.0, None),
    ]


@pytest.mark.parametrize(
    ("start", "end", "occupied_s"),
    [
        (tokyo(0), tokyo(0, day=23), 111_000.0),
        (tokyo(9), tokyo(0, day=23), 110_000.0),
        (tokyo(9), tokyo(9, day=22), 10_000.0),
        (tokyo(8), tokyo(9, 15, day=22), 111_000.0),
        (tokyo(9), tokyo(8, day=21), 0.0),
        (tokyo(8, 45), tokyo(9), 1_000.0),
    ],
)
def test_use_over_days_adds_whole_days_and_the_quarters_at_both_ends(conn, start, end, occupied_s):
    put_use(conn, "3f-s01", tokyo(8, 45), 1_000, 1)
    put_use(conn, "3f-s01", tokyo(9, day=21), 10_000, 0)
    put_use(conn, "3f-s01", tokyo(9, day=22), 100_000, 0)
    put_use(conn, "3f-s01", tokyo(23, day=20), 0, 1)
    found = {use.space: use.occupied_s for use in use_by_space(conn, "honcho", start, end)}
    assert found["3f-s01"] == occupied_s


def test_hours_sum_the_quarters_of_all_floors(conn):
    put_use(conn, "3f-s01", tokyo(9), 600, 300)
    put_use(conn, "3f-s01", tokyo(9, 45), 0, 450)
    put_use(conn, "3f-s02", tokyo(9, 15), 0, 100)
    put_use(conn, "3f-s02", tokyo(10), 0, 900)
    assert use_by_hour(conn, "honcho", "seat", tokyo(9), tokyo(10)) == [BucketUse(tokyo(9), "seat", 600.0, 1450.0, 2)]


def test_use_by_day_of_one_floor_leaves_the_others_out(conn):
    put_use(conn, "3f-s01", tokyo(9), 600, 300)
    assert use_by_day(conn, "honcho", "seat", FRIDAY, FRIDAY, "3f") == [DayUse(FRIDAY, "seat", 600.0, 900.0, 1)]
    assert use_by_day(conn, "honcho", "seat", FRIDAY, FRIDAY, "4f") == [DayUse(FRIDAY, "seat", None, 0.0, 0)]


def test_a_vacant_seat_has_zero_occupied_seconds_and_a_silent_one_none(conn):
    put_use(conn, "3f-s01", tokyo(9), 0, 900)
    put_use(conn, "3f-b1", tokyo(9), 0, 0, presses=1)
    found = {use.space: use for use in use_by_space(conn, "honcho", tokyo(9), tokyo(10))}
    assert (found["3f-s01"].occupied_s, found["3f-s01"].known_s) == (0.0, 900.0)
    assert (found["3f-s02"].occupied_s, found["3f-s02"].known_s) == (None, 0.0)
    assert (found["3f-b1"].occupied_s, found["3f-b1"].known_s, found["3f-b1"].presses) == (None, 0.0, 1)


def test_a_button_nobody_pressed_has_zero_presses_and_a_seat_without_button_none(conn):
    found = {use.space: use.presses for use in use_by_space(conn, "honcho", tokyo(9), tokyo(10))}
    assert found == {"3f-b1": 0, "3f-s01": None, "3f-s02": None}


def test_buckets_sum_the_spaces_of_a_kind_and_leave_out_what_is_not_known(conn):
    put_use(conn, "3f-s01", tokyo(9), 600, 300)
    put_use(conn, "3f-s02", tokyo(9), 0, 450)
    put_use(conn, "3f-s01", tokyo(9, 30), 0, 900)
    put_use(conn, "3f-b1", tokyo(9, 15), 0, 0, presses=1)
    assert use_by_bucket(conn, "honcho", "seat", tokyo(0), tokyo(23)) == [
        BucketUse(tokyo(9), "seat", 600.0, 1350.0, 2),
        BucketUse(tokyo(9, 30), "seat", 0.0, 900.0, 1),
    ]
    assert use_by_bucket(conn, "honcho", "booth", tokyo(0), tokyo(23)) == []


def test_a_day_begins_at_midnight_in_tokyo_and_not_at_nine(conn):
    put_use(conn, "3f-s01", tokyo(23, 45, day=19), 1, 0)
    put_use(conn, "3f-s01", tokyo(0), 10, 0)
    put_use(conn, "3f-s01", tokyo(8, 45), 100, 0)
    put_use(conn, "3f-s01", tokyo(9), 1000, 0)
    put_use(conn, "3f-s01", tokyo(23, 45), 10_000, 0)
    put_use(conn, "3f-s01", tokyo(0, day=21), 100_000, 0)
    days = use_by_day(conn, "honcho", "seat", FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1))
    assert [(day.day.day, day.occupied_s) for day in days] == [(19, 1.0), (20, 11_110.0), (21, 100_000.0)]


def test_every_day_is_listed_and_one_without_data_says_so(conn):
    put_use(conn, "3f-s01", tokyo(9), 0, 900)
    assert use_by_day(conn, "honcho", "seat", FRIDAY, FRIDAY + timedelta(days=1)) == [
        DayUse(FRIDAY, "seat", 0.0, 900.0, 1),
        DayUse(FRIDAY + timedelta(days=1), "seat", None, 0.0, 0),
    ]


def test_the_fiscal_year_turns_at_midnight_in_tokyo(conn):
    last, first = date(2026, 3, 31), date(2026, 4, 1)
    put_use(conn, "3f-s01", datetime(2026, 3, 31, 14, 45, tzinfo=UTC), 31, 0)
    put_use(conn, "3f-s01", datetime(2026, 3, 31, 15, 0, tzinfo=UTC), 1, 0)
    assert [day.occupied_s for day in use_by_day(conn, "honcho", "seat", last, first)] == [31.0, 1.0]


def test_days_of_a_zone_with_summer_time_keep_their_hour(conn):
    conn.execute("UPDATE shigotoba.site SET time_zone = 'Europe/Helsinki'")
    changeover = date(2026, 10, 25)
    for hour in range(21, 47):
        put_use(conn, "3f-s01", datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour), 1, 0)
    days = use_by_day(conn, "honcho", "seat", changeover, changeover + timedelta(days=1))
    assert [day.occupied_s for day in days] == [25.0, 1.0]


def test_sites_do_not_mix(conn):
    conn.execute(OTHER_SITE, [tokyo(9)])
    assert use_by_bucket(conn, "honcho", "seat", tokyo(0), tokyo(23)) == []
    assert {use.known_s for use in use_by_space(conn, "honcho", tokyo(0), tokyo(23))} == {0.0}
    assert use_by_day(conn, "honcho", "seat", FRIDAY, FRIDAY)[0].spaces == 0
    assert [use.space for use in use_by_space(conn, "kuyakusho", tokyo(0), tokyo(23))] == ["1f-s01"]


def test_printing_tells_zero_from_missing_by_counter_and_by_day(conn):
    put_printing(conn, tokyo(9), 30, 0)
    put_printing(conn, tokyo(10), 12, None, resets=1)
    saturday = FRIDAY + timedelta(days=1)
    assert printing_by_day(conn, "honcho", FRIDAY, saturday) == [
        DayPrinting(FRIDAY, 42, None, None, None, None, 0, None, 1, 0, 1),
        DayPrinting(saturday, None, None, None, None, None, None, None, None, None, 0),
    ]


def test_pages_printed_before_nine_in_tokyo_belong_to_that_day(conn):
    put_printing(conn, tokyo(23, day=19), 1)
    put_printing(conn, tokyo(0), 10)
    put_printing(conn, tokyo(8), 100)
    put_printing(conn, tokyo(9), 1000)
    days = printing_by_day(conn, "honcho", FRIDAY - timedelta(days=1), FRIDAY)
    assert [day.impressions_total for day in days] == [1, 1110]


def test_booth_uses_that_reach_into_the_period_come_unclipped_and_touching_ones_do_not(conn):
    conn.execute(PUT_BOOTH_USE, [tokyo(8), tokyo(9)])
    conn.execute(PUT_BOOTH_USE, [tokyo(9, 30), tokyo(10, 30)])
    conn.execute(PUT_BOOTH_USE, [tokyo(11), tokyo(12)])
    assert booth_uses(conn, "honcho", tokyo(9), tokyo(11)) == [BoothUse("3f-b1", tokyo(9, 30), tokyo(10, 30), "button")]
    assert booth_uses(conn, "kuyakusho", tokyo(9), tokyo(11)) == []
