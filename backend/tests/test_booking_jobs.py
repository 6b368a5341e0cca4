"""What is done without anybody asking, and the process that does it."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.bookings.changing import cancel
from shigotoba_backend.bookings.journal import history
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.notices import mark_pushed, mark_seen, to_push, unseen
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.strikes import strikes_of
from shigotoba_backend.bookings.using import check_in, still_here
from shigotoba_backend.bookings.values import Asker, Booking, WalkIn
from shigotoba_backend.jobs.catalogue import JOBS
from shigotoba_backend.jobs.job import Job
from shigotoba_backend.jobs.worker import run_one
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.booths import NINE, minute, rules, see, wish
from shigotoba_testing.waiting import until
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration

SETTINGS = BackendSettings("", Broker("127.0.0.1", 1))
HELD = """
INSERT INTO shigotoba.booking (space_id, during, booked, state, source, made_at, check_in_from, lapses_at)
SELECT space_id, tstzrange(%(start)s, %(end)s), tstzrange(%(start)s, %(end)s), 'held', 'phone', %(start)s, %(start)s,
       %(start)s::timestamptz + interval '10 min'
FROM shigotoba.space WHERE code = '3f-b1'
"""


@pytest.fixture
def run(conn: psycopg.Connection):
    """Runs the jobs of these names at a minute."""

    def at(minutes: float, *names: str) -> None:
        for job in JOBS:
            if job.name in names:
                run_one(conn, SETTINGS, job, minute(minutes))

    return at


def kinds(conn: psycopg.Connection, asker: Asker) -> list[str]:
    return [notice.kind for notice in unseen(conn, asker.person_id)]


def told(conn: psycopg.Connection, booking: Booking) -> list[str]:
    return [event.kind for event in history(conn, booking.booking_id)]


def test_a_reminder_a_warning_and_the_release_are_told_once_each(conn, somebody, run):
    abe = somebody[0]
    booking = book(conn, abe, wish(60, 120), NINE)
    for at in (49, 50, 55, 64, 65, 66):
        run(at, "reminders")
    assert kinds(conn, abe) == ["release_soon", "reminder"]
    run(70, "settle", "tell")
    run(71, "settle", "tell", "reminders")
    assert kinds(conn, abe) == ["released", "release_soon", "reminder"]
    newest = unseen(conn, abe.person_id)[0]
    assert (newest.booking_id, newest.facts["recovered_s"]) == (booking.booking_id, 3000)
    assert mark_seen(conn, abe.person_id, [newest.notice_id], minute(72)) == 1
    assert len(to_push(conn, 10)) == 2
    mark_pushed(conn, [notice.notice_id for notice in to_push(conn, 10)], minute(72))
    assert to_push(conn, 10) == []


def test_an_owner_is_told_of_what_others_do_with_their_booking_and_not_of_what_they_do_themselves(conn, somebody, run):
    abe, chief = somebody[0], Asker(somebody[1].person_id, frozenset({"honcho"}))
    cancel(conn, abe, book(conn, abe, wish(60, 90), NINE).booking_id, NINE)
    run(0, "tell")
    assert kinds(conn, abe) == []
    cancel(conn, chief, book(conn, chief, wish(60, 90, owner_id=abe.person_id), NINE).booking_id, NINE)
    run(1, "tell")
    assert kinds(conn, abe) == ["cancelled", "delegated"]


def test_a_no_show_costs_a_strike_but_not_where_no_sensor_could_have_seen(conn, somebody, run):
    rules(conn, strikes_most=3)
    abe = somebody[0]
    book(conn, abe, wish(0, 60, "3f-b2"), NINE)
    blind = book(conn, abe, wish(60, 120), NINE)
    run(10, "settle", "tell")
    run(61, "witness")
    run(70, "settle", "tell")
    assert told(conn, blind) == ["booked", "sensor_silent", "released"]
    assert [strike.at for strike in strikes_of(conn, abe.person_id)] == [minute(10)]
    assert kinds(conn, abe).count("strike") == 1
    observable = conn.execute("SELECT observable FROM shigotoba.booking_figures_v1 ORDER BY lower(booked)").fetchall()
    assert observable == [(True,), (False,)]


def test_somebody_seen_is_a_check_in_and_nobody_seen_is_asked_and_never_put_out(conn, somebody, run):
    abe = somebody[0]
    booking = book(conn, abe, wish(0, 120), NINE)
    see(conn, minute(1), True)
    run(1, "witness")
    came = reread(conn, booking.booking_id, minute(1))
    assert (came.state, came.checked_in_by) == ("checked_in", "presence")
    see(conn, minute(20), False)
    for at in (34, 35, 36):
        see(conn, minute(at), False)
        run(at, "witness", "tell")
    assert kinds(conn, abe) == ["still_there"]
    still_here(conn, abe, booking.booking_id, minute(37))
    for at in (38, 51):
        see(conn, minute(at), False)
        run(at, "witness")
    assert told(conn, booking) == ["booked", "checked_in", "asked", "answered"]
    for at in (52, 62, 63):
        see(conn, minute(at), False)
        run(at, "witness")
    assert told(conn, booking)[-2:] == ["asked", "nobody_seen"]
    assert reread(conn, booking.booking_id, minute(63)).state == "checked_in"


def test_a_dead_sensor_neither_checks_in_nor_asks(conn, somebody, run):
    abe = somebody[0]
    see(conn, minute(-10), False)
    booking = walk_in(conn, abe, WalkIn("honcho", "3f-b1"), NINE)
    run(40, "witness")
    assert told(conn, booking) == ["walked_in"]
    later = book(conn, somebody[1], wish(60, 90), NINE)
    run(61, "witness")
    check_in(conn, somebody[1], later.booking_id, "phone", minute(62))
    assert told(conn, later) == ["booked", "sensor_silent", "checked_in"]


def test_what_is_long_past_is_forgotten_but_not_what_happened(conn, somebody, run):
    abe = somebody[0]
    booking = book(conn, abe, wish(60, 90, purpose="面談"), NINE)
    run(70, "settle", "tell")
    day = 24 * 60
    run(29 * day, "forget")
    assert reread(conn, booking.booking_id, NINE).purpose == "面談"
    run(32 * day, "forget")
    assert reread(conn, booking.booking_id, NINE).purpose is None
    assert unseen(conn, abe.person_id) == []
    assert told(conn, booking) == ["booked", "released"]


def test_a_job_that_fails_is_logged_and_harms_no_other(conn, somebody, run, caplog):
    def fail(*_: object) -> int:
        raise ValueError("not today")

    assert run_one(conn, SETTINGS, Job("sick", 1.0, fail), NINE) == 0
    assert "job sick failed" in caplog.text
    assert minute(1) - NINE == timedelta(minutes=1)


def test_the_process_settles_is_killed_and_settles_on(conn, somebody, database: str, tmp_path: Path):
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    command = [sys.executable, "-m", "shigotoba_backend", "jobs", "--settings", str(settings)]
    state = "SELECT count(*) FROM shigotoba.booking WHERE state = 'released'"

    def released(count: int) -> bool:
        row = conn.execute(state).fetchone()
        return row is not None and row[0] == count

    long_ago = NINE - timedelta(days=7)
    for count, start in ((1, 0), (2, 60)):
        span = {"start": long_ago + timedelta(minutes=start), "end": long_ago + timedelta(minutes=start + 30)}
        conn.execute(HELD, span)
        with (tmp_path / "jobs.log").open("ab") as log, subprocess.Popen(command, stderr=log) as process:
            until(lambda expected=count: released(expected), what="the release")
            process.send_signal(signal.SIGKILL if count == 1 else signal.SIGTERM)
            assert process.wait() == (-signal.SIGKILL if count == 1 else 0)
