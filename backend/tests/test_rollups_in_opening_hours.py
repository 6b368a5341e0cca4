"""Use inside opening hours, revisions, sessions in booths, and held rises: in a real database."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from shigotoba_backend.arranging.rises import held_rises
from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.rollups.worker import calendar_step, step
from shigotoba_testing.stored import NINE, Told, deliver

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

SEAT, MFP = "ble-5448e68f80a5", "mfp-X001"
OPEN_FROM_NINE_TO_TEN = """
INSERT INTO shigotoba.opening_hours SELECT site_id, 5, '[2020-01-01,)', '[540,600)' FROM shigotoba.site
"""


def minutes_of(conn: psycopg.Connection) -> list[tuple[float, float, int]]:
    """Open and occupied, open and vacant minutes of the seat's day, and its stays."""
    rows = conn.execute(
        "SELECT open_occupied_s / 60, open_vacant_s / 60, sessions FROM shigotoba.use_day"
        " JOIN shigotoba.space USING (space_id) WHERE code = '3f-s01' ORDER BY day"
    )
    return rows.fetchall()


def revised(conn: psycopg.Connection) -> list[bool]:
    rows = conn.execute("SELECT revised_at IS NOT NULL FROM shigotoba.use_day ORDER BY space_id, day").fetchall()
    return [row[0] for row in rows]


def sessions(conn: psycopg.Connection) -> list[tuple[int, int]]:
    """Start and end in minutes after nine."""
    rows = conn.execute("SELECT lower(during), upper(during) FROM shigotoba.booth_session ORDER BY during").fetchall()
    return [((start - NINE) // timedelta(minutes=1), (end - NINE) // timedelta(minutes=1)) for start, end in rows]


def there(first_minute: int, last_minute: int, occupied: int = 1) -> list[Told]:
    return [Told(SEAT, "occupancy", m * 60, m, occupied) for m in range(first_minute, last_minute + 1)]


def counter(minute: float, value: float) -> Told:
    return Told(MFP, "impressions_total", minute * 60, int(minute), value)


def work_off(conn: psycopg.Connection) -> None:
    while step(conn) or calendar_step(conn):
        pass


def printed(conn: psycopg.Connection) -> list[tuple[int | None, int]]:
    return conn.execute("SELECT impressions_total, held FROM shigotoba.printing_hour ORDER BY bucket").fetchall()


def test_only_what_lies_inside_opening_hours_counts_as_open(conn):
    conn.execute(OPEN_FROM_NINE_TO_TEN)
    deliver(conn, there(-10, 4) + there(5, 70, 0))
    work_off(conn)
    assert minutes_of(conn) == [(5.0, 55.0, 1)]


def test_without_opening_hours_nothing_is_open(conn):
    deliver(conn, there(0, 30))
    work_off(conn)
    assert minutes_of(conn) == [(0.0, 0.0, 1)]


def test_a_closure_entered_afterwards_takes_its_time_out_and_one_taken_back_returns_it(conn):
    conn.execute(OPEN_FROM_NINE_TO_TEN)
    deliver(conn, there(0, 60))
    work_off(conn)
    close = (
        "INSERT INTO shigotoba.closure SELECT site_id, space_id, tstzrange(%s, %s), '故障' FROM shigotoba.space"
        " WHERE code = '3f-s01'"
    )
    conn.execute(close, [NINE + timedelta(minutes=10), NINE + timedelta(minutes=25)])
    work_off(conn)
    assert minutes_of(conn) == [(45.0, 0.0, 1)]
    conn.execute("DELETE FROM shigotoba.closure")
    work_off(conn)
    assert minutes_of(conn) == [(60.0, 0.0, 1)]


def test_a_holiday_entered_afterwards_closes_its_day(conn):
    conn.execute(OPEN_FROM_NINE_TO_TEN)
    deliver(conn, there(0, 60))
    work_off(conn)
    conn.execute("INSERT INTO shigotoba.holiday SELECT site_id, '[2026-11-20,2026-11-21)', '', '' FROM shigotoba.site")
    work_off(conn)
    assert minutes_of(conn) == [(0.0, 0.0, 1)]


def test_a_day_that_late_readings_change_is_marked_as_revised_once_it_was_old(conn):
    deliver(conn, there(0, 20))
    work_off(conn)
    deliver(conn, there(30, 40))
    work_off(conn)
    assert revised(conn) == [False]
    conn.execute("UPDATE shigotoba.use_day SET computed_at = computed_at - interval '27 hours'")
    deliver(conn, there(21, 29))
    work_off(conn)
    assert revised(conn) == [True]
    assert conn.execute("SELECT revised_at IS NOT NULL FROM shigotoba.use_floor_day").fetchall() == [(True,)]


def test_an_hour_of_a_printer_that_late_readings_change_is_marked_and_so_is_every_value_of_it(conn):
    def marked() -> list[bool]:
        rows = conn.execute("SELECT revised_at IS NOT NULL FROM shigotoba.printing_hour ORDER BY bucket").fetchall()
        return [row[0] for row in rows]

    def value() -> IndicatorValue:
        asked = [month(2026, 11)], "single_month", NINE + timedelta(days=1)
        return indicator_values(conn, "impressions", site("honcho"), *asked)[0]

    deliver(conn, [counter(0, 100), counter(30, 130), counter(70, 150)])
    work_off(conn)
    deliver(conn, [counter(40, 140)])
    work_off(conn)
    assert (marked(), value().value, value().revised_at) == ([False, False], 50, None)
    conn.execute("UPDATE shigotoba.printing_hour SET computed_at = computed_at - interval '121 minutes'")
    deliver(conn, [counter(50, 145)])
    work_off(conn)
    assert (printed(conn), marked()) == ([(45, 0), (5, 0)], [True, True])
    assert (value().value, value().revised_at is not None) == (50, True)


def test_late_readings_join_and_split_the_sessions_of_a_booth(conn):
    conn.execute("UPDATE shigotoba.space SET kind = 'booth' WHERE code = '3f-s01'")
    deliver(conn, there(0, 10) + there(20, 30))
    work_off(conn)
    assert sessions(conn) == [(0, 10), (20, 30)]
    deliver(conn, there(11, 19))
    work_off(conn)
    assert sessions(conn) == [(0, 30)]
    deliver(conn, [Told(SEAT, "occupancy", m * 60, 99, 0) for m in range(12, 20)])
    work_off(conn)
    assert sessions(conn) == [(0, 12), (20, 30)]


def test_a_space_that_goes_to_another_floor_takes_its_sums_along(conn):
    deliver(conn, there(0, 10))
    work_off(conn)
    conn.execute("INSERT INTO shigotoba.floor (site_id, code, name, name_en, level) VALUES (1, '4f', '', '', 4)")
    conn.execute("UPDATE shigotoba.space SET floor_id = (SELECT floor_id FROM shigotoba.floor WHERE code = '4f')"
                 " WHERE code = '3f-s01'")  # fmt: skip
    floors = conn.execute("SELECT code, occupied_s FROM shigotoba.use_floor_day JOIN shigotoba.floor USING (floor_id)")
    assert floors.fetchall() == [("4f", 600.0)]


def test_while_a_history_is_loaded_the_gap_before_today_is_not_todays_printing(conn):
    week = 7 * 24 * 60
    deliver(conn, [counter(0, 90_000), counter(1, 90_002)])
    work_off(conn)
    deliver(conn, [counter(hour * 60 - week, 80_000 + hour * 10) for hour in range(40)])
    work_off(conn)
    assert printed(conn)[-1] == (2, 1)
    assert [rise.cause for rise in held_rises(conn)] == ["long_gap"]
    deliver(conn, [counter(hour * 60 - week, 80_000 + hour * 59.5) for hour in range(40, 168)])
    work_off(conn)
    assert held_rises(conn) == []
    assert sum(total for total, _ in printed(conn)) == 10_002
