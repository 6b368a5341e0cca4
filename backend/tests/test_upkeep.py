"""Upkeep: layouts, moves that lose nothing, retention that spares the rollups, archives that come back equal."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import psycopg
import pytest

from shigotoba_backend.cli import main
from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import step
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.store.connection import connect
from shigotoba_backend.upkeep.archive import ArchiveError, export_month, import_month
from shigotoba_backend.upkeep.layout import Layout, LayoutError, Offer, chosen, layout_of, make_months_ahead
from shigotoba_backend.upkeep.moving import arrange, move
from shigotoba_backend.upkeep.retention import RetentionError, drop_expired, expired, kept_from
from shigotoba_backend.upkeep.status import forecast, status_of
from shigotoba_testing.waiting import until
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import READINGS, upstream

NOW = datetime(2026, 11, 21, tzinfo=UTC)
AUGUST, SEPTEMBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9, 11))
THERE, NONE = Offer("2.29.2", ""), Offer(None, "the server has no TimescaleDB")
SEAT, ROCKER, PRINTER = "ble-5448e68f80a5", "enocean-fe001122", "mfp-X001"
ROLLUPS = ("use_15min", "printing_hour", "booth_use")


class Message(NamedTuple):
    topic: str
    payload: bytes


@pytest.fixture
def site_file(site_file: SiteFile) -> SiteFile:
    """The small site, with its devices in place since the beginning of the year."""
    return msgspec.structs.replace(site_file, assigned_from=datetime(2026, 1, 1, tzinfo=UTC))


def day_of(at: datetime) -> list[Reading]:
    """Two hours of a day: a seat each minute, a printer each ten, a press at the booth."""
    at_ms = int(at.timestamp() * 1000)
    minutes = [at_ms + minute * 60_000 for minute in range(120)]
    seats = [Reading(SEAT, "occupancy", index % 50 < 30, minute) for index, minute in enumerate(minutes)]
    counters = [Reading(PRINTER, "impressions_total", minute // 60_000, minute) for minute in minutes[::10]]
    return [*seats, *counters, Reading(ROCKER, "button", "AI", at_ms + 5_000)]


def ingest(conn: psycopg.Connection, *days: datetime, first_seq: int = 1) -> int:
    readings = [reading for day in days for reading in day_of(day)]
    for start in range(0, len(readings), 100):
        payload = encode_batch(Batch("honcho", "gw-1", "e", first_seq + start, tuple(readings[start : start + 100])))
        topic = upstream("honcho", "gw-1").up(READINGS)
        store_or_isolate(conn, Catalogue(conn), [Message(topic, payload)], int(NOW.timestamp() * 1000))
    return len(readings)


def rows_of(conn: psycopg.Connection, *tables: str) -> list[list[tuple[object, ...]]]:
    return [sorted(conn.execute(f"TABLE shigotoba.{table}").fetchall(), key=repr) for table in tables]


def work_off(conn: psycopg.Connection) -> None:
    while step(conn):
        pass


# Choosing


@pytest.mark.parametrize(
    ("wanted", "now", "holds", "offer", "layout"),
    [
        ("auto", Layout.NATIVE, False, NONE, Layout.NATIVE),
        ("auto", Layout.NATIVE, False, THERE, Layout.TIMESCALE),
        ("auto", Layout.NATIVE, True, THERE, Layout.NATIVE),
        ("auto", Layout.TIMESCALE, True, THERE, Layout.TIMESCALE),
        ("native", Layout.TIMESCALE, False, THERE, Layout.NATIVE),
        ("timescale", Layout.NATIVE, False, THERE, Layout.TIMESCALE),
        ("timescale", Layout.TIMESCALE, True, THERE, Layout.TIMESCALE),
    ],
)
def test_auto_takes_what_is_offered_but_leaves_readings_where_they_are(wanted, now, holds, offer, layout) -> None:
    assert chosen(wanted, now, holds, offer) is layout


@pytest.mark.parametrize(
    ("wanted", "now", "holds", "offer", "complaint"),
    [
        ("citus", Layout.NATIVE, False, THERE, "layout 'citus' is not built: docs/decisions/0011"),
        ("timescale", Layout.NATIVE, False, NONE, "cannot be had: the server has no TimescaleDB"),
        ("timescale", Layout.NATIVE, True, THERE, "storage move timescale"),
        ("native", Layout.TIMESCALE, True, THERE, "storage move native"),
    ],
)
def test_a_forced_layout_that_cannot_be_had_says_why_and_what_to_do(wanted, now, holds, offer, complaint) -> None:
    with pytest.raises(LayoutError, match=complaint):
        chosen(wanted, now, holds, offer)


# Layouts


@pytest.mark.integration
def test_this_month_and_the_next_two_are_made_ahead_and_once(native: psycopg.Connection) -> None:
    make_months_ahead(native)
    make_months_ahead(native)
    assert native.execute(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass"
    ).fetchone() == (3,)


@pytest.mark.integration
def test_a_move_to_timescale_and_back_loses_nothing(timescale: psycopg.Connection, small_site: SiteFile) -> None:
    conn = timescale
    move(conn, Layout.NATIVE, print)
    sent = ingest(conn, AUGUST, SEPTEMBER + timedelta(days=29, hours=23), NOVEMBER, NOW - timedelta(hours=3))
    before = rows_of(conn, "reading")
    assert move(conn, Layout.TIMESCALE, print) == sent
    assert (layout_of(conn), rows_of(conn, "reading")) == (Layout.TIMESCALE, before)
    assert status_of(conn).pieces.compressed > 0
    ingest(conn, AUGUST + timedelta(days=1), first_seq=1 + sent)
    assert move(conn, Layout.TIMESCALE, print) == 0
    after = rows_of(conn, "reading")
    assert len(after[0]) == sent + len(day_of(AUGUST))
    move(conn, Layout.NATIVE, print)
    assert (layout_of(conn), rows_of(conn, "reading")) == (Layout.NATIVE, after)


@pytest.mark.integration
def test_writers_wait_for_a_move_and_then_write_into_the_new_layout(
    timescale: psycopg.Connection, small_site: SiteFile, database: str
) -> None:
    move(timescale, Layout.NATIVE, print)
    sent = ingest(timescale, AUGUST)
    with connect(database) as writer, connect(database) as mover:
        with writer.transaction():
            writer.execute("INSERT INTO shigotoba.reading VALUES (1, '2026-08-02Z', 1, 1, NULL, false)")
            moving = threading.Thread(target=move, args=(mover, Layout.TIMESCALE, print))
            moving.start()
            until(lambda: waiting_locks(timescale) > 0, what="the move waiting for the writer")
        moving.join()
        writer.execute("INSERT INTO shigotoba.reading VALUES (1, '2026-08-02Z', 2, 1, NULL, false)")
    assert layout_of(timescale) is Layout.TIMESCALE
    assert status_of(timescale).readings == sent + 2


@pytest.mark.integration
def test_stores_that_start_at_once_are_arranged_once(timescale: psycopg.Connection, database: str) -> None:
    move(timescale, Layout.NATIVE, print)
    timescale.execute("DROP EXTENSION timescaledb")

    def start(_: int) -> Layout:
        with connect(database) as conn:
            return arrange(conn, "auto", print)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, range(3))) == [Layout.TIMESCALE] * 3
    assert layout_of(timescale) is Layout.TIMESCALE


def waiting_locks(conn: psycopg.Connection) -> int:
    (count,) = conn.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() or (0,)
    return count


# Retention


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
    assert "1,024.0 MiB free / " in storage("storage", "plan", "--free-gib", "1")[1]
    assert "= full in " in storage("storage", "plan")[1]
    assert storage("storage", "export", *month)[1].startswith(f"{sent} readings of 2 days written to ")
    assert storage("storage", "import", *month)[1].endswith(", 0 of them added\n")
    status, said = storage("storage", "retain", "--keep-months", "1")
    assert (status, "are not in the rollups yet" in said) == (1, True)
    assert storage("rollup", "rebuild") == (0, "the rollups are what the readings amount to\n")
    assert conn.execute("SELECT count(*) > 0 FROM shigotoba.use_15min").fetchone() == (True,)
    settings.write_text(f'layout = "citus"\n{settings.read_text()}')
    assert storage("migrate")[0] == 1
