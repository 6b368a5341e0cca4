"""Rollups and the order of arrival: they end up as if computed from all readings at once, and the sums follow."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.rollups.worker import calendar_step, step
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.stored import Told, deliver, everything

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

SEAT, OTHER_SEAT, ROCKER, MFP = "ble-5448e68f80a5", "ble-5448e68f80a6", "enocean-fe001122", "mfp-X001"


def work_off(conn: psycopg.Connection, most: int = 1000) -> None:
    while step(conn, most):
        pass


def without_revisions(rollups: list[list[dict[str, object]]]) -> list[list[dict[str, object]]]:
    """Revisions and moments of computing tell how rows came about, the rest what is so."""
    about = {"revision", "computed_at", "revised_at", "hold_id"}
    return [[{name: value for name, value in row.items() if name not in about} for row in rows] for rows in rollups]


OPEN_S = "open_occupied_s, open_vacant_s"
KEPT = {
    "use_day": f"space_id, day, occupied_s, vacant_s, presses, {OPEN_S}, sessions",
    "use_floor_hour": f"floor_id, kind, bucket, occupied_s, vacant_s, spaces, {OPEN_S}",
    "use_floor_day": f"floor_id, kind, day, occupied_s, vacant_s, spaces, {OPEN_S}, sessions",
    "use_open_15min": "floor_id, kind, bucket, occupied_s, vacant_s",
    "printing_day": "device_id, day, hours, impressions_total, fax_sent, resets, wraps, held, revised_at",
}
SUMS_OF_HOURS = """
SELECT device_id, (bucket AT TIME ZONE 'Asia/Tokyo')::date AS day, count(impressions_total)::int,
       sum(impressions_total), sum(fax_sent), sum(resets), sum(wraps), sum(held), max(revised_at)
FROM shigotoba.printing_hour GROUP BY 1, 2 ORDER BY 1, 2
"""


def kept_sums(conn: psycopg.Connection) -> list[list[tuple]]:
    """By space and day, by floor and hour, by floor and day, by floor and open quarter; by printer and day."""
    return [
        conn.execute(f"SELECT {columns} FROM shigotoba.{table} ORDER BY 1, 2, 3").fetchall()
        for table, columns in KEPT.items()
    ]


def sums_as_they_should_be(conn: psycopg.Connection) -> list[list[tuple]]:
    """What ``kept_sums`` should be."""
    quarters = (
        "WITH quarter AS (SELECT *, (bucket AT TIME ZONE 'Asia/Tokyo')::date AS day,"
        " occupied_s + vacant_s > 0 AS known, date_trunc('hour', bucket) AS hour,"
        " open_occupied_s + open_vacant_s > 0 AS open"
        " FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id) ORDER BY bucket, space_id) "
    )
    sums, open_sums = "sum(occupied_s), sum(vacant_s)", "sum(open_occupied_s), sum(open_vacant_s)"
    spaces, stays = "count(DISTINCT space_id)::int", "sum(sessions)::int"
    return [
        conn.execute(f"{quarters} SELECT {columns} FROM quarter {rest} ORDER BY 1, 2, 3").fetchall()
        for columns, rest in [
            (f"space_id, day, {sums}, sum(presses)::int, {open_sums}, {stays}", "GROUP BY space_id, day"),
            (f"floor_id, kind, hour, {sums}, {spaces}, {open_sums}", "WHERE known GROUP BY floor_id, kind, hour"),
            (
                f"floor_id, kind, day, {sums}, {spaces}, {open_sums}, {stays}",
                "WHERE known GROUP BY floor_id, kind, day",
            ),
            (f"floor_id, kind, bucket, {open_sums}", "WHERE open GROUP BY floor_id, kind, bucket"),
        ]
    ] + [conn.execute(SUMS_OF_HOURS).fetchall()]


def forget_rollups(conn: psycopg.Connection) -> None:
    conn.execute(
        "TRUNCATE shigotoba.use_15min, shigotoba.printing_hour, shigotoba.booth_use, shigotoba.booth_session,"
        " shigotoba.counter_hold, shigotoba.touched"
    )


TIMES_S = st.integers(0, 200).map(lambda steps: steps * 50)
SEQS = st.integers(1, 5)
OCCUPANCY = st.builds(Told, st.sampled_from([SEAT, OTHER_SEAT]), st.just("occupancy"), TIMES_S, SEQS, st.integers(0, 1))
PRESSES = st.builds(
    Told, st.just(ROCKER), st.just("button"), TIMES_S, SEQS, st.sampled_from(["AI", "AO", "BI", "BO", "released"])
)
COUNTERS = st.builds(
    Told, st.just(MFP), st.sampled_from(["impressions_total", "fax_sent"]), TIMES_S, SEQS,
    st.sampled_from([0, 7, 100, 2**31 - 5, 2**32 - 9, 1e300]),
)  # fmt: skip
OPEN_FOR_A_WHILE = """
INSERT INTO shigotoba.opening_hours SELECT site_id, 5, '[2020-01-01,)', '[545,660)' FROM shigotoba.site;
INSERT INTO shigotoba.closure SELECT site_id, space_id, '[2026-11-20 00:50:07Z, 2026-11-20 01:20Z)', ''
FROM shigotoba.space WHERE code = '3f-s02';
UPDATE shigotoba.space SET kind = 'room' WHERE code = '3f-s02'
"""
COMMITS = st.lists(OCCUPANCY | PRESSES | COUNTERS, min_size=1, max_size=12)
ARRIVALS = st.lists(st.tuples(COMMITS, st.integers(0, 3)), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(arrivals=ARRIVALS)
def test_any_order_of_arrival_ends_as_if_everything_had_come_at_once(
    conn: psycopg.Connection, small_site: SiteFile, arrivals: list[tuple[list[Told], int]]
):
    conn.execute("TRUNCATE shigotoba.reading, shigotoba.opening_hours, shigotoba.closure")
    conn.execute(OPEN_FOR_A_WHILE)
    while calendar_step(conn):
        pass
    forget_rollups(conn)
    for readings, stretches_worked_off in arrivals:
        deliver(conn, readings)
        if stretches_worked_off:
            step(conn, stretches_worked_off)
    work_off(conn)
    incremental = everything(conn)
    assert kept_sums(conn) == sums_as_they_should_be(conn)
    rebuild(conn)
    assert everything(conn) == incremental
    forget_rollups(conn)
    rebuild(conn)
    assert without_revisions(everything(conn)) == without_revisions(incremental)
