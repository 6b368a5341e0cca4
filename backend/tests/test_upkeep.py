"""Upkeep: retention that spares the rollups, archives that come back equal, what the commands say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl
import psycopg
import pytest

from shigotoba_backend.cli import main
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import step
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.upkeep.archive import ArchiveError, export_month, import_month
from shigotoba_backend.upkeep.layout import Layout, layout_of
from shigotoba_backend.upkeep.retention import RetentionError, drop_expired, expired, kept_from
from shigotoba_backend.upkeep.status import forecast, status_of
from shigotoba_testing.days import AUGUST, NOVEMBER, NOW, PRINTER, SEPTEMBER, day_of, ingest, rows_of
from shigotoba_testing.disk import Disk

ROLLUPS = ("use_15min", "printing_hour", "booth_use")


@pytest.fixture
def site_file(site_file: SiteFile) -> SiteFile:
    """The small site, with its devices in place since the beginning of the year."""
    return msgspec.structs.replace(site_file, assigned_from=datetime(2026, 1, 1, tzinfo=UTC))


def work_off(conn: psycopg.Connection) -> None:
    while step(conn):
        pass


def test_what_is_kept_begins_with_a_month_in_utc() -> None:
    late = datetime(2026, 3, 1, 8, tzinfo=UTC).astimezone()
    assert kept_from(late, 3) == datetime(2025, 12, 1, tzinfo=UTC)
    assert kept_from(late, 1) == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.integration
def test_dropped_readings_leave_their_rollups_for_good(conn: psycopg.Connection, small_site: SiteFile) -> None:
    sent = ingest(conn, AUGUST, SEPTEMBER, NOVEMBER, NOVEMBER + timedelta(days=15), NOW - timedelta(days=1))
    work_off(conn)
    before = rows_of(conn, *ROLLUPS)
    assert all(before)
    assert [piece.size_bytes > 0 for piece in expired(conn, NOVEMBER)] == [True] * len(drop_expired(conn, NOVEMBER))
    assert conn.execute("SELECT min(at) >= '2026-10-25Z' FROM shigotoba.reading").fetchone() == (True,)
    rebuild(conn)
    assert rows_of(conn, *ROLLUPS) == before
    # A late reading of a month that is gone is kept, and spoils nothing.
    ingest(conn, AUGUST + timedelta(minutes=30), first_seq=1 + sent)
    work_off(conn)
    assert rows_of(conn, *ROLLUPS) == before


@pytest.mark.integration
def test_nothing_is_dropped_that_the_rollups_have_yet_to_see(conn: psycopg.Connection, small_site: SiteFile) -> None:
    ingest(conn, AUGUST)
    with pytest.raises(RetentionError, match="are not in the rollups yet"):
        drop_expired(conn, NOVEMBER)
    assert status_of(conn).readings == len(day_of(AUGUST))


# Archive


@pytest.mark.integration
def test_a_month_comes_back_from_parquet_as_it_was(
    conn: psycopg.Connection, small_site: SiteFile, tmp_path: Path
) -> None:
    ingest(conn, SEPTEMBER - timedelta(hours=1), SEPTEMBER + timedelta(days=29, hours=23), NOVEMBER)
    before = rows_of(conn, "reading")
    written = export_month(conn, "honcho", SEPTEMBER, tmp_path)
    assert written.days == 2
    conn.execute("DELETE FROM shigotoba.reading WHERE at >= '2026-09-01Z' AND at < '2026-10-01Z'")
    read = import_month(conn, "honcho", SEPTEMBER, tmp_path)
    assert (read.readings, read.added) == (written.readings, written.readings)
    assert rows_of(conn, "reading") == before
    assert import_month(conn, "honcho", SEPTEMBER, tmp_path).added == 0
    assert rows_of(conn, "reading") == before


@pytest.mark.integration
def test_an_archive_is_on_the_disk_when_it_is_said_to_be(
    conn: psycopg.Connection, small_site: SiteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``storage retain`` drops the readings right after it: a power cut must not find the files in memory only."""
    disk = Disk(monkeypatch)
    ingest(conn, SEPTEMBER, SEPTEMBER + timedelta(days=1))
    written = export_month(conn, "honcho", SEPTEMBER, tmp_path / "new" / "archive").directory
    files = sorted(written.iterdir())
    assert [file.name for file in files] == ["2026-09-01.parquet", "2026-09-02.parquet"]
    assert [file for file in files if not disk.has(file)] == []
    made = [written, *written.parents[:3]]
    assert [place for place in made if not disk.names(place)] == []
    assert made[-1] == tmp_path / "new"


@pytest.mark.integration
def test_an_export_takes_nothing_out_of_an_archive(
    conn: psycopg.Connection, small_site: SiteFile, tmp_path: Path
) -> None:
    sent = ingest(conn, SEPTEMBER)
    work_off(conn)
    file = export_month(conn, "honcho", SEPTEMBER, tmp_path).directory / "2026-09-01.parquet"
    drop_expired(conn, datetime(2026, 10, 1, tzinfo=UTC))
    late = ingest(conn, SEPTEMBER + timedelta(minutes=30), first_seq=1 + sent)
    for _again in range(2):
        assert export_month(conn, "honcho", SEPTEMBER, tmp_path).readings == sent + late
    assert pl.read_parquet(file).height == sent + late
    assert import_month(conn, "honcho", SEPTEMBER, tmp_path).added == sent


@pytest.mark.integration
def test_an_archive_that_cannot_be_taken_is_refused_with_the_place(
    conn: psycopg.Connection, small_site: SiteFile, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveError, match="site 'nowhere' is not known"):
        export_month(conn, "nowhere", SEPTEMBER, tmp_path)
    with pytest.raises(ArchiveError, match="no archive is there"):
        import_month(conn, "honcho", SEPTEMBER, tmp_path)
    ingest(conn, SEPTEMBER)
    written = export_month(conn, "honcho", SEPTEMBER, tmp_path)
    conn.execute("TRUNCATE shigotoba.reading, shigotoba.latest, shigotoba.touched")
    conn.execute("DELETE FROM shigotoba.assignment")
    conn.execute("DELETE FROM shigotoba.point")
    conn.execute("DELETE FROM shigotoba.device WHERE code = %s", (PRINTER,))
    with pytest.raises(ArchiveError, match=f"not known at site 'honcho': {PRINTER}. Import its site file first"):
        import_month(conn, "honcho", SEPTEMBER, tmp_path)
    assert status_of(conn).readings == 0
    (written.directory / "2026-09-01.parquet").write_bytes(b"PAR1")
    with pytest.raises(ArchiveError, match=r"2026-09-01.parquet: cannot be read"):
        import_month(conn, "honcho", SEPTEMBER, tmp_path)
    ingest(conn, SEPTEMBER, first_seq=1 + written.readings)
    with pytest.raises(ArchiveError, match=r"2026-09-01.parquet: cannot be read"):
        export_month(conn, "honcho", SEPTEMBER, tmp_path)


# Status and forecast


@pytest.mark.integration
def test_status_and_forecast_are_plain_arithmetic(conn: psycopg.Connection, small_site: SiteFile) -> None:
    assert forecast(status_of(conn), 10**9) is None
    sent = ingest(conn, AUGUST, NOW - timedelta(days=1))
    status = status_of(conn)
    assert (status.readings, status.oldest_at, status.recent) == (sent, AUGUST, sent // 2)
    assert status.reading_bytes == next(table.size_bytes for table in status.tables if table.name == "reading")
    found = forecast(status, 10**9)
    assert found is not None
    assert found.readings_per_day == sent / 2 / 7
    growth = found.readings_per_day * found.bytes_per_reading + found.other_bytes_per_day
    age_days = ((status.newest_at or NOW) - AUGUST) / timedelta(days=1)
    assert found.other_bytes_per_day == pytest.approx(status.other_bytes / age_days)
    assert found.days_left == pytest.approx(10**9 / growth)
    assert found.share_of_speed == pytest.approx(sent / 14 / 86_400 / 20_000)


@pytest.mark.integration
def test_the_commands_of_storage_say_what_they_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], conn: psycopg.Connection, database: str, small_site: SiteFile
) -> None:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n')

    def storage(*arguments: str) -> tuple[int, str]:
        status = main([*arguments, "--settings", str(settings)])
        said = capsys.readouterr()
        return status, said.out + said.err

    sent = ingest(conn, SEPTEMBER, SEPTEMBER + timedelta(days=1))
    month = ("--month", "2026-09", str(tmp_path / "archive"))
    status, said = storage("storage", "status")
    assert status == 0
    assert f"layout: {layout_of(conn).value}, " in said
    assert f"raw readings: {sent}, from 2026-09-01 00:00Z to 2026-09-02 01:59Z" in said
    assert "1.0 GiB free / " in storage("storage", "plan", "--free-gib", "1")[1]
    assert "= full in " in storage("storage", "plan")[1]
    assert storage("storage", "export", *month)[1].startswith(f"{sent} readings of 2 days written to ")
    assert storage("storage", "import", *month)[1].endswith(", 0 of them added\n")
    status, said = storage("storage", "retain", "--keep-months", "1")
    assert (status, "are not in the rollups yet" in said) == (1, True)
    assert storage("rollup", "rebuild") == (0, "the rollups are what the readings amount to\n")
    assert conn.execute("SELECT count(*) > 0 FROM shigotoba.use_15min").fetchone() == (True,)
    other = "timescale" if layout_of(conn) is Layout.NATIVE else "native"
    settings.write_text(f'layout = "{other}"\n{settings.read_text()}')
    assert storage("migrate")[0] == 1
