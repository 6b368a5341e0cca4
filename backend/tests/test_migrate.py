"""Migrations: in order, once, by one at a time, and never behind somebody's back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shigotoba_backend.store.migrate import Migration, MigrationError, migrate, pending, shipped

FIRST = Migration(1, "first", b"CREATE TABLE shigotoba.first (id int)")
SECOND = Migration(2, "second", b"CREATE TABLE shigotoba.second (id int)")
BROKEN = Migration(3, "broken", b"CREATE TABLE shigotoba.third (id int); SELECT 1 / 0")


def test_the_shipped_files_are_numbered_from_one_without_a_gap() -> None:
    assert [migration.number for migration in shipped()] == list(range(1, len(shipped()) + 1))


@pytest.mark.integration
def test_a_second_run_applies_nothing(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        assert migrate(conn, shipped()) == shipped()
        assert migrate(conn, shipped()) == []
        assert pending(conn, shipped()) == []


@pytest.mark.integration
def test_concurrent_starts_apply_each_file_once(empty_database: str) -> None:
    def start(_: int) -> int:
        with psycopg.connect(empty_database, autocommit=True) as conn:
            return len(migrate(conn, shipped()))

    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(start, range(4)))
    assert sum(applied) == len(shipped())


@pytest.mark.integration
def test_an_applied_file_that_was_changed_is_refused(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        migrate(conn, [FIRST])
        with pytest.raises(MigrationError, match=r"0001_first was applied with checksum \w+, but the file has"):
            migrate(conn, [Migration(1, "first", b"SELECT 1"), SECOND])
        assert migrate(conn, [FIRST, SECOND]) == [SECOND]


@pytest.mark.integration
def test_an_older_version_leaves_a_newer_schema_in_peace(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        migrate(conn, [FIRST, SECOND])
        assert pending(conn, [FIRST]) == []
        assert migrate(conn, [FIRST]) == []


@pytest.mark.integration
def test_a_failing_file_leaves_nothing_of_itself_and_keeps_those_before_it(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(conn, [FIRST, BROKEN])
        assert pending(conn, [FIRST, BROKEN]) == [BROKEN]
        row = conn.execute("SELECT to_regclass('shigotoba.first'), to_regclass('shigotoba.third')").fetchone()
        assert row is not None
        assert row[0] is not None
        assert row[1] is None


@pytest.mark.integration
def test_months_are_cut_in_utc_even_in_a_session_in_tokyo(native: psycopg.Connection) -> None:
    conn = native
    conn.execute("SET timezone = 'Asia/Tokyo'")
    conn.execute("SET datestyle = 'SQL, DMY'")
    for instant in ("2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2026-11-30T23:59:59Z"):
        conn.execute("SELECT shigotoba.ensure_reading_month_v1(%s)", (instant,))
        conn.execute("INSERT INTO shigotoba.reading VALUES (1, %s, 1, 1.0, NULL, false)", (instant,))
    # By name, for what Citus distributes says "reading" as its table.
    months = [conn.execute(f"SELECT count(*) FROM shigotoba.reading_2026_{month}").fetchone() for month in (10, 11)]
    assert months == [(1,), (2,)]


@pytest.mark.integration
def test_a_month_made_by_two_workers_at_once_is_made_once(native: psycopg.Connection, database: str) -> None:
    def make(_: int) -> None:
        with psycopg.connect(database) as other:
            other.execute("SELECT shigotoba.ensure_reading_month_v1('2026-05-05T00:00:00Z')")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    row = native.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass").fetchone()
    assert row == (1,)
