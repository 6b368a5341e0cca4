"""Completeness: holes, what waits at the gateway, what was refused, what share of today is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.read.coverage import GatewayCoverage, coverage
from shigotoba_wire.health import AgentHealth, DriverHealth, DriverState, GatewayHealth, encode_health

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

MIDNIGHT = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
"""In Tokyo, the twentieth."""

NOW = MIDNIGHT + timedelta(hours=10)
AN_HOUR_AGO = NOW - timedelta(hours=1)

ENTER = """
INSERT INTO shigotoba.ledger (site_id, gateway, epoch, received, updated_at)
SELECT site_id, 'gw-1', %s, %s::int8multirange, %s FROM shigotoba.site
"""
REPORT = """
INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-1', %s, %s::jsonb FROM shigotoba.site
"""
REFUSE = """
INSERT INTO shigotoba.quarantine (topic, gateway, reason, detail, payload, digest, repeats)
VALUES ('t', 'gw-1', %s, '', '', %s, %s)
"""
KNOW = """
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, bucket, 300, 600, 0
FROM shigotoba.space, generate_series(%(start)s::timestamptz, %(last)s, interval '15 minutes') AS bucket
WHERE code = ANY(%(spaces)s)
"""


def received(conn: psycopg.Connection, ranges: str, epoch: str = "e1") -> None:
    """``ranges`` as PostgreSQL writes them: ``[1,101)`` is the first hundred."""
    conn.execute(ENTER, [epoch, "{" + ranges + "}", AN_HOUR_AGO])


def reported(conn: psycopg.Connection, next_seq: int, waiting: int, set_aside: int = 0, epoch: str = "e1") -> None:
    drivers = tuple(DriverHealth(name, DriverState.RUNNING, 5, {}, restarts=2) for name in ("ble", "enocean"))
    at_ms = int(NOW.timestamp() * 1000)
    agent = AgentHealth("edge-1", at_ms, at_ms, "a", 1, 0, drivers)
    health = GatewayHealth("gw-1", at_ms, at_ms - 60_000, epoch, next_seq, waiting, set_aside, agents=(agent,))
    conn.execute(REPORT, [NOW, encode_health(health).decode()])


def gateway(conn: psycopg.Connection) -> GatewayCoverage:
    (found,) = coverage(conn, "honcho", NOW).gateways
    return found


def know(conn: psycopg.Connection, hours: float, *spaces: str) -> None:
    """Makes the last ``hours`` before now known."""
    columns = {"start": NOW - timedelta(hours=hours), "last": NOW - timedelta(minutes=15), "spaces": list(spaces)}
    conn.execute(KNOW, columns)


def test_nothing_has_arrived_is_not_everything_has(conn):
    found = coverage(conn, "honcho", NOW)
    assert (found.gateways, found.quarantined, found.known_share_today) == ((), {}, 0.0)


def test_an_unbroken_epoch_lacks_nothing(conn):
    received(conn, "[1,101)")
    assert gateway(conn) == GatewayCoverage("gw-1", 100, 0, 1, None, None, None, None, None, AN_HOUR_AGO)


def test_numbers_skipped_below_the_highest_are_missing(conn):
    received(conn, "[1,11),[21,31),[41,42)")
    assert (gateway(conn).received, gateway(conn).missing) == (21, 20)


def test_an_epoch_that_does_not_begin_at_one_lacks_its_beginning(conn):
    received(conn, "[6,11)")
    assert gateway(conn).missing == 5


def test_what_waits_at_the_gateway_is_not_missing(conn):
    received(conn, "[1,101)")
    reported(conn, next_seq=131, waiting=30)
    assert (gateway(conn).missing, gateway(conn).waiting) == (0, 30)


def test_what_the_gateway_numbered_and_neither_sent_nor_kept_is_missing(conn):
    received(conn, "[1,101)")
    reported(conn, next_seq=131, waiting=20)
    assert gateway(conn).missing == 10


def test_a_hole_is_missing_even_while_others_wait(conn):
    received(conn, "[1,51),[61,101)")
    reported(conn, next_seq=131, waiting=30)
    assert gateway(conn).missing == 10


def test_batches_set_aside_for_a_person_are_told_apart_from_missing_ones(conn):
    received(conn, "[1,51),[61,101)")
    reported(conn, next_seq=101, waiting=0, set_aside=10)
    assert (gateway(conn).missing, gateway(conn).set_aside) == (0, 10)


def test_health_older_than_the_last_commit_makes_nothing_missing(conn):
    received(conn, "[1,101)")
    reported(conn, next_seq=51, waiting=50)
    assert gateway(conn).missing == 0


def test_a_new_spool_is_a_new_epoch_and_holes_of_the_old_one_stay(conn):
    received(conn, "[1,5),[9,11)", epoch="old")
    received(conn, "[1,4)", epoch="new")
    reported(conn, next_seq=4, waiting=0, epoch="new")
    found = gateway(conn)
    assert (found.received, found.missing, found.epochs) == (9, 4, 2)


def test_a_gateway_that_only_reported_health_is_listed(conn):
    reported(conn, next_seq=11, waiting=4)
    found = gateway(conn)
    assert (found.received, found.missing, found.epochs, found.received_at) == (0, 6, 0, None)
    assert (found.restarts, found.health_at, found.started_at) == (4, NOW, NOW - timedelta(minutes=1))


def test_refusals_are_counted_by_reason_with_their_repeats(conn):
    conn.execute(REFUSE, ["malformed", "d1", 0])
    conn.execute(REFUSE, ["malformed", "d2", 3])
    conn.execute(REFUSE, ["future_time", "d1", 1])
    assert coverage(conn, "honcho", NOW).quarantined == {"malformed": 5, "future_time": 2}


def test_the_known_share_counts_spaces_with_a_sensor_from_midnight_in_tokyo(conn):
    know(conn, 5, "3f-s01")
    assert coverage(conn, "honcho", NOW).known_share_today == pytest.approx(0.25)
    know(conn, 24, "3f-s02")
    assert coverage(conn, "honcho", NOW).known_share_today == pytest.approx(0.75)


def test_a_sensor_that_came_today_is_expected_from_then_on(conn):
    conn.execute("UPDATE shigotoba.assignment SET during = tstzrange(%s, NULL)", [NOW - timedelta(hours=2)])
    know(conn, 2, "3f-s01")
    assert coverage(conn, "honcho", NOW).known_share_today == pytest.approx(0.5)


def test_at_midnight_or_without_sensors_no_share_can_be_told(conn):
    assert coverage(conn, "honcho", MIDNIGHT).known_share_today is None
    conn.execute("DELETE FROM shigotoba.assignment")
    assert coverage(conn, "honcho", NOW).known_share_today is None
