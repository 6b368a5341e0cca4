"""The plans PostgreSQL makes for the questions asked all the time: through indexes, never by reading a whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.indicators.withheld import NOTHING
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_backend.store.sql import load
from shigotoba_standalone import postgres

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BIG = ("use_15min", "use_day", "use_floor_hour", "use_floor_day", "reading_")

FILL = """
SET session_replication_role = replica;
INSERT INTO shigotoba.site (code, name, name_en, time_zone) VALUES ('honcho', '本庁舎', 'Main building', 'Asia/Tokyo');
INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
SELECT site_id, level || 'f', level || '階', '', level FROM shigotoba.site, generate_series(1, 5) AS level;
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT site_id, floor_id, 's' || floor_id || '-' || number, 'seat', '', 1, 0, 0
FROM shigotoba.floor, generate_series(1, 10) AS number;
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'ble-' || code, 'seat_sensor', 60 FROM shigotoba.space;
INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT device_id, space_id, tstzrange('2020-01-01+00', NULL)
FROM shigotoba.device JOIN shigotoba.space ON device.code = 'ble-' || space.code;
INSERT INTO shigotoba.point (device_id, name) SELECT device_id, 'occupancy' FROM shigotoba.device;
INSERT INTO shigotoba.latest SELECT point_id, '2026-11-20T15:00Z', 1, NULL, '2026-11-20T14:00Z' FROM shigotoba.point;
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, bucket, 450, 450, 0
FROM shigotoba.space, generate_series('2026-09-20T15:00Z'::timestamptz, '2026-11-20T14:45Z', '15 minutes') AS bucket;
INSERT INTO shigotoba.use_day
SELECT space_id, day, 100, 100, 0
FROM shigotoba.space, generate_series('2023-01-01'::date, '2026-11-20', '1 day') AS day;
INSERT INTO shigotoba.use_floor_hour
SELECT floor_id, 'seat', bucket, 100, 100, 10
FROM shigotoba.floor, generate_series('2025-01-01T00:00Z'::timestamptz, '2026-11-20T14:00Z', '1 hour') AS bucket;
INSERT INTO shigotoba.use_floor_day
SELECT floor_id, 'seat', day, 100, 100, 10
FROM shigotoba.floor, generate_series('2003-01-01'::date, '2026-11-20', '1 day') AS day;
SELECT shigotoba.ensure_reading_month_v1(at) FROM unnest('{2026-10-15, 2026-11-15}'::timestamptz[]) AS at;
INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
SELECT point_id, at, 1, 0, false
FROM shigotoba.point, generate_series('2026-10-20T15:00Z'::timestamptz, '2026-11-20T14:45Z', '20 minutes') AS at;
SET session_replication_role = origin;
ANALYZE
"""


@pytest.fixture(scope="module")
def filled(postgres_cluster: postgres.Cluster) -> Iterator[psycopg.Connection]:
    """Two months of 50 seats."""
    name = "plans"
    postgres.create_database(postgres_cluster, name)
    with psycopg.connect(postgres.conninfo(postgres_cluster, name), autocommit=True) as conn:
        migrate(conn, shipped())
        conn.execute(FILL)
        yield conn
    postgres.drop_database(postgres_cluster, name)


def read_tables(plan: Mapping[str, object]) -> Iterator[str]:
    """Tables that a plan reads from end to end."""
    if plan["Node Type"] == "Seq Scan":
        yield str(plan["Relation Name"])
    for part in plan.get("Plans", ()):
        yield from read_tables(part)


DAY, MONTH = timedelta(days=1), timedelta(days=30)
SEATS = {"site": "honcho", "kind": "seat", "floor": None} | NOTHING.arguments()
ASKED = [
    ("now.sql", "spaces_now", {"now": NOW, "keep_alives": 2.5}),
    ("raw.sql", "raw_readings", {"device": "ble-s1-1", "start": NOW - DAY, "end": NOW}),
    ("use.sql", "use_by_bucket", {"start": NOW - DAY, "end": NOW}),
    ("use.sql", "use_by_space", {"start": NOW - DAY, "end": NOW}),
    ("use.sql", "use_by_space", {"start": NOW - MONTH - timedelta(hours=5), "end": NOW}),
    ("use.sql", "use_by_hour", {"start": NOW - MONTH, "end": NOW}),
    ("use.sql", "use_by_day", {"first": TODAY - MONTH, "last": TODAY}),
    ("use.sql", "use_by_day", {"first": TODAY - 12 * MONTH, "last": TODAY, "floor": "3f"}),
    ("coverage.sql", "known_share_today", {"now": NOW - timedelta(hours=3)}),
]


@pytest.mark.parametrize(("file", "name", "arguments"), ASKED)
def test_no_question_reads_a_big_table_from_end_to_end(
    filled: psycopg.Connection, file: str, name: str, arguments: Mapping[str, object]
) -> None:
    query = load(file, package="shigotoba_backend.read")[name]
    (((told,),),) = filled.execute(b"EXPLAIN (FORMAT JSON) " + query, SEATS | arguments).fetchall()
    assert [table for table in read_tables(told["Plan"]) if table.startswith(BIG)] == []


def test_the_worker_reads_only_the_ranges_it_computes(filled: psycopg.Connection) -> None:
    query = load("readings.sql", package="shigotoba_backend.rollups")["readings"]
    ends = f'"start_ms":{int(NOW.timestamp()) * 1000 - 900_000},"end_ms":{int(NOW.timestamp()) * 1000}'
    windows = "[" + ",".join(f'{{"point_id":{point_id},{ends}}}' for point_id in range(1, 6)) + "]"
    (((told,),),) = psycopg.RawCursor(filled).execute(b"EXPLAIN (FORMAT JSON) " + query, [windows]).fetchall()
    assert [table for table in read_tables(told["Plan"]) if table.startswith(BIG)] == []


@pytest.mark.parametrize(
    ("file", "name", "arguments"),
    [
        ("work.sql", "extents", {}),
        ("printing.sql", "following", {"touched": '[{"point_id":1,"to_ms":0}]', "not_a_counter_from": 1e18}),
    ],
)
def test_a_function_of_one_point_becomes_a_part_of_the_query_and_uses_the_index(
    filled: psycopg.Connection, file: str, name: str, arguments: Mapping[str, object]
) -> None:
    query = load(file, package="shigotoba_backend.rollups")[name]
    (((told,),),) = filled.execute(b"EXPLAIN (FORMAT JSON) " + query, arguments).fetchall()
    assert "_v1" not in str(told)
    assert [table for table in read_tables(told["Plan"]) if table.startswith(BIG)] == []
