"""A version that is already running survives the schema of a newer one, and its data the migrations to it.

``version_0003`` holds every statement of the release whose last migration was 0003, as it was; the schema here is the
present one. When a release has gone out of service its folder goes, and only then may a migration contract.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store
from shigotoba_backend.read.now import spaces_now
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_backend.upkeep.layout import Layout, layout_of
from shigotoba_backend.upkeep.moving import arrange
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import READINGS, upstream

pytestmark = pytest.mark.integration

OLDER = Path(__file__).with_name("version_0003")
AT = datetime(2026, 11, 20, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
NOT_PLANNABLE = {"copy_readings", "create_record"}
"""Nothing that can be explained; the first is run below, the second before every test."""

BATCH = {"site_ids": [1], "gateways": ["gw-1"], "epochs": ["e"], "firsts": [1], "beyonds": [2]}


@pytest.fixture
def conn(conn: psycopg.Connection) -> psycopg.Connection:
    """Where the older version can run at all."""
    if layout_of(conn) is Layout.CITUS:
        pytest.skip("the older version does not know Citus")
    return conn


def statements(file: str) -> dict[str, str]:
    parts = re.split(r"^-- name: (\w+)\n", (OLDER / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


FILES = sorted(path.name for path in OLDER.glob("*.sql"))
EVERY = [(file, name) for file in FILES for name in statements(file) if name not in NOT_PLANNABLE]


def run(conn: psycopg.Connection, file: str, statement: str, /, **arguments: object) -> psycopg.Cursor:
    return conn.execute(statements(file)[statement].encode(), arguments)


def numbered(statement: str) -> str:
    """The statement with the server's own placeholders."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", statement)


def test_every_statement_still_finds_its_tables_and_columns(conn: psycopg.Connection) -> None:
    for file, name in EVERY:
        try:
            conn.execute(f"EXPLAIN (GENERIC_PLAN) {numbered(statements(file)[name])}".encode())
        except psycopg.Error as error:
            pytest.fail(f"{file}, {name}: {error}")


def live(conn: psycopg.Connection) -> int:
    """What the older version does in its life: imports a site, stores a reading, keeps what it refuses; the point."""
    site, ingest, ledger = "site_site.sql", "ingest_ingest.sql", "ingest_ledger.sql"
    run(conn, site, "put_site", code="s", name="s", name_en="s", time_zone="Asia/Tokyo")
    run(conn, site, "put_floor", site_id=1, code="f", name="f", name_en="f", level=1)
    seat = {"kind": "seat", "seat_type": None, "name": "n", "capacity": 1, "x": 0.0, "y": 0.0}
    run(conn, site, "put_space", site_id=1, code="a", floor="f", **seat)
    run(conn, site, "put_device", site_id=1, code="d", kind="seat_sensor", keep_alive_s=60.0)
    run(conn, site, "begin_assignments", site_id=1, devices=["d"], spaces=["a"], assigned_from=AT)
    points = {"site_ids": [1], "devices": ["d"], "names": ["occupancy"]}
    run(conn, ingest, "make_points", **points)
    ((_, _, _, point_id),) = run(conn, ingest, "points", **points).fetchall()
    run(conn, ingest, "ensure_months", ats_ms=[AT_MS])
    with conn.transaction():
        assert run(conn, ledger, "lock_and_compare", **BATCH).fetchall() == [(1, "gw-1", "e", 1, 2)]
        run(conn, ledger, "enter", **BATCH)
        with conn.cursor() as cursor, cursor.copy(statements(ingest)["copy_readings"].encode()) as copy:
            copy.set_types(["int4", "timestamptz", "int8", "float8", "text", "bool"])
            copy.write_row((point_id, AT, 1, 1.0, None, False))
        newest = {"ats_ms": [AT_MS], "values": [1.0], "labels": [None], "changed_ats_ms": [AT_MS]}
        run(conn, ingest, "put_latest", point_ids=[point_id], **newest)
        run(conn, ingest, "note_touched", point_ids=[point_id], from_ms=[AT_MS], to_ms=[AT_MS])
        run(conn, ingest, "put_health", site_id=1, gateway="gw-1", at_ms=AT_MS, payload=json.dumps({}))
        exhibit = {"topic": "t", "gateway": "gw-1", "reason": "malformed", "detail": "", "payload": b"[", "digest": "1"}
        run(conn, "ingest_quarantine.sql", "put", **exhibit)
    return point_id


def test_it_can_still_import_a_site_and_store_readings(conn: psycopg.Connection) -> None:
    point_id = live(conn)
    assert run(conn, "ingest_ledger.sql", "accounts").fetchall() == [("s", "gw-1", 1, 1, 0, 1)]
    assert run(conn, "ingest_quarantine.sql", "newest", most=9).rowcount == 1
    assert conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone() == (1,)
    assert run(conn, "rollups_work.sql", "take_touched", most=9).fetchall() == [(point_id, AT_MS, AT_MS)]


class Message(NamedTuple):
    topic: str
    payload: bytes


TABLES = ("site", "floor", "space", "device", "assignment", "point", "reading", "latest", "ledger", "quarantine")


def contents(conn: psycopg.Connection, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    """Those columns of each table, row by row."""
    return {
        table: conn.execute(
            sql.SQL("SELECT {} FROM shigotoba.{} ORDER BY {}").format(
                sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table), sql.Identifier(names[0])
            )
        ).fetchall()
        for table, names in columns.items()
    }


def test_its_data_survives_the_migrations_and_the_present_version_goes_on_with_it(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        migrate(conn, [each for each in shipped() if each.number <= 3])
        live(conn)
        columns = {
            table: [column.name for column in conn.execute(f"TABLE shigotoba.{table}".encode()).description or ()]
            for table in TABLES
        }
        before = contents(conn, columns)
        assert all(before.values())
        migrate(conn, shipped())
        arrange(conn, "auto", print)
        assert contents(conn, columns) == before
        again = Batch("s", "gw-1", "e", 1, [Reading("d", "occupancy", True, AT_MS + each) for each in range(2)])
        store(conn, Catalogue(conn), [Message(upstream("s", "gw-1").up(READINGS), encode_batch(again))], AT_MS + 10)
        numbers = conn.execute("SELECT seq FROM shigotoba.reading ORDER BY seq").fetchall()
        assert numbers == [(1,), (2,)], "the ledger knew the first, and took the second"
        assert [space.state for space in spaces_now(conn, "s", AT)] == ["occupied"]
