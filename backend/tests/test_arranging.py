"""What a site's administrators change from day to day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND, Sought, entries
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.arranging import calendar, devices, places, serving
from shigotoba_backend.arranging.calendar import HolidayKept
from shigotoba_backend.arranging.places import PlaceKept

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENSOR, SEAT, OTHER = "ble-5448e68f80a5", "3f-s01", "3f-s02"


def move(conn: psycopg.Connection, space: str | None, at: datetime = NOW, device: str = SENSOR) -> None:
    devices.move_device(conn, ("honcho", device, space), at, COMMAND, NOW)


def stays(conn: psycopg.Connection) -> list[Any]:
    query = """SELECT space.code, lower(during), upper(during) FROM shigotoba.assignment
        JOIN shigotoba.device USING (device_id) JOIN shigotoba.space USING (space_id)
        WHERE device.code = %s ORDER BY 2"""
    return conn.execute(query, [SENSOR]).fetchall()


def log(conn: psycopg.Connection) -> list[str]:
    return [each.action for each in entries(conn, Sought(frozenset({"honcho"}), whole=False))]


def test_a_sensor_that_moves_keeps_its_past_where_it_was(conn: psycopg.Connection):
    began = stays(conn)[0][1]
    move(conn, None)
    move(conn, OTHER, NOW + HOUR)
    assert stays(conn) == [(SEAT, began, NOW), (OTHER, NOW + HOUR, None)]
    kept = next(each for each in devices.devices(conn, "honcho", NOW) if each.code == SENSOR)
    assert (kept.space, kept.next_space, kept.next_at) == (None, OTHER, NOW + HOUR)
    assert log(conn) == ["device.move", "device.move"]


def refused(do: Callable[[], None]) -> str:
    with pytest.raises(ProblemError) as problem:
        do()
    return problem.value.code


def test_a_move_into_the_past_of_nothing_or_on_top_of_another_is_refused(conn: psycopg.Connection):
    assert refused(lambda: move(conn, OTHER, NOW - HOUR)) == "past_is_settled"
    assert refused(lambda: move(conn, "9f-s99")) == "no_such_space"
    assert refused(lambda: move(conn, OTHER, device="ble-none")) == "no_such_device"
    assert refused(lambda: move(conn, SEAT)) == "already_there"
    move(conn, OTHER, NOW + DAY)
    assert refused(lambda: move(conn, None, NOW + HOUR)) == "moved_later"
    assert log(conn) == ["device.move"]


def test_places_are_named_and_added_and_codes_are_checked(conn: psycopg.Connection):
    places.rename_site(conn, "honcho", ("本庁舎 別館", "Annex"), COMMAND)
    places.put_floor(conn, "honcho", "5f", ("5階", "5th floor"), 5, COMMAND)
    seat = PlaceKept("5f-s01", "5-01", "5f", "seat", "window", 1)
    places.add_place(conn, "honcho", seat, COMMAND)
    places.change_place(conn, "honcho", "5f-s01", "窓 1", ("focus", 2), COMMAND)
    assert PlaceKept("5f-s01", "窓 1", "5f", "seat", "focus", 2) in places.places(conn, "honcho")
    assert refused(lambda: places.add_place(conn, "honcho", seat, COMMAND)) == "code_taken"
    assert refused(lambda: devices.add_device(conn, "honcho", "a b", "mfp", 60.0, COMMAND)) == "not_a_code"
    assert refused(lambda: places.rename_site(conn, "honcho", (" ", "x"), COMMAND)) == "name_missing"
    assert log(conn) == ["space.put", "space.put", "floor.put", "site.change"]


def test_opening_hours_change_from_a_day_on_and_what_was_stays(conn: psycopg.Connection):
    week = ("honcho", (1, 2, 3, 4, 5))
    calendar.set_hours(conn, week, TODAY, (510, 1035), COMMAND, TODAY)
    calendar.set_hours(conn, ("honcho", (5,)), TODAY + 7 * DAY, (600, 720), COMMAND, TODAY)
    calendar.set_hours(conn, ("honcho", (5,)), TODAY + 7 * DAY, None, COMMAND, TODAY)
    friday = [each for each in calendar.hours(conn, "honcho", TODAY) if each.weekday == 5]
    assert [(each.first, each.beyond, each.opens_min) for each in friday] == [(TODAY, TODAY + 7 * DAY, 510)]
    assert refused(lambda: calendar.set_hours(conn, week, TODAY - DAY, None, COMMAND, TODAY)) == "hours_in_the_past"
    backwards = (1035, 510)
    assert refused(lambda: calendar.set_hours(conn, week, TODAY, backwards, COMMAND, TODAY)) == "end_not_after_start"


def test_holidays_and_closures_are_entered_once_and_taken_back(conn: psycopg.Connection):
    newyear = HolidayKept(date(2026, 12, 29), date(2027, 1, 3), "年末年始", "New Year")
    calendar.add_holiday(conn, "honcho", newyear, COMMAND)
    assert refused(lambda: calendar.add_holiday(conn, "honcho", newyear, COMMAND)) == "calendar_overlaps"
    assert calendar.holidays(conn, "honcho", TODAY) == [newyear]
    calendar.drop_holiday(conn, "honcho", newyear.first, COMMAND)
    assert refused(lambda: calendar.drop_holiday(conn, "honcho", newyear.first, COMMAND)) == "no_such_entry"

    calendar.add_closure(conn, ("honcho", SEAT), (NOW, None), "椅子の修理", COMMAND)
    (closure,) = calendar.closures(conn, "honcho", NOW)
    assert (closure.space, closure.until) == (SEAT, None)
    calendar.end_closure(conn, "honcho", closure.closure_id, COMMAND, NOW + HOUR)
    assert calendar.closures(conn, "honcho", NOW + HOUR) == []
    again = closure.closure_id
    assert refused(lambda: calendar.end_closure(conn, "honcho", again, COMMAND, NOW + HOUR)) == "no_such_entry"
    assert log(conn) == ["closure.end", "closure.add", "holiday.drop", "holiday.add"]


SECTIONS = """
INSERT INTO shigotoba.section (organisation_id, code, name, name_en)
SELECT organisation_id, named, named, named FROM shigotoba.organisation, unnest('{somu,zeimu}'::text[]) AS named
"""


def test_seats_and_printers_serve_a_section_from_a_day_on_and_another_from_a_later_one(conn: psycopg.Connection):
    conn.execute(SECTIONS)
    spring, autumn = date(2026, 4, 1), date(2026, 10, 1)

    def serve(codes: list[str], section: str | None, first: date) -> list[str]:
        return serving.serve(conn, "honcho", codes, section, first, COMMAND)

    def on(day: date) -> dict[str, str | None]:
        return {each.code: each.section for each in serving.servings(conn, "honcho", day)}

    places_there = set(on(spring))
    assert set(serve(["*"], "somu", spring)) == places_there > {SEAT}
    assert serve([SEAT], "somu", autumn) == []
    assert serve([SEAT], "zeimu", autumn) == [SEAT]
    assert (on(date(2026, 9, 30))[SEAT], on(autumn)[SEAT], on(autumn)[OTHER]) == ("somu", "zeimu", "somu")
    assert refused(lambda: serve([SEAT], None, spring)) == "serves_later"
    assert serve([SEAT], None, autumn) == [SEAT]
    assert (on(date(2026, 9, 30))[SEAT], on(autumn)[SEAT]) == ("somu", None)
    assert refused(lambda: serve(["9f-*"], "somu", autumn)) == "no_such_space"
    assert refused(lambda: serve([SEAT], "nobody", autumn)) == "no_such_section"
    assert log(conn) == ["space.serve"] * (len(places_there) + 2)
