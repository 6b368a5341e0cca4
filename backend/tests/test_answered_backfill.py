"""Migration 0028 on a database that is in use: how many quarters answered is counted of every day there was."""

from __future__ import annotations

import psycopg
import pytest

from shigotoba_backend.store.migrate import migrate, shipped

pytestmark = pytest.mark.integration

SEATS = """
INSERT INTO shigotoba.site (code, name, name_en, time_zone) VALUES ('honcho', '本庁舎', 'Main building', 'Asia/Tokyo');
INSERT INTO shigotoba.floor (site_id, code, name, name_en, level) SELECT site_id, '1f', '', '', 1 FROM shigotoba.site;
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT site_id, floor_id, seat, 'seat', '', 1, 0, 0 FROM shigotoba.floor, unnest('{s1, s2}'::text[]) AS seat
"""
SIT = """
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, 0, CASE WHEN code = 's2' THEN 449 ELSE 450 END, 0, 0, 0, 0
FROM shigotoba.space, generate_series(timestamptz '2026-04-06 23:30+09', %(last)s, interval '15 minutes') AS bucket
"""
ANSWERED = """
SELECT code, day::text, answered FROM shigotoba.use_day JOIN shigotoba.space USING (space_id) ORDER BY code, day
"""


def test_days_from_before_know_how_many_quarters_answered_as_those_after_do(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        migrate(conn, [each for each in shipped() if each.number < 28])
        conn.execute(SEATS)
        conn.execute(SIT, {"last": "2026-04-07 00:30+09"})
        migrate(conn, shipped())
        counted = [("s1", "2026-04-06", 2), ("s1", "2026-04-07", 3), ("s2", "2026-04-06", 0), ("s2", "2026-04-07", 0)]
        assert conn.execute(ANSWERED).fetchall() == counted
        conn.execute("UPDATE shigotoba.use_15min SET vacant_s = 900 WHERE bucket = '2026-04-07 00:00+09'")
        assert conn.execute(ANSWERED).fetchall() == [*counted[:3], ("s2", "2026-04-07", 1)]
