"""Layouts of the readings: chosen by what the server offers, moved without losing any, arranged once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.store.connection import connect
from shigotoba_backend.upkeep.layout import Layout, LayoutError, Offer, chosen, layout_of, make_months_ahead
from shigotoba_backend.upkeep.moving import arrange, move
from shigotoba_backend.upkeep.status import status_of
from shigotoba_testing.days import AUGUST, NOVEMBER, NOW, SEPTEMBER, day_of, ingest, rows_of
from shigotoba_testing.waiting import until

THERE, NONE = Offer("2.29.2", ""), Offer(None, "the server has no TimescaleDB")


@pytest.fixture
def site_file(site_file: SiteFile) -> SiteFile:
    """The small site, with its devices in place since the beginning of the year."""
    return msgspec.structs.replace(site_file, assigned_from=datetime(2026, 1, 1, tzinfo=UTC))


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
