"""Bookings of the past, lived again: what they amount to, and what they are not allowed to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
import psycopg
import pytest

from shigotoba_backend.accounts.demo_staff import make_staff
from shigotoba_backend.accounts.sessions import digest_of
from shigotoba_backend.bookings.past import PastFileError, TakenOver, read_lines, take_over
from shigotoba_backend.bookings.relived import PastBooking, PastChange
from shigotoba_testing.booths import NINE, minute, office

pytestmark = pytest.mark.integration

LATER = minute(60 * 24 * 30)
DAY = 24 * 60


@pytest.fixture
def staff(conn: psycopg.Connection, tmp_path: Path) -> dict[str, str]:
    """Two people with accounts and tokens in an office with four booths."""
    office(conn)
    (tmp_path / "staff.json").write_text('[{"login":"staff-1","name":"1"},{"login":"staff-2","name":"2"}]')
    make_staff(conn, "honcho", tmp_path / "staff.json", tmp_path / "tokens.json", NINE)
    return msgspec.json.decode((tmp_path / "tokens.json").read_bytes(), type=dict[str, str])


def past(start: float, end: float, login: str = "staff-1", booth: str = "3f-b1", **more: datetime) -> PastBooking:
    return PastBooking(login, booth, minute(start - 3 * DAY), minute(start), minute(end), **more)


def changed(booking: PastBooking, *changes: PastChange) -> PastBooking:
    return msgspec.structs.replace(booking, changes=changes)


def played(conn: psycopg.Connection, bookings: Iterable[PastBooking]) -> TakenOver:
    return take_over(conn, "honcho", "test", enumerate(bookings, start=1))


def figures(conn: psycopg.Connection) -> list[tuple[str, bool, float]]:
    told = "SELECT state, no_show, recovered_s FROM shigotoba.booking_figures_v1 ORDER BY lower(booked)"
    return [(state, no_show, float(seconds)) for state, no_show, seconds in conn.execute(told)]


@pytest.mark.usefixtures("staff")
def test_used_unused_and_cancelled_bookings_amount_to_what_they_did_then(conn: psycopg.Connection) -> None:
    used = past(0, 60, came_at=minute(2), left_at=minute(50))
    forgotten = past(60, 90, "staff-2", came_at=minute(58))
    unused = past(120, 180)
    cancelled = past(240, 300, cancelled_at=minute(200))
    assert played(conn, [used, forgotten, unused, cancelled]) == TakenOver(bookings=4)
    assert figures(conn) == [
        ("ended", False, 600),
        ("ended", False, 0),
        ("released", True, 3000),
        ("cancelled", False, 0),
    ]
    made = [at for (at,) in conn.execute("SELECT made_at FROM shigotoba.booking ORDER BY lower(booked)")]
    assert made[0] == minute(-3 * DAY)


@pytest.mark.usefixtures("staff")
def test_what_was_changed_about_a_booking_is_changed_again(conn: psycopg.Connection) -> None:
    extended = changed(past(0, 30, came_at=minute(1), left_at=minute(50)), PastChange(minute(25), end=minute(60)))
    given_back = changed(past(60, 120, came_at=minute(61)), PastChange(minute(70), end=minute(90)))
    moved = changed(
        past(120, 150, came_at=minute(181)),
        PastChange(minute(-100), booth="3f-b2", start=minute(180), end=minute(210)),
    )
    into_its_place = past(120, 150, "staff-2")
    result = played(conn, [extended, given_back, moved, msgspec.structs.replace(into_its_place, made_at=minute(-90))])
    assert result == TakenOver(bookings=4)
    assert figures(conn) == [("ended", False, 600), ("ended", False, 0), ("released", True, 1200), ("ended", False, 0)]
    spans = conn.execute("SELECT upper(booked) - lower(booked) FROM shigotoba.booking ORDER BY lower(booked)")
    assert [span.total_seconds() / 60 for (span,) in spans] == [60, 30, 30, 30]


@pytest.mark.usefixtures("staff")
def test_who_waited_gets_the_booth_when_it_was_given_back_and_not_before(conn: psycopg.Connection) -> None:
    given_back = past(0, 60, cancelled_at=minute(-30))
    waited = past(0, 60, "staff-2", waited_from=minute(-50), came_at=minute(1))
    kept, in_vain = past(120, 180), past(120, 180, "staff-2", waited_from=minute(-50))
    lines = [given_back, kept, *(msgspec.structs.replace(one, made_at=minute(-28)) for one in (waited, in_vain))]
    result = played(conn, lines)
    assert result.bookings == 3
    assert [line.rpartition(" ")[2] for line in result.refused] == ["taken"]
    assert [state for state, _, _ in figures(conn)] == ["cancelled", "ended", "released"]


@pytest.mark.usefixtures("staff")
def test_nobody_is_told_of_what_happened_long_ago(conn: psycopg.Connection) -> None:
    played(conn, [past(0, 60), past(DAY, DAY + 60)])
    assert conn.execute("SELECT count(*) FROM shigotoba.booking_todo").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM shigotoba.booking_event").fetchone() == (4,)


@pytest.mark.usefixtures("staff")
def test_the_same_file_again_changes_nothing(conn: psycopg.Connection) -> None:
    played(conn, [past(0, 60), past(DAY, DAY + 60)])
    before = figures(conn)
    assert played(conn, [past(0, 60), past(DAY, DAY + 60)]) == TakenOver(days_known=2)
    assert figures(conn) == before


@pytest.mark.usefixtures("staff")
def test_the_rules_hold_for_the_past_as_well(conn: psycopg.Connection) -> None:
    result = played(conn, [past(0, 60), past(30, 90, "staff-2"), past(0, 60, "nobody"), past(-9 * 60, -8 * 60)])
    assert result.bookings == 1
    assert [line.rpartition(" ")[2] for line in result.refused] == ["not_open", "taken", "'nobody'"]


def test_what_is_not_past_or_no_booking_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = [msgspec.json.encode(past(0, 60)), msgspec.json.encode(past(0, 60)).replace(b"booth", b"boot")]
    with pytest.raises(PastFileError, match=r"line 2: .*boot"):
        list(read_lines(lines, LATER))
    with pytest.raises(PastFileError, match=r"line 1: ends at .* not past"):
        list(read_lines(lines[:1], minute(59)))


def test_the_staff_of_a_simulated_building_get_a_token_each_once(
    conn: psycopg.Connection, staff: dict[str, str], tmp_path: Path
) -> None:
    assert make_staff(conn, "honcho", tmp_path / "staff.json", tmp_path / "tokens.json", NINE) == 0
    held = conn.execute("SELECT digest FROM shigotoba.session WHERE kind = 'token'").fetchall()
    assert {bytes(digest) for (digest,) in held} == {digest_of(token) for token in staff.values()}
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
