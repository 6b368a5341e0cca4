"""Rollups in a real database: which buckets a late, repeated or foreign reading changes, and which it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal

from shigotoba_backend.rollups.intervals import DAY_MS
from shigotoba_backend.rollups.readings import MANY_DAYS, readings_in
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import step
from shigotoba_testing.stored import NINE, Told, deliver, everything

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

SEAT, ROCKER, MFP = "ble-5448e68f80a5", "enocean-fe001122", "mfp-X001"


def work_off(conn: psycopg.Connection, most: int = 1000) -> None:
    while step(conn, most):
        pass


def seat_use(conn: psycopg.Connection) -> dict[int, tuple[float, float, int]]:
    """Occupied and vacant seconds and revision of the first seat, by minutes after nine."""
    rows = conn.execute(
        "SELECT bucket, occupied_s, vacant_s, revision FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)"
        " WHERE space.code = '3f-s01' ORDER BY bucket"
    )
    return {(bucket - NINE) // timedelta(minutes=1): (taken, free, revision) for bucket, taken, free, revision in rows}


def printed(conn: psycopg.Connection) -> dict[int, tuple[int | None, int]]:
    """Total impressions and revision by hours after nine."""
    rows = conn.execute("SELECT bucket, impressions_total, revision FROM shigotoba.printing_hour ORDER BY bucket")
    return {(bucket - NINE) // timedelta(hours=1): (total, revision) for bucket, total, revision in rows}


def uses(conn: psycopg.Connection) -> list[tuple[int, int, int]]:
    """Start and end of the booth's uses in minutes after nine, and the press that began them."""
    rows = conn.execute("SELECT lower(during), upper(during), started_by FROM shigotoba.booth_use ORDER BY during")
    minute = timedelta(minutes=1)
    return [((start - NINE) // minute, (end - NINE) // minute, started_by) for start, end, started_by in rows]


def seat(at_s: int, seq: int, occupied: int) -> Told:
    return Told(SEAT, "occupancy", at_s, seq, occupied)


def press(minute: int, seq: int, label: str) -> Told:
    return Told(ROCKER, "button", minute * 60, seq, label)


def counter(minute: int, seq: int, value: float) -> Told:
    return Told(MFP, "impressions_total", minute * 60, seq, value)


def heartbeats(first_minute: int, last_minute: int, occupied: int) -> list[Told]:
    return [seat(minute * 60, minute, occupied) for minute in range(first_minute, last_minute + 1)]


def test_occupied_time_lands_in_the_buckets_it_was_in(conn):
    deliver(conn, heartbeats(0, 20, 1) + heartbeats(21, 40, 0))
    work_off(conn)
    assert seat_use(conn) == {0: (900.0, 0.0, 1), 15: (360.0, 540.0, 1), 30: (0.0, 600.0, 1)}
    assert conn.execute("SELECT count(*) FROM shigotoba.touched").fetchone() == (0,)


def test_many_readings_come_in_bulk_as_few_do_by_rows(conn):
    deliver(conn, heartbeats(0, 20, 1) + heartbeats(21, 40, 0))
    (point_id,) = conn.execute("SELECT point_id FROM shigotoba.point WHERE name = 'occupancy'").fetchone()
    end_ms = int(NINE.timestamp() * 1000) + DAY_MS
    starts_ms = [end_ms - days * DAY_MS for days in (2, MANY_DAYS + 1)]
    windows = [pl.DataFrame({"point_id": [point_id], "start_ms": [each], "end_ms": [end_ms]}) for each in starts_ms]
    few, many = (readings_in(conn, window) for window in windows)
    assert few.height == 41
    assert_frame_equal(few, many, check_row_order=False)


def test_late_readings_change_the_buckets_they_touch_and_no_others(conn):
    on_time = [told for told in heartbeats(0, 40, 1) if not 17 <= told.seq <= 20]
    deliver(conn, on_time)
    work_off(conn)
    assert seat_use(conn) == {0: (900.0, 0.0, 1), 15: (600.0, 0.0, 1), 30: (600.0, 0.0, 1)}
    deliver(conn, heartbeats(17, 20, 1))
    work_off(conn)
    assert seat_use(conn) == {0: (900.0, 0.0, 1), 15: (900.0, 0.0, 2), 30: (600.0, 0.0, 1)}


def test_readings_a_year_late_make_their_own_buckets_and_touch_no_others(conn):
    conn.execute("UPDATE shigotoba.assignment SET during = tstzrange('2025-01-01Z', NULL)")
    year_s = 365 * 86_400
    deliver(conn, heartbeats(0, 40, 1))
    work_off(conn)
    before = everything(conn)
    deliver(conn, [seat(minute * 60 - year_s, minute, 1) for minute in range(5)])
    work_off(conn)
    year_ago = {minutes: use for minutes, use in seat_use(conn).items() if minutes < 0}
    assert year_ago == {-year_s // 60: (240.0, 0.0, 1)}
    assert [row for row in everything(conn)[0] if row["bucket"] >= NINE] == before[0]


def test_a_repeated_delivery_changes_nothing_not_even_a_revision(conn):
    told = [*heartbeats(0, 20, 1), press(3, 1, "AI"), press(9, 2, "AO"), counter(0, 1, 100), counter(70, 2, 130)]
    deliver(conn, told)
    work_off(conn)
    before = everything(conn)
    deliver(conn, told)
    work_off(conn)
    assert everything(conn) == before


def test_a_late_counter_reading_moves_pages_from_the_hour_of_the_next_one(conn):
    deliver(conn, [counter(10, 1, 100), counter(200, 3, 160)])
    work_off(conn)
    assert printed(conn) == {3: (60, 1)}
    deliver(conn, [counter(100, 2, 150)])
    work_off(conn)
    assert printed(conn) == {1: (50, 1), 3: (10, 2)}


def test_points_that_feed_no_rollup_are_taken_and_leave_no_row(conn):
    deliver(conn, [Told(SEAT, "battery_pct", 0, 1, 93), Told(SEAT, "battery_pct", 60, 2, 92)])
    assert step(conn) == 1
    assert not any(everything(conn))
    assert step(conn) == 0


def test_noise_among_counters_is_passed_over(conn):
    deliver(conn, [counter(10, 1, 100), counter(20, 2, 1e300), counter(30, 3, -5), counter(65, 4, 110)])
    work_off(conn)
    assert printed(conn) == {1: (10, 1)}


def test_a_counter_read_while_the_clock_was_set_back_counts_no_page_twice(conn):
    deliver(conn, [counter(1, 1, 88), counter(3, 2, 88), counter(2, 3, 100)._replace(uncertain=True)])
    work_off(conn)
    deliver(conn, [counter(5, 4, 112)])
    work_off(conn)
    told = conn.execute("SELECT impressions_total, resets, held FROM shigotoba.printing_hour").fetchall()
    assert told == [(24, 0, 0)], "nothing twice, no counter that began again, no rise for a person to judge"


def test_a_press_delivered_twice_and_late_has_one_effect(conn):
    deliver(conn, [press(30, 3, "AO")])
    work_off(conn)
    assert uses(conn) == []
    deliver(conn, [press(0, 1, "AI"), press(0, 1, "AI"), Told(ROCKER, "button", 1, 2, "released")])
    work_off(conn)
    assert uses(conn) == [(0, 30, 1)]
    deliver(conn, [press(20, 9, "BO")])
    work_off(conn)
    assert uses(conn) == [(0, 20, 1)]


def test_a_use_over_midnight_is_one_use(conn):
    midnight = 15 * 60
    deliver(conn, [press(midnight - 10, 1, "AI")])
    work_off(conn)
    deliver(conn, [press(midnight + 20, 2, "AO")])
    work_off(conn)
    assert uses(conn) == [(midnight - 10, midnight + 20, 1)]


def test_presses_without_an_end_to_them_are_played_from_where_they_begin(conn):
    entering = [press(50 * number, number, "AI") for number in range(20)]
    deliver(conn, [*entering, press(960, 20, "AO")])
    work_off(conn)
    deliver(conn, [press(959, 30, "AI")])
    work_off(conn)
    assert uses(conn) == [(0, 960, 0)]


def test_a_moved_sensor_takes_its_time_along_only_from_then_on(conn):
    deliver(conn, heartbeats(0, 29, 1))
    work_off(conn)
    assert seat_use(conn) == {0: (900.0, 0.0, 1), 15: (840.0, 0.0, 1)}
    moved_at = NINE + timedelta(minutes=15)
    conn.execute(
        "WITH moved AS (UPDATE shigotoba.assignment SET during = tstzrange(lower(during), %(at)s)"
        "  FROM shigotoba.device WHERE device.device_id = assignment.device_id AND device.code = %(sensor)s"
        "  RETURNING assignment.device_id)"
        " INSERT INTO shigotoba.assignment (device_id, space_id, during)"
        " SELECT device_id, space_id, tstzrange(%(at)s, NULL) FROM moved, shigotoba.space WHERE code = '3f-s02'",
        {"at": moved_at, "sensor": SEAT},
    )
    rebuild(conn)
    assert seat_use(conn) == {0: (900.0, 0.0, 1)}
    assert conn.execute("SELECT bucket, occupied_s FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)"
                        " WHERE code = '3f-s02'").fetchall() == [(moved_at, 840.0)]  # fmt: skip


def test_days_are_summed_up_again_when_the_site_changes_its_time_zone(conn):
    deliver(conn, [*heartbeats(0, 10, 1), *heartbeats(900, 910, 1)])
    work_off(conn)
    days = "SELECT day::text, occupied_s FROM shigotoba.{} ORDER BY day"
    tables = ("use_day", "use_floor_day")
    assert [conn.execute(days.format(table)).fetchall() for table in tables] == [
        [("2026-11-20", 600.0), ("2026-11-21", 600.0)]
    ] * 2
    conn.execute("UPDATE shigotoba.site SET time_zone = 'UTC'")
    assert [conn.execute(days.format(table)).fetchall() for table in tables] == [[("2026-11-20", 1200.0)]] * 2


def test_a_quarter_of_a_space_that_there_is_not_is_refused_and_no_space_goes_while_it_has_quarters(conn):
    deliver(conn, heartbeats(0, 20, 1))
    work_off(conn)
    columns = "space_id, bucket, occupied_s, vacant_s, presses"
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="no space 9999"):
        conn.execute(f"INSERT INTO shigotoba.use_15min ({columns}) VALUES (9999, now(), 1, 2, 3)")
    conn.execute("DELETE FROM shigotoba.assignment")
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="use_day"):
        conn.execute("DELETE FROM shigotoba.space WHERE code = '3f-s01'")
