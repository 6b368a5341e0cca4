"""Readings stored as a commit of ingest stores them, without a broker, and the rollups they come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import psycopg
from psycopg.rows import dict_row

NINE = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
"""09:00 in Tokyo, a Friday."""

MAKE_MONTHS = """
SELECT shigotoba.ensure_reading_month_v1(month)
FROM (SELECT DISTINCT date_trunc('month', at) FROM unnest(%(ats)s::timestamptz[]) AS at) AS months (month)
"""
MAKE_POINTS = """
INSERT INTO shigotoba.point (device_id, name)
SELECT DISTINCT device_id, point FROM unnest(%(devices)s::text[], %(points)s::text[]) AS told (code, point)
JOIN shigotoba.device USING (code)
ON CONFLICT DO NOTHING
"""
STORE_AND_TOUCH = """
WITH told AS (
    SELECT point_id, at, seq, value, label, uncertain
    FROM unnest(%(devices)s::text[], %(points)s::text[], %(ats)s::timestamptz[], %(seqs)s::bigint[],
                %(values)s::float8[], %(labels)s::text[], %(uncertain)s::boolean[])
         AS told (code, name, at, seq, value, label, uncertain)
    JOIN shigotoba.device USING (code) JOIN shigotoba.point USING (device_id, name)
), stored AS (
    INSERT INTO shigotoba.reading SELECT point_id, at, seq, value, label, uncertain FROM told
)
INSERT INTO shigotoba.touched (point_id, from_at, to_at) SELECT point_id, min(at), max(at) FROM told GROUP BY point_id
"""


class Told(NamedTuple):
    """A reading as it arrives; ``at_s`` are seconds after nine, by a clock that may have been in doubt."""

    device: str
    point: str
    at_s: float
    seq: int
    value: float | str
    uncertain: bool = False


def deliver(conn: psycopg.Connection, readings: Sequence[Told]) -> None:
    """What a commit of ingest leaves behind: the readings, and one touched stretch per point."""
    columns = {
        "devices": [told.device for told in readings],
        "points": [told.point for told in readings],
        "ats": [NINE + timedelta(seconds=told.at_s) for told in readings],
        "seqs": [told.seq for told in readings],
        "values": [None if isinstance(told.value, str) else float(told.value) for told in readings],
        "labels": [told.value if isinstance(told.value, str) else None for told in readings],
        "uncertain": [told.uncertain for told in readings],
    }
    with conn.transaction():
        conn.execute(MAKE_MONTHS, columns)
        conn.execute(MAKE_POINTS, columns)
        conn.execute(STORE_AND_TOUCH, columns)


def everything(conn: psycopg.Connection) -> list[list[dict[str, object]]]:
    """All rollups."""
    tables = {
        "use_15min": "space_id, bucket",
        "printing_hour": "device_id, bucket",
        "booth_use": "space_id, during",
        "booth_session": "space_id, during",
        "counter_hold": "device_id, name, from_at, to_at",
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        return [cursor.execute(f"SELECT * FROM shigotoba.{table} ORDER BY {key}").fetchall()
                for table, key in tables.items()]  # fmt: skip
