"""A printer goes and another comes, in the middle of an hour: nothing that either printed is lost or counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.exports.datasets import Asked
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 10, tzinfo=UTC)
PLACE, SITE = "space:honcho/3f-p1", "site:honcho"

REPLACED = """
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'mfp-X002', 'mfp', 60 FROM shigotoba.site;
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT site_id, floor_id, '3f-p2', 'equipment', '', 0, 0, 0 FROM shigotoba.floor;
UPDATE shigotoba.assignment SET during = tstzrange(lower(during), '2026-11-20 01:05Z')
FROM shigotoba.device WHERE device.device_id = assignment.device_id AND device.code = 'mfp-X001';
INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-11-20 01:05Z,)'
FROM shigotoba.device, shigotoba.space WHERE device.code = 'mfp-X002' AND space.code = '3f-p1';
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)
SELECT device_id, bucket::timestamptz, total
FROM shigotoba.device JOIN (VALUES ('mfp-X001', '2026-11-20 00:00Z', 100), ('mfp-X001', '2026-11-20 01:00Z', 7),
                                   ('mfp-X002', '2026-11-20 01:00Z', 20), ('mfp-X002', '2026-11-20 02:00Z', 30),
                                   ('mfp-X002', '2026-11-20 03:00Z', 4)) AS told (code, bucket, total) USING (code);
"""
CARRIED = """
UPDATE shigotoba.assignment SET during = tstzrange(lower(during), '2026-11-20 02:20Z')
FROM shigotoba.device WHERE device.device_id = assignment.device_id AND device.code = 'mfp-X002';
INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-11-20 02:20Z,)'
FROM shigotoba.device, shigotoba.space WHERE device.code = 'mfp-X002' AND space.code = '3f-p2';
"""


@pytest.fixture(autouse=True)
def replaced(conn: psycopg.Connection, small_site: SiteFile) -> None:
    """At five past ten one serial takes the place of another, and prints in the same hour."""
    conn.execute(REPLACED)


def told(conn: psycopg.Connection, scope: str) -> IndicatorValue:
    return indicator_values(conn, "impressions", Scope.parse(scope), [month(2026, 11)], "single_month", NOW)[0]


def in_file(conn: psycopg.Connection, name: str, directory: Path) -> float:
    asked = Asked(organisation="main", site="honcho", first=date(2026, 11, 1), last=date(2026, 11, 30), now=NOW)
    file = opened("json", export(conn, name, "json", asked, COMMAND, directory).path)
    rows = [dict(zip(file.header, cells, strict=True)) for cells in file.rows]
    return sum(float(str(row["value"])) for row in rows if row["point"] == "impressions_total" and row["value"])


def test_a_replaced_printer_and_its_successor_count_at_their_place_to_the_last_sheet(
    conn: psycopg.Connection, tmp_path: Path
) -> None:
    assert (told(conn, "device:honcho/mfp-X001").value, told(conn, "device:honcho/mfp-X002").value) == (107, 54)
    assert (told(conn, PLACE).value, told(conn, SITE).value) == (161, 161)
    assert {in_file(conn, name, tmp_path) for name in ("printing", "printing_by_hour")} == {161}


def test_a_printer_carried_within_an_hour_counts_that_hour_where_it_stood_when_it_began(
    conn: psycopg.Connection,
) -> None:
    conn.execute(CARRIED)
    assert (told(conn, PLACE).value, told(conn, "space:honcho/3f-p2").value) == (157, 4)
    assert told(conn, SITE).value == 161
