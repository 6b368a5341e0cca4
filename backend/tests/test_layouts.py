"""Layouts of the readings: chosen by what the server offers, moved without losing any, arranged once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from shigotoba_backend.jobs.catalogue import JOBS
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.store.connection import connect
from shigotoba_backend.upkeep.layout import Layout, LayoutError, Offer, chosen, layout_of, make_months_ahead, offers_of
from shigotoba_backend.upkeep.moving import arrange, move
from shigotoba_backend.upkeep.status import status_of
from shigotoba_testing.days import AUGUST, NOVEMBER, NOW, SEPTEMBER, day_of, ingest, rows_of
from shigotoba_testing.waiting import until
from shigotoba_wire.settings import Broker

TIMESCALE, CITUS, BOTH, NONE = (
    {
        Layout.TIMESCALE: Offer("2.29.2", "") if timescale else Offer(None, "the server has no TimescaleDB"),
        Layout.CITUS: Offer("14.0-1", "") if citus else Offer("14.0-1", "citus is not in the server's libraries"),
    }
    for timescale, citus in ((True, False), (False, True), (True, True), (False, False))
)


@pytest.fixture
def site_file(site_file: SiteFile) -> SiteFile:
    """The small site, with its devices in place since the beginning of the year."""
    return msgspec.structs.replace(site_file, assigned_from=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("wanted", "now", "holds", "offers", "layout"),
    [
        ("auto", Layout.NATIVE, False, NONE, Layout.NATIVE),
        ("auto", Layout.NATIVE, False, TIMESCALE, Layout.TIMESCALE),
        ("auto", Layout.NATIVE, False, CITUS, Layout.CITUS),
        ("auto", Layout.NATIVE, False, BOTH, Layout.TIMESCALE),
        ("auto", Layout.NATIVE, True, BOTH, Layout.NATIVE),
        ("auto", Layout.TIMESCALE, True, BOTH, Layout.TIMESCALE),
        ("auto", Layout.CITUS, True, BOTH, Layout.CITUS),
        ("native", Layout.TIMESCALE, False, BOTH, Layout.NATIVE),
        ("timescale", Layout.NATIVE, False, BOTH, Layout.TIMESCALE),
        ("timescale", Layout.TIMESCALE, True, BOTH, Layout.TIMESCALE),
        ("citus", Layout.NATIVE, False, BOTH, Layout.CITUS),
        ("citus", Layout.CITUS, True, BOTH, Layout.CITUS),
    ],
)
def test_auto_takes_what_is_offered_but_leaves_readings_where_they_are(wanted, now, holds, offers, layout) -> None:
    assert chosen(wanted, now, holds, offers) is layout


@pytest.mark.parametrize(
    ("wanted", "now", "holds", "offers", "complaint"),
    [
        ("citus", Layout.NATIVE, False, NONE, "cannot be had: citus is not in the server's libraries"),
        ("timescale", Layout.NATIVE, False, NONE, "cannot be had: the server has no TimescaleDB"),
        ("timescale", Layout.NATIVE, True, BOTH, "storage move timescale"),
        ("citus", Layout.NATIVE, True, BOTH, "storage move citus"),
        ("native", Layout.TIMESCALE, True, BOTH, "storage move native"),
    ],
)
def test_a_forced_layout_that_cannot_be_had_says_why_and_what_to_do(wanted, now, holds, offers, complaint) -> None:
    with pytest.raises(LayoutError, match=complaint):
        chosen(wanted, now, holds, offers)


@pytest.mark.integration
def test_this_month_and_the_next_two_are_made_ahead_and_once(native: psycopg.Connection) -> None:
    assert [make_months_ahead(native, datetime(2027, 1, 31, 23, tzinfo=UTC)) for _again in range(2)] == [3, 0]
    assert months_of(native) == ["reading_2027_01", "reading_2027_02", "reading_2027_03"]


@pytest.mark.integration
def test_months_are_made_ahead_where_nobody_migrates_for_a_year(native: psycopg.Connection) -> None:
    (daily,) = (job for job in JOBS if job.name == "months")
    assert daily.every_s <= timedelta(days=1).total_seconds()
    for now in (NOVEMBER, NOVEMBER + timedelta(days=31)):
        daily.run(native, BackendSettings("", Broker("127.0.0.1", 1)), now)
    assert months_of(native) == ["reading_2026_11", "reading_2026_12", "reading_2027_01", "reading_2027_02"]


@pytest.mark.integration
def test_a_move_there_and_back_loses_nothing(conn: psycopg.Connection, offered: Layout, small_site: SiteFile) -> None:
    move(conn, Layout.NATIVE, print)
    sent = ingest(conn, AUGUST, SEPTEMBER + timedelta(days=29, hours=23), NOVEMBER, NOW - timedelta(hours=3))
    readings, touched = rows_of(conn, "reading"), what_is_touched(conn)
    assert move(conn, offered, print) == sent
    assert (layout_of(conn), rows_of(conn, "reading"), what_is_touched(conn)) == (offered, readings, touched)
    assert (status_of(conn).pieces.compressed > 0) is (offered is Layout.TIMESCALE)
    ingest(conn, AUGUST + timedelta(days=1), first_seq=1 + sent)
    assert move(conn, offered, print) == 0
    after, touched = rows_of(conn, "reading"), what_is_touched(conn)
    assert len(after[0]) == sent + len(day_of(AUGUST))
    move(conn, Layout.NATIVE, print)
    assert (layout_of(conn), rows_of(conn, "reading"), what_is_touched(conn)) == (Layout.NATIVE, after, touched)
    assert ingest(conn, AUGUST + timedelta(days=2), first_seq=1 + len(after[0])) > 0


@pytest.mark.integration
def test_writers_wait_for_a_move_and_then_write_into_the_new_layout(
    conn: psycopg.Connection, offered: Layout, small_site: SiteFile, database: str
) -> None:
    move(conn, Layout.NATIVE, print)
    sent = ingest(conn, AUGUST)
    with connect(database) as writer, connect(database) as mover:
        with writer.transaction():
            writer.execute("INSERT INTO shigotoba.reading VALUES (1, '2026-08-02Z', 1, 1, NULL, false)")
            moving = threading.Thread(target=move, args=(mover, offered, print))
            moving.start()
            until(lambda: waiting_locks(conn) > 0, what="the move waiting for the writer")
        moving.join()
        writer.execute("INSERT INTO shigotoba.reading VALUES (1, '2026-08-02Z', 2, 1, NULL, false)")
    assert layout_of(conn) is offered
    assert status_of(conn).readings == sent + 2


@pytest.mark.integration
@pytest.mark.promise
def test_a_move_that_is_killed_has_changed_nothing_and_may_be_repeated(
    conn: psycopg.Connection, offered: Layout, small_site: SiteFile, database: str
) -> None:
    move(conn, Layout.NATIVE, print)
    sent = ingest(conn, AUGUST, NOVEMBER)
    before = rows_of(conn, "reading", "touched")
    with connect(database) as reader, connect(database) as mover, ThreadPoolExecutor(1) as pool:
        with reader.transaction():
            # Whoever still reads the old tables is waited for when they go: by then all is copied.
            reader.execute("SELECT count(*) FROM shigotoba.reading")
            moving = pool.submit(move, mover, offered, print)
            until(lambda: waiting_locks(conn) > 0, what="the move waiting for the reader")
            conn.execute("SELECT pg_terminate_backend(%s::int)", [mover.info.backend_pid])
            with pytest.raises(psycopg.OperationalError):
                moving.result()
        assert (layout_of(conn), rows_of(conn, "reading", "touched")) == (Layout.NATIVE, before)
    assert move(conn, offered, print) == sent
    assert rows_of(conn, "reading") == before[:1]


@pytest.mark.integration
def test_stores_that_start_at_once_are_arranged_once(conn: psycopg.Connection, offered: Layout, database: str) -> None:
    move(conn, Layout.NATIVE, print)
    conn.execute("DROP EXTENSION IF EXISTS timescaledb")
    conn.execute("DROP EXTENSION IF EXISTS citus")

    def start(_: int) -> Layout:
        with connect(database) as store:
            return arrange(store, "auto", print)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, range(3))) == [layout_of(conn)] * 3
    assert layout_of(conn) is not Layout.NATIVE


@pytest.mark.integration
def test_a_layout_that_the_server_does_not_offer_is_not_moved_to(conn: psycopg.Connection) -> None:
    now = layout_of(conn)
    for layout, offer in offers_of(conn).items():
        if offer.obstacle:
            with pytest.raises(LayoutError, match=offer.obstacle):
                move(conn, layout, print)
    assert layout_of(conn) is now


def what_is_touched(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    return conn.execute("SELECT point_id, from_at, to_at FROM shigotoba.touched ORDER BY 1, 2, 3").fetchall()


def months_of(conn: psycopg.Connection) -> list[str]:
    query = (
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass ORDER BY 1"
    )
    return [name.removeprefix("shigotoba.") for (name,) in conn.execute(query).fetchall()]


def waiting_locks(conn: psycopg.Connection) -> int:
    (count,) = conn.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() or (0,)
    return count
