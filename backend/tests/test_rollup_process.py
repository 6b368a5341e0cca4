"""The rollup worker as a process: killed, cut off from the database, told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_testing.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

HOURS = 24

MAKE_POINTS = """
INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, 'occupancy' FROM shigotoba.device WHERE kind = 'seat_sensor'
"""
DELIVER_AN_HOUR = """
WITH hour AS (
    SELECT timestamptz '2026-11-20 00:00+09' + %s * interval '1 hour' AS start_at
), told AS (
    INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
    SELECT point_id, start_at + minute * interval '1 minute', minute, (minute / (point_id + 6)) %% 2, false
    FROM hour, shigotoba.point, generate_series(0, 59) AS minute
    RETURNING point_id, at
)
INSERT INTO shigotoba.touched (point_id, from_at, to_at)
SELECT point_id, min(at), max(at) FROM told GROUP BY point_id, date_part('minute', at)::int / 10
"""
ROLLUPS = "SELECT space_id, bucket, occupied_s, vacant_s FROM shigotoba.use_15min ORDER BY space_id, bucket"
CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
CONNECTED = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
ONE_MACHINE_GONE = """
CREATE SEQUENCE shigotoba.tried;
CREATE FUNCTION shigotoba.gone() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM nextval('shigotoba.tried'); RAISE 'machine 2 is gone' USING ERRCODE = 'internal_error'; END $$;
CREATE TRIGGER gone BEFORE DELETE ON shigotoba.touched FOR EACH ROW EXECUTE FUNCTION shigotoba.gone()
"""
NOTHING_TOUCHED = "SELECT count(*) = 0 FROM shigotoba.touched"


class Worker:
    """Rollup processes, one at a time."""

    def __init__(self, settings: Path, log: Path) -> None:
        self._command = [sys.executable, "-m", "shigotoba_backend", "rollup", "--settings", str(settings)]
        self._log = log
        self.process = self._start()

    def kill(self) -> None:
        """SIGKILL, then a new one."""
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, stderr=log)


@pytest.fixture
def worker(database: str, conn: psycopg.Connection, tmp_path: Path) -> Iterator[Worker]:
    """A worker on a database with two seat sensors that have said nothing yet."""
    conn.execute("SELECT shigotoba.ensure_reading_month_v1('2026-11-20')")
    conn.execute(MAKE_POINTS)
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    worker = Worker(settings, tmp_path / "rollup.log")
    yield worker
    worker.process.kill()
    worker.process.wait()


def holds(conn: psycopg.Connection, question: str) -> bool:
    row = conn.execute(question).fetchone()
    return row is not None and row[0]


def check_complete(conn: psycopg.Connection) -> None:
    """What the worker has written is what the readings amount to."""
    written = conn.execute(ROLLUPS).fetchall()
    assert len(written) == 2 * HOURS * 4
    conn.execute("TRUNCATE shigotoba.use_15min")
    rebuild(conn)
    assert conn.execute(ROLLUPS).fetchall() == written


def test_a_worker_killed_again_and_again_neither_loses_nor_repeats_anything(worker: Worker, conn: psycopg.Connection):
    for hour in range(HOURS):
        conn.execute(DELIVER_AN_HOUR, [hour])
        if hour % 6 == 5:
            until(lambda: holds(conn, CONNECTED))
            worker.kill()
    until(lambda: holds(conn, NOTHING_TOUCHED))
    check_complete(conn)


def test_a_worker_that_loses_the_database_says_so_and_goes_on_by_itself(worker: Worker, conn: psycopg.Connection):
    for hour in range(HOURS):
        conn.execute(DELIVER_AN_HOUR, [hour])
        if hour == HOURS // 2:
            until(lambda: holds(conn, NOTHING_TOUCHED))
            conn.execute(CUT_OFF)
    until(lambda: holds(conn, NOTHING_TOUCHED))
    check_complete(conn)
    assert worker.log().count("database lost") == 1
    assert worker.process.poll() is None


def test_a_machine_of_the_database_that_is_gone_for_a_while_is_waited_for(worker: Worker, conn: psycopg.Connection):
    """Citus calls it an internal error when one of several machines does not answer, and the connection lives on."""
    conn.execute(ONE_MACHINE_GONE)
    for hour in range(HOURS):
        conn.execute(DELIVER_AN_HOUR, [hour])
    until(lambda: holds(conn, "SELECT last_value > 2 FROM shigotoba.tried"))
    conn.execute("DROP FUNCTION shigotoba.gone CASCADE")
    until(lambda: holds(conn, NOTHING_TOUCHED))
    check_complete(conn)
    assert worker.log().count("machine 2 is gone") == 1
    assert worker.process.poll() is None


def test_a_worker_told_to_stop_ends_with_success(worker: Worker, conn: psycopg.Connection):
    until(lambda: holds(conn, CONNECTED))
    assert worker.stop() == 0
