"""Rollups in a real database: whatever the order of arrival, they end up as if computed from all readings at once."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import calendar_step, step
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.stored import NINE, Told, deliver

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

SEAT, OTHER_SEAT, ROCKER, MFP = "ble-5448e68f80a5", "ble-5448e68f80a6", "enocean-fe001122", "mfp-X001"


def work_off(conn: psycopg.Connection, most: int = 1000) -> None:
    while step(conn, most):
        pass


def everything(conn: psycopg.Connection) -> list[list[dict[str, object]]]:
    """All rollups."""
    tables = {
        "use_15min": "space_id, bucket",
        "printing_hour": "device_id, bucket",
        "booth_use": "space_id, during",
        "booth_session": "space_id, during",
        "counter_hold": "device_id, name, from_at, to_at",
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        return [cursor.execute(f"SELECT * FROM shigotoba.{table} ORDER BY {key}").fetchall()
                for table, key in tables.items()]  # fmt: skip


def without_revisions(rollups: list[list[dict[str, object]]]) -> list[list[dict[str, object]]]:
    """Revisions and moments of computing tell how rows came about, the rest what is so."""
    about = {"revision", "computed_at", "revised_at", "hold_id"}
    return [[{name: value for name, value in row.items() if name not in about} for row in rows] for rows in rollups]


OPEN_S = "open_occupied_s, open_vacant_s"
KEPT = {
    "use_day": f"space_id, day, occupied_s, vacant_s, presses, {OPEN_S}, sessions",
    "use_floor_hour": f"floor_id, kind, bucket, occupied_s, vacant_s, spaces, {OPEN_S}",
    "use_floor_day": f"floor_id, kind, day, occupied_s, vacant_s, spaces, {OPEN_S}, sessions",
    "use_open_15min": "floor_id, kind, bucket, occupied_s, vacant_s",
}


def kept_sums(conn: psycopg.Connection) -> list[list[tuple]]:
    """By space and day, by floor and hour, by floor and day, by floor and open quarter."""
    return [
        conn.execute(f"SELECT {columns} FROM shigotoba.{table} ORDER BY 1, 2, 3").fetchall()
        for table, columns in KEPT.items()
    ]


def sums_of_quarters(conn: psycopg.Connection) -> list[list[tuple]]:
    """What ``kept_sums`` should be."""
    quarters = (
        "WITH quarter AS (SELECT *, (bucket AT TIME ZONE 'Asia/Tokyo')::date AS day,"
        " occupied_s + vacant_s > 0 AS known, date_trunc('hour', bucket) AS hour,"
        " open_occupied_s + open_vacant_s > 0 AS open"
        " FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id) ORDER BY bucket, space_id) "
    )
    sums, open_sums = "sum(occupied_s), sum(vacant_s)", "sum(open_occupied_s), sum(open_vacant_s)"
    spaces, stays = "count(DISTINCT space_id)::int", "sum(sessions)::int"
    return [
        conn.execute(f"{quarters} SELECT {columns} FROM quarter {rest} ORDER BY 1, 2, 3").fetchall()
        for columns, rest in [
            (f"space_id, day, {sums}, sum(presses)::int, {open_sums}, {stays}", "GROUP BY space_id, day"),
            (f"floor_id, kind, hour, {sums}, {spaces}, {open_sums}", "WHERE known GROUP BY floor_id, kind, hour"),
            (
                f"floor_id, kind, day, {sums}, {spaces}, {open_sums}, {stays}",
                "WHERE known GROUP BY floor_id, kind, day",
            ),
            (f"floor_id, kind, bucket, {open_sums}", "WHERE open GROUP BY floor_id, kind, bucket"),
        ]
    ]


def forget_rollups(conn: psycopg.Connection) -> None:
    conn.execute(
        "TRUNCATE shigotoba.use_15min, shigotoba.printing_hour, shigotoba.booth_use, shigotoba.booth_session,"
        " shigotoba.counter_hold, shigotoba.touched"
    )


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


TIMES_S = st.integers(0, 200).map(lambda steps: steps * 50)
SEQS = st.integers(1, 5)
OCCUPANCY = st.builds(Told, st.sampled_from([SEAT, OTHER_SEAT]), st.just("occupancy"), TIMES_S, SEQS, st.integers(0, 1))
PRESSES = st.builds(
    Told, st.just(ROCKER), st.just("button"), TIMES_S, SEQS, st.sampled_from(["AI", "AO", "BI", "BO", "released"])
)
COUNTERS = st.builds(
    Told, st.just(MFP), st.sampled_from(["impressions_total", "fax_sent"]), TIMES_S, SEQS,
    st.sampled_from([0, 7, 100, 2**31 - 5, 2**32 - 9, 1e300]),
)  # fmt: skip
OPEN_FOR_A_WHILE = """
INSERT INTO shigotoba.opening_hours SELECT site_id, 5, '[2020-01-01,)', '[545,660)' FROM shigotoba.site;
INSERT INTO shigotoba.closure SELECT site_id, space_id, '[2026-11-20 00:50:07Z, 2026-11-20 01:20Z)', ''
FROM shigotoba.space WHERE code = '3f-s02';
UPDATE shigotoba.space SET kind = 'room' WHERE code = '3f-s02'
"""
COMMITS = st.lists(OCCUPANCY | PRESSES | COUNTERS, min_size=1, max_size=12)
ARRIVALS = st.lists(st.tuples(COMMITS, st.integers(0, 3)), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(arrivals=ARRIVALS)
def test_any_order_of_arrival_ends_as_if_everything_had_come_at_once(
    conn: psycopg.Connection, small_site: SiteFile, arrivals: list[tuple[list[Told], int]]
):
    conn.execute("TRUNCATE shigotoba.reading, shigotoba.opening_hours, shigotoba.closure")
    conn.execute(OPEN_FOR_A_WHILE)
    while calendar_step(conn):
        pass
    forget_rollups(conn)
    for readings, stretches_worked_off in arrivals:
        deliver(conn, readings)
        if stretches_worked_off:
            step(conn, stretches_worked_off)
    work_off(conn)
    incremental = everything(conn)
    assert kept_sums(conn) == sums_of_quarters(conn)
    rebuild(conn)
    assert everything(conn) == incremental
    forget_rollups(conn)
    rebuild(conn)
    assert without_revisions(everything(conn)) == without_revisions(incremental)
