"""Bulk reads on a connection of their own: what goes wrong there is told as on the caller's."""

from __future__ import annotations

import psycopg
import pytest

from shigotoba_backend.store import bulk

pytestmark = pytest.mark.integration

ENDS_ITSELF = b"""
SELECT number, CASE WHEN number = 400000 THEN pg_terminate_backend(pg_backend_pid()) END AS ended
FROM generate_series(1, $1::int) AS number
"""


def test_a_server_that_ends_while_rows_come_is_a_lost_database(conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        bulk.bulk_frame(conn, ENDS_ITSELF, [500_000])
    assert conn.execute("SELECT 1").fetchone() == (1,)


def test_who_waits_for_the_callers_lock_does_not_make_the_caller_wait_for_ever(
    conn: psycopg.Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LOCK_TIMEOUT_MS", 100)
    with psycopg.connect(database) as mover:
        mover.execute("LOCK TABLE shigotoba.reading IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            bulk.bulk_frame(conn, b"SELECT value FROM shigotoba.reading WHERE point_id = $1", [1])
    assert bulk.bulk_frame(conn, b"SELECT value FROM shigotoba.reading WHERE point_id = $1", [1]).is_empty()
