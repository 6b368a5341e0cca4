"""Rollups as files: by quarter, hour and day what is known and what is not, stays with their source, held rises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.arranging.rises import Verdict, decide_rise, held_rises
from shigotoba_backend.exports.datasets import Asked
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import Opened, opened
from shigotoba_backend.read.booths import booth_sessions

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

FRIDAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
START, END = datetime(2026, 11, 19, 15, tzinfo=UTC), datetime(2026, 11, 20, 15, tzinfo=UTC)

# The booth on Friday: taken for the quarter from nine, free for ten minutes of the next, free for the one that runs.
QUARTERS = """
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses, sessions)
SELECT space_id, bucket, taken, free, 0, stays
FROM shigotoba.space, (VALUES ('2026-11-20 09:00+09'::timestamptz, 900, 0, 1), ('2026-11-20 09:15+09', 0, 600, 0),
                              ('2026-11-20 11:45+09', 0, 540, 0)) AS told (bucket, taken, free, stays)
WHERE code = '3f-b1'
"""
SENSOR = """
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'b', 'booth_sensor', 60 FROM shigotoba.site;
INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-10-31 15:00Z,)'
FROM shigotoba.device, shigotoba.space WHERE device.code = 'b' AND space.code = '3f-b1';
INSERT INTO shigotoba.booth_session SELECT space_id, during::tstzrange FROM shigotoba.space, (VALUES
('[2026-11-20 09:30+09, 2026-11-20 10:30+09)'), ('[2026-11-20 11:02+09, 2026-11-20 11:10+09)'),
('[2026-11-20 11:30+09, 2026-11-20 11:31+09)')) AS told (during) WHERE code = '3f-b1'
"""
BOOKED_AND_PRESSED = """
INSERT INTO shigotoba.booking (space_id, booked, during, state, source, made_at, checked_in_at, checked_in_by,
    lapses_at, check_in_from)
SELECT space_id, span, span, 'ended', 'phone', '2026-11-19Z', '2026-11-20 09:30+09', 'phone', '2026-11-20 09:10+09',
    '2026-11-20 08:55+09'
FROM shigotoba.space, (VALUES ('[2026-11-20 09:00+09, 2026-11-20 10:00+09)'::tstzrange)) AS told (span)
WHERE code = '3f-b1';
INSERT INTO shigotoba.booth_use (space_id, during, source, started_by)
SELECT space_id, '[2026-11-20 11:00+09, 2026-11-20 11:15+09)', 'button', 1 FROM shigotoba.space WHERE code = '3f-b1'
"""
HOLD = """
INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)
SELECT device_id, 'fax_sent', '2026-11-20 09:00+09', '2026-11-20 09:10+09', 5, 5005, 5000, 'too_fast'
FROM shigotoba.device WHERE kind = 'mfp'
"""


def told(conn: psycopg.Connection, dataset: str, directory: Path, *columns: str, now: datetime = NOON) -> list[object]:
    asked = Asked(organisation="main", site="honcho", first=FRIDAY, last=FRIDAY, now=now)
    made = export(conn, dataset, "json", asked, COMMAND, directory)
    file: Opened = opened("json", made.path)
    places = [file.header.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in file.rows]


def seconds(conn: psycopg.Connection, dataset: str, directory: Path, *dimensions: str) -> dict[object, float]:
    rows = told(conn, dataset, directory, *dimensions, "point", "value")
    return {row[:-1]: row[-1] for row in rows}


def test_a_quarter_an_hour_and_a_day_say_what_is_known_of_a_booth_and_what_is_not(conn, tmp_path) -> None:
    conn.execute(QUARTERS)
    quarters = seconds(conn, "space_use_by_quarter", tmp_path, "quarter")
    nine, quarter_past, running = "2026-11-20T00:00:00+00:00", "2026-11-20T00:15:00+00:00", "2026-11-20T02:45:00+00:00"
    assert [quarters[each, "unknown_time"] for each in (nine, quarter_past, running)] == [0, 300, 360]
    hours = seconds(conn, "space_use_by_hour", tmp_path, "hour")
    points = ("occupied_time", "vacant_time", "unknown_time", "stays")
    assert [hours[nine, point] for point in points] == [900, 600, 2100, 1]
    assert [hours["2026-11-20T02:00:00+00:00", point] for point in points] == [0, 540, 3060, 0]
    assert {hour for hour, _ in hours} == {nine, "2026-11-20T02:00:00+00:00"}
    day = seconds(conn, "space_use", tmp_path, "day")
    known = 900 + 600 + 540
    assert [day["2026-11-20", point] for point in points] == [900, 1140, 12 * 3600 - known, 1]


def test_of_a_quarter_that_has_just_begun_no_more_is_unknown_than_has_passed(conn, tmp_path) -> None:
    conn.execute(QUARTERS)
    just_begun = datetime(2026, 11, 20, 2, 55, tzinfo=UTC)
    rows = told(conn, "space_use_by_quarter", tmp_path, "point", "value", now=just_begun)
    assert [value for point, value in rows if point == "unknown_time"] == [0, 300, 60]


def test_each_stay_says_what_it_began_with_as_the_pages_do(conn, tmp_path) -> None:
    conn.execute(SENSOR)
    conn.execute(BOOKED_AND_PRESSED)
    stays = told(conn, "booth_stays", tmp_path, "began_at", "began_by", "value")
    assert stays == [
        ("2026-11-20T00:30:00+00:00", "booking", 3600.0),
        ("2026-11-20T02:02:00+00:00", "button", 480.0),
        ("2026-11-20T02:30:00+00:00", "presence", 60.0),
    ]
    assert [source for _, source, _ in stays] == [each.source for each in booth_sessions(conn, "honcho", START, END)]


def test_a_booth_without_a_sensor_is_told_by_its_bookings_and_its_button(conn, tmp_path) -> None:
    conn.execute(BOOKED_AND_PRESSED)
    stays = told(conn, "booth_stays", tmp_path, "began_at", "ended_at", "began_by")
    seen = [(each.start, each.end, each.source) for each in booth_sessions(conn, "honcho", START, END)]
    assert [
        (datetime.fromisoformat(start), datetime.fromisoformat(end), source) for start, end, source in stays
    ] == seen
    assert [source for *_, source in stays] == ["booking", "button"]


def test_a_held_rise_is_in_the_files_while_it_waits_and_after_it_was_decided(conn, tmp_path) -> None:
    conn.execute(HOLD)
    columns = ("device", "counter", "value", "unit", "from_value", "cause", "decision", "decision_reason")
    (waits,) = told(conn, "held_rises", tmp_path, *columns)
    assert waits == ("mfp-X001", "fax_sent", 5000, "pages", 5, "too_fast", "waiting", None)
    conn.execute("INSERT INTO shigotoba.point (device_id, name) SELECT device_id, name FROM shigotoba.counter_hold")
    (rise,) = held_rises(conn)
    decide_rise(conn, None, rise.hold_id, Verdict("refuse", "基板の交換", "sato"), COMMAND, END)
    (decided,) = told(conn, "held_rises", tmp_path, *columns)
    assert decided[-2:] == ("refuse", "基板の交換")
