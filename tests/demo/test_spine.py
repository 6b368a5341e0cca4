"""From a sensor's bytes to the database and back to the truth, through every room."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.read.now import spaces_now
from shigotoba_backend.read.printing import printing_by_day
from shigotoba_backend.read.use import use_by_day, use_by_space
from shigotoba_testing.product import SITE, Demo
from shigotoba_testing.waiting import until

pytestmark = [pytest.mark.system, pytest.mark.promise]

JAPAN = ZoneInfo("Asia/Tokyo")
KILLED = ("edge", "gateway", "ingest", "rollup", "broker-local", "broker-upstream", "sim", "dashboard", "postgres")


def state_of(demo: Demo, space: str) -> str:
    with demo.connect() as conn:
        return next(one.state for one in spaces_now(conn, SITE, datetime.now(UTC)) if one.space == space)


def a_vacant_seat(demo: Demo) -> str:
    with demo.connect() as conn:
        return next(
            s.space for s in spaces_now(conn, SITE, datetime.now(UTC)) if s.state == "vacant" and s.kind == "seat"
        )


def everything_known(demo: Demo) -> bool:
    with demo.connect() as conn:
        return all(space.state != "unknown" for space in spaces_now(conn, SITE, datetime.now(UTC)))


def nothing_is_under_way(demo: Demo) -> bool:
    return all(not gateway.missing and not gateway.waiting for gateway in demo.coverage().gateways)


def test_a_person_who_sits_down_and_leaves_is_seen(demo: Demo) -> None:
    until(lambda: everything_known(demo), what="the first word of every sensor")
    seat = a_vacant_seat(demo)
    demo.sim("sit", seat)
    until(lambda: state_of(demo, seat) == "occupied", what=f"{seat} occupied")
    demo.sim("leave", seat)
    until(lambda: state_of(demo, seat) == "vacant", what=f"{seat} vacant")


def test_a_press_at_a_booth_becomes_a_use(demo: Demo) -> None:
    def uses() -> int:
        with demo.connect() as conn:
            query = "SELECT count(*) FROM shigotoba.booth_use WHERE upper(during) > now()"
            (count,) = conn.execute(query).fetchone() or (0,)
            return count

    until(lambda: everything_known(demo), what="the first word of every sensor")
    with demo.connect() as conn:
        taken = {
            row[0]
            for row in conn.execute(
                "SELECT code FROM shigotoba.booth_use JOIN shigotoba.space USING (space_id) WHERE upper(during) > now()"
            )
        }
    booth = next(code for code in ("3f-b1", "3f-b2", "3f-b3", "3f-b4", "4f-b1", "4f-b2") if code not in taken)
    before = uses()
    demo.sim("press", booth, "--button", "AI")
    until(lambda: uses() > before, what=f"a use of {booth}")


def test_printing_reaches_the_database_to_the_sheet(demo: Demo) -> None:
    until(demo.history_is_stored, what="the history")
    until(lambda: everything_known(demo), what="the first word of every sensor")
    today = datetime.now(JAPAN).date()
    demo.sim("print", "3f-p1", "--sides", "12")

    def agrees() -> bool:
        midnight = datetime(today.year, today.month, today.day, tzinfo=JAPAN)
        truth = demo.truth(midnight, datetime.now(JAPAN))
        with demo.connect() as conn:
            (day,) = printing_by_day(conn, SITE, today, today)
        return day.impressions_total == sum(mfp.total.impressions_total for mfp in truth.mfps)

    until(agrees, what="agreement on the impressions of today")


def test_the_days_of_the_history_agree_with_the_truth(demo: Demo) -> None:
    until(demo.history_is_stored, what="the history")
    until(demo.rollups_are_done, what="the rollups of the history")
    day = _a_working_day(demo)
    start = datetime(day.year, day.month, day.day, tzinfo=JAPAN)
    truth = demo.truth(start, start + timedelta(days=1))
    with demo.connect() as conn:
        product = {use.space: use for use in use_by_space(conn, SITE, start, start + timedelta(days=1))}
        (printed,) = printing_by_day(conn, SITE, day, day)
    assert any(space.occupied_s for space in truth.spaces)
    for space in truth.spaces:
        use = product[space.space]
        assert use.known_s == pytest.approx(86_400, abs=120), space.space
        assert use.occupied_s == pytest.approx(space.occupied_s, abs=1), space.space
        assert (use.presses or 0) == space.presses, space.space
    with_fax_counters = {mfp.device for mfp in demo.building().mfps if mfp.vendor == "ricoh"}
    assert printed.impressions_total == sum(mfp.total.impressions_total for mfp in truth.mfps)
    assert printed.impressions_copy == sum(mfp.total.impressions_copy for mfp in truth.mfps)
    assert printed.fax_sent == sum(mfp.total.fax_sent for mfp in truth.mfps if mfp.device in with_fax_counters)


def _a_working_day(demo: Demo) -> date:
    """The fullest whole day of the history, so that the comparison does not compare zeros."""
    today = datetime.now(JAPAN).date()
    with demo.connect() as conn:
        days = use_by_day(conn, SITE, "seat", today - timedelta(days=6), today - timedelta(days=1))
    return max(days, key=lambda one: one.occupied_s or 0).day


def test_sigkill_of_any_one_process_heals_and_leaves_no_hole(demo: Demo) -> None:
    until(demo.history_is_stored, what="the history")
    for name in KILLED:
        demo.kill(name)
        seat = _when_the_database_answers(demo)
        demo.sim("sit", seat)
        until(lambda seat=seat: _answers(demo) and state_of(demo, seat) == "occupied", what=f"life after {name}")
        demo.sim("leave", seat)
    until(lambda: nothing_is_under_way(demo), what="a ledger without holes")
    until(demo.rollups_are_done, what="the rollups")
    assert demo.coverage().quarantined == {}
    received, stored = _counted_in_one_snapshot(demo)
    assert received == stored > 0


def _counted_in_one_snapshot(demo: Demo) -> tuple[int, int]:
    """Sequence numbers the ledger has, and rows there are."""
    with demo.connect() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        spans = "SELECT sum(upper(span) - lower(span)) FROM shigotoba.ledger, unnest(received) AS span"
        (received,) = conn.execute(spans).fetchone() or (0,)
        (stored,) = conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone() or (0,)
    return received, stored


def _answers(demo: Demo) -> bool:
    try:
        demo.coverage()
    except psycopg.Error:
        return False
    return True


def _when_the_database_answers(demo: Demo) -> str:
    until(lambda: _answers(demo), what="the database")
    until(lambda: everything_known(demo), what="the word of every sensor")
    return a_vacant_seat(demo)
