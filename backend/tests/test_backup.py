"""A backup, restored into an empty database, is the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql

from shigotoba_backend.cli import main
from shigotoba_backend.ingest.ledger import Claim, claim
from shigotoba_backend.ingest.quarantine import Exhibit, put_exhibits
from shigotoba_backend.upkeep.backup import BackupError, Manifest, back_up, manifest_of, restore
from shigotoba_backend.upkeep.layout import Layout, layout_of, make_months_ahead
from shigotoba_standalone.postgres.binaries import bundled
from shigotoba_testing.disk import Disk
from shigotoba_wire.errors import Refusal

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

PROGRAMS = bundled().program("pg_dump").parent
READINGS = """
INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
SELECT point_id, %(now)s - n * interval '3 hours', n, n %% 2, n %% 5 = 0
FROM shigotoba.point, generate_series(1, 500) AS n
"""
POINTS = "INSERT INTO shigotoba.point (device_id, name) SELECT device_id, 'occupancy' FROM shigotoba.device"
MONTHS = "SELECT shigotoba.ensure_reading_month_v1(now() - n * interval '1 month') FROM generate_series(0, 4) AS n"

COMPRESS = (
    "SELECT compress_chunk(chunk) FROM show_chunks('shigotoba.reading', older_than => interval '40 days') AS chunk"
)
CHUNKS = "SELECT range_start, is_compressed FROM timescaledb_information.chunks ORDER BY range_start"
POLICIES = """
SELECT proc_name, schedule_interval, config - 'hypertable_id' FROM timescaledb_information.jobs
WHERE hypertable_schema = 'shigotoba' ORDER BY 1
"""


@pytest.fixture
def filled(conn: psycopg.Connection) -> psycopg.Connection:
    """Readings over months, spans in the ledger, something refused."""
    make_months_ahead(conn, datetime.now(UTC))
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    conn.execute(POINTS)
    conn.execute(MONTHS)
    conn.execute(READINGS, {"now": datetime.now(UTC)})
    with conn.transaction():
        claim(conn, [Claim((site_id, "gw-1", "e"), 1, 11), Claim((site_id, "gw-1", "e"), 15, 21)])
        put_exhibits(conn, [Exhibit("a/topic", "gw-1", Refusal.MALFORMED, "torn", b"\x00[")])
    return conn


def rows(conn: psycopg.Connection, table: str) -> list[str]:
    query = sql.SQL("SELECT each::text FROM {} AS each ORDER BY 1").format(sql.Identifier("shigotoba", table))
    return [row for (row,) in conn.execute(query).fetchall()]


def test_every_row_of_every_table_comes_back(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monday.dump"
    disk = Disk(monkeypatch)
    made = back_up(filled, database, file, PROGRAMS)
    assert made.rows["reading"] == 2000
    # pg_dump has synced what it wrote; its name and the counts are ours.
    assert (disk.has(manifest_of(file)), disk.names(file)) == (True, True)
    with psycopg.connect(empty_database, autocommit=True) as restored:
        assert restore(restored, empty_database, file, PROGRAMS) == made
        for table in made.rows:
            assert rows(restored, table) == rows(filled, table), table


def test_rows_that_came_while_it_was_made_are_in_neither_the_file_nor_the_counts(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "busy.dump"
    with psycopg.connect(database) as busy:
        busy.execute("DELETE FROM shigotoba.quarantine")
        back_up(filled, database, file, PROGRAMS)
    with psycopg.connect(empty_database, autocommit=True) as restored:
        assert restore(restored, empty_database, file, PROGRAMS).rows["quarantine"] == 1


def test_nothing_is_restored_over_a_database_in_use(filled: psycopg.Connection, database: str, tmp_path: Path) -> None:
    file = tmp_path / "a.dump"
    back_up(filled, database, file, PROGRAMS)
    with pytest.raises(BackupError, match="new, empty database"):
        restore(filled, database, file, PROGRAMS)


def test_a_backup_is_never_written_over(filled: psycopg.Connection, database: str, tmp_path: Path) -> None:
    file = tmp_path / "a.dump"
    file.write_bytes(b"last week's")
    with pytest.raises(BackupError, match="never written over"):
        back_up(filled, database, file, PROGRAMS)
    assert file.read_bytes() == b"last week's"


def test_a_backup_that_lost_rows_is_noticed(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    back_up(filled, database, file, PROGRAMS)
    manifest = manifest_of(file)
    manifest.write_text(manifest.read_text().replace('"reading": 2000', '"reading": 2001'))
    with (
        psycopg.connect(empty_database, autocommit=True) as restored,
        pytest.raises(BackupError, match="reading has 2000 rows instead of 2001"),
    ):
        restore(restored, empty_database, file, PROGRAMS)


@pytest.mark.usefixtures("timescale")
def test_compressed_chunks_come_back_compressed_and_take_more(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    filled.execute(COMPRESS)
    chunks = filled.execute(CHUNKS).fetchall()
    assert any(compressed for _, compressed in chunks)
    kept = filled.execute(POLICIES).fetchall()
    back_up(filled, database, file, PROGRAMS)
    with psycopg.connect(empty_database, autocommit=True) as restored:
        restore(restored, empty_database, file, PROGRAMS)
        assert layout_of(restored) is Layout.TIMESCALE
        # The policy may have gone on with it by now; nothing comes back larger than it was.
        assert set(chunks) - set(restored.execute(CHUNKS)) <= {(since, False) for since, _ in chunks}
        assert restored.execute(POLICIES).fetchall() == kept
        assert rows(restored, "reading") == rows(filled, "reading")
        restored.execute(READINGS, {"now": datetime.now(UTC) + timedelta(minutes=1)})
        assert len(rows(restored, "reading")) == 2 * len(rows(filled, "reading"))


def test_a_backup_of_timescaledb_is_not_restored_where_that_version_is_not(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    made = back_up(filled, database, file, PROGRAMS)
    manifest_of(file).write_bytes(msgspec.json.encode(Manifest(made.rows, "1.0.0")))
    with (
        psycopg.connect(empty_database, autocommit=True) as restored,
        pytest.raises(BackupError, match=r"the backup is of TimescaleDB 1\.0\.0"),
    ):
        restore(restored, empty_database, file, PROGRAMS)


@pytest.mark.parametrize(("programs", "said"), [(Path("/nowhere"), "was not found"), (PROGRAMS, "pg_dump: ")])
def test_a_program_that_is_missing_or_fails_leaves_no_backup(
    filled: psycopg.Connection, tmp_path: Path, programs: Path, said: str
) -> None:
    file = tmp_path / "a.dump"
    with pytest.raises(BackupError, match=said):
        back_up(filled, "host=/nowhere dbname=none", file, programs)
    assert not file.exists()


def test_both_commands_say_what_they_did(
    filled: psycopg.Connection, database: str, empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, total = tmp_path / "a.dump", back_up(filled, database, tmp_path / "b.dump", PROGRAMS).total
    for command, conninfo in (("backup", database), ("restore", empty_database)):
        settings = tmp_path / f"{command}.toml"
        settings.write_text(f'database = "{conninfo}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n')
        assert main([command, str(file), "--programs", str(PROGRAMS), "--settings", str(settings)]) == 0
        assert f"{total} rows of" in capsys.readouterr().out
    assert main(["restore", str(file), "--programs", str(PROGRAMS), "--settings", str(settings)]) == 1
    assert "new, empty database" in capsys.readouterr().err
