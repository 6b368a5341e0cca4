"""How things are at this moment: states of spaces, signs of life of devices, the clock of changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.read.devices import devices_seen
from shigotoba_backend.read.now import (
    FloorInfo,
    SiteInfo,
    SpaceNow,
    UnknownSiteError,
    floors,
    latest_change,
    site_info,
    spaces_now,
)

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
KEEP_ALIVE = timedelta(seconds=60)
SEAT = "ble-5448e68f80a5"

SAY = """
WITH point AS (
    INSERT INTO shigotoba.point (device_id, name)
    SELECT device_id, %(point)s FROM shigotoba.device WHERE code = %(device)s
    RETURNING point_id
)
INSERT INTO shigotoba.latest (point_id, at, value, changed_at)
SELECT point_id, %(at)s, %(value)s, %(changed_at)s FROM point
"""
ADD_SENSOR_TO_FIRST_SEAT = """
WITH added AS (
    INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
    SELECT site_id, 'ble-000000000002', 'seat_sensor', 60 FROM shigotoba.site
    RETURNING device_id
)
INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT device_id, space_id, tstzrange(%s, NULL) FROM added, shigotoba.space WHERE code = '3f-s01'
"""


def say(
    conn: psycopg.Connection, value: float, ago: timedelta, device: str = SEAT, point: str = "occupancy"
) -> datetime:
    """A newest value, ``ago`` before now, that has been so for an hour before."""
    changed_at = NOW - ago - timedelta(hours=1)
    conn.execute(SAY, {"device": device, "point": point, "value": value, "at": NOW - ago, "changed_at": changed_at})
    return changed_at


def seat(conn: psycopg.Connection) -> tuple[str, datetime | None]:
    found = {space.space: space for space in spaces_now(conn, "honcho", NOW)}["3f-s01"]
    return found.state, found.since


def test_a_site_and_its_floors_say_their_names_in_both_languages(conn):
    assert site_info(conn, "honcho") == SiteInfo("honcho", "本庁舎", "Main building", "Asia/Tokyo")
    assert floors(conn, "honcho") == [FloorInfo("3f", "3階", "3rd floor", 3)]


def test_an_unknown_site_is_named_in_the_error(conn):
    with pytest.raises(UnknownSiteError, match="'kencho'"):
        site_info(conn, "kencho")


def test_every_space_for_people_is_there_even_before_any_reading(conn):
    assert [(space.space, space.state, space.since) for space in spaces_now(conn, "honcho", NOW)] == [
        ("3f-b1", "unknown", None), ("3f-s01", "unknown", None), ("3f-s02", "unknown", None),
    ]  # fmt: skip


def test_a_space_is_what_its_sensor_said_last_and_since_when(conn):
    since = say(conn, 1, ago=timedelta(seconds=10))
    found = next(space for space in spaces_now(conn, "honcho", NOW) if space.space == "3f-s01")
    assert found == SpaceNow(
        "3f-s01", "席1", "3f", "seat", "focus", "occupied", since, 1.0, 2.0, NOW - timedelta(seconds=10)
    )
    assert found.since is not None
    assert found.since.tzinfo is UTC


def test_vacant_is_said_and_not_assumed(conn):
    since = say(conn, 0, ago=timedelta(seconds=10))
    assert seat(conn) == ("vacant", since)


@pytest.mark.parametrize(("ago", "state"), [
    (2.5 * KEEP_ALIVE, "occupied"), (2.5 * KEEP_ALIVE + timedelta(milliseconds=1), "unknown"),
])  # fmt: skip
def test_after_two_and_a_half_keep_alives_of_silence_a_space_is_unknown(conn, ago, state):
    say(conn, 1, ago=ago)
    assert seat(conn)[0] == state


def test_unknown_counts_from_the_last_word_of_the_sensor(conn):
    say(conn, 1, ago=timedelta(hours=2))
    assert seat(conn) == ("unknown", NOW - timedelta(hours=2))


def test_of_two_sensors_one_that_sees_somebody_is_enough_and_a_silent_one_does_not_count(conn):
    conn.execute(ADD_SENSOR_TO_FIRST_SEAT, [NOW - timedelta(days=1)])
    say(conn, 1, ago=timedelta(minutes=10))
    since = say(conn, 0, ago=timedelta(seconds=5), device="ble-000000000002")
    assert seat(conn) == ("vacant", since)
    conn.execute("UPDATE shigotoba.latest SET at = %s WHERE value = 1", [NOW])
    assert seat(conn)[0] == "occupied"


def test_what_a_sensor_said_before_it_came_here_says_nothing(conn):
    say(conn, 1, ago=timedelta(seconds=30))
    conn.execute("UPDATE shigotoba.assignment SET during = tstzrange(%s, NULL)", [NOW - timedelta(seconds=20)])
    assert seat(conn) == ("unknown", None)


def test_devices_are_alive_stale_or_never_heard(conn):
    say(conn, 0, ago=timedelta(seconds=150))
    say(conn, 0, ago=timedelta(seconds=151), device="ble-5448e68f80a6")
    say(conn, 81, ago=timedelta(days=3), device="ble-5448e68f80a6", point="battery_pct")
    say(conn, 0, ago=timedelta(days=2), device="enocean-fe001122", point="button")
    found = {device.device: device for device in devices_seen(conn, "honcho", NOW)}
    assert {code: device.state for code, device in found.items()} == {
        "ble-5448e68f80a5": "alive", "ble-5448e68f80a6": "stale", "enocean-fe001122": "alive", "mfp-X001": "never",
    }  # fmt: skip
    quiet = found["ble-5448e68f80a6"]
    assert (quiet.last_seen_at, quiet.battery_pct) == (NOW - timedelta(seconds=151), 81)
    assert (quiet.space_name, quiet.floor) == ("席2", "3f")
    assert (found["mfp-X001"].last_seen_at, found["mfp-X001"].battery_pct) == (None, None)


def test_a_device_that_is_assigned_nowhere_is_still_listed(conn):
    conn.execute("DELETE FROM shigotoba.assignment")
    assert {(device.space_name, device.floor) for device in devices_seen(conn, "honcho", NOW)} == {(None, None)}
    assert len(devices_seen(conn, "honcho", NOW)) == 4


def test_the_latest_change_is_the_last_commit_of_any_gateway(conn):
    assert latest_change(conn, "honcho") is None
    conn.execute(
        "INSERT INTO shigotoba.ledger (site_id, gateway, epoch, updated_at)"
        " SELECT site_id, gateway, 'e', at FROM shigotoba.site,"
        " (VALUES ('gw-1', %s::timestamptz), ('gw-2', %s)) AS news (gateway, at)",
        [NOW, NOW + timedelta(seconds=1)],
    )
    assert latest_change(conn, "honcho") == NOW + timedelta(seconds=1)


def test_times_come_in_utc_whatever_the_session_thinks(conn):
    conn.execute("SET TIME ZONE 'Asia/Tokyo'")
    say(conn, 1, ago=timedelta(0))
    _, since = seat(conn)
    assert since is not None
    assert since.tzinfo is UTC
