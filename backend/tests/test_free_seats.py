"""Free seats: by zone and kind, and how full it usually is, on the page of the phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.phone.free_seats import FloorSeats, Group, free_seats
from shigotoba_backend.site.description import Device, SiteFile, Space, Zone
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

FRIDAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SAY = """
WITH point AS (
    INSERT INTO shigotoba.point (device_id, name)
    SELECT device_id, 'occupancy' FROM shigotoba.device WHERE code = %(device)s RETURNING point_id
)
INSERT INTO shigotoba.latest (point_id, at, value, changed_at) SELECT point_id, %(at)s, %(value)s, %(at)s FROM point
"""
AN_HOUR = """
INSERT INTO shigotoba.use_floor_hour (floor_id, kind, bucket, occupied_s, vacant_s, spaces)
SELECT floor_id, 'seat', %(hour)s, %(occupied_s)s, %(vacant_s)s, 4 FROM shigotoba.floor WHERE code = '3f'
"""


@pytest.fixture
def desks(conn: psycopg.Connection, site_file: SiteFile) -> psycopg.Connection:
    """Four seats: a focus and a window seat in the quiet zone, a window seat and a bench in none; three speak."""
    seats = [
        Space("3f-s01", "3f", "seat", "focus", "席1", 1, 1.0, 2.0, "quiet"),
        Space("3f-s02", "3f", "seat", "window", "席2", 1, 2.0, 2.0, "quiet"),
        Space("3f-s03", "3f", "seat", "window", "席3", 1, 3.0, 2.0),
        Space("3f-s04", "3f", "seat", "window", "席4", 2, 4.0, 2.0),
    ]
    sensors = [Device(f"ble-{seat.code[-2:]}", "seat_sensor", seat.code, 60.0) for seat in seats]
    zones = [Zone("quiet", "3f", "静かな区画", "Quiet")]
    import_site(conn, msgspec.structs.replace(site_file, spaces=seats, devices=sensors, zones=zones))
    for device, value in (("ble-01", 0), ("ble-02", 1), ("ble-03", 0)):
        conn.execute(SAY, {"device": device, "at": FRIDAY, "value": value})
    return conn


def only(conn: psycopg.Connection) -> FloorSeats:
    [floor] = free_seats(conn, "honcho", FRIDAY)
    return floor


def test_seats_are_counted_by_zone_and_kind_and_a_silent_one_is_free_in_none(desks: psycopg.Connection) -> None:
    floor = only(desks)
    assert floor.total == Group("", free=2, known=3, seats=4)
    assert floor.by_zone == [Group("", 1, 1, 2), Group("quiet", 1, 2, 2)]
    assert floor.by_kind == [Group("focus", 1, 1, 1), Group("window", 1, 2, 3)]


def test_how_full_it_usually_is_is_said_from_three_such_hours_on(desks: psycopg.Connection) -> None:
    hour = FRIDAY.replace(minute=0)
    # Another hour, another weekday, and longer ago than four weeks say nothing.
    for other in (hour - WEEK + timedelta(hours=1), hour - timedelta(days=1), hour - 5 * WEEK):
        desks.execute(AN_HOUR, {"hour": other, "occupied_s": 9000.0, "vacant_s": 0.0})
    for weeks in (1, 2):
        desks.execute(AN_HOUR, {"hour": hour - weeks * WEEK, "occupied_s": 3600.0, "vacant_s": 3600.0})
    assert only(desks).usual_share is None
    desks.execute(AN_HOUR, {"hour": hour - 4 * WEEK, "occupied_s": 0.0, "vacant_s": 3600.0})
    assert only(desks).usual_share == pytest.approx(7200 / 18_000)


def test_the_page_says_zones_kinds_and_the_usual(desks: psycopg.Connection, web: Doors) -> None:
    web.at = FRIDAY
    for weeks in (1, 2, 3):
        fields = {"hour": FRIDAY.replace(minute=0) - weeks * WEEK, "occupied_s": 1800.0, "vacant_s": 5400.0}
        desks.execute(AN_HOUR, fields)
    page = web.browser("sato", Role.STAFF, home_site="honcho").get("/seats").text
    assert "4席中2席が空き" in page
    assert "（不明1席）" in page
    assert "25%" in page
    row = '<th scope="row">静かな区画</th><td class="number">1</td><td class="number">2</td>'
    assert row in page
