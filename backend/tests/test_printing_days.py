"""Days of printers: what is kept of them is what their hours amount to, whatever happened to those."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.store.migrate import migrate, shipped

pytestmark = pytest.mark.integration

DAYS_CAME_WITH = next(each.number for each in shipped() if each.name == "days_of_printers")
TWO_PRINTERS = """
INSERT INTO shigotoba.site (code, name, name_en, time_zone) VALUES ('honcho', '本庁舎', 'Main building', %(zone)s);
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, serial, 'mfp', 60 FROM shigotoba.site, unnest('{mfp-1, mfp-2}'::text[]) AS serial
"""
# One counts everything, the other not what it copies in colour, and neither anything between three and six in Tokyo.
PRINT = """
INSERT INTO shigotoba.printing_hour (
    device_id, bucket, impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_other,
    impressions_mono, impressions_colour, impressions_print_colour, impressions_copy_colour, impressions_large,
    impressions_duplex, sheets_total, sheets_duplex, fax_sent, fax_received, scan_sent, resets, wraps, held, revised_at
)
SELECT device_id, bucket, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, CASE code WHEN 'mfp-1' THEN n + 8 END,
       n + 9, n + 10, n + 11, n + 12, n + 13, n + 14, n + 15, number %% 2, number %% 3, number %% 5,
       CASE WHEN number %% 7 = 0 THEN bucket + interval '3 hours' END
FROM shigotoba.device
CROSS JOIN generate_series(%(first)s::timestamptz, %(last)s, interval '1 hour') WITH ORDINALITY AS told (bucket, number)
CROSS JOIN LATERAL (
    SELECT CASE WHEN extract(hour FROM bucket AT TIME ZONE 'UTC') NOT BETWEEN 18 AND 20 THEN number END AS n
) AS counted
ON CONFLICT DO NOTHING
"""
SUMS = """
count(impressions_total)::int, sum(impressions_total)::int, sum(impressions_print)::int, sum(impressions_copy)::int,
sum(impressions_fax)::int, sum(impressions_other)::int, sum(impressions_mono)::int, sum(impressions_colour)::int,
sum(impressions_print_colour + impressions_copy_colour)::int, sum(impressions_large)::int, sum(impressions_duplex)::int,
sum(sheets_total)::int, sum(sheets_duplex)::int, sum(fax_sent)::int, sum(fax_received)::int, sum(scan_sent)::int,
sum(resets)::int, sum(wraps)::int, sum(held)::int, max(revised_at)
"""
OF_HOURS = f"""
SELECT device_id, (bucket AT TIME ZONE time_zone)::date, {SUMS}
FROM shigotoba.printing_hour JOIN shigotoba.device USING (device_id) JOIN shigotoba.site USING (site_id)
GROUP BY 1, 2 ORDER BY 1, 2
"""
KEPT = "SELECT * FROM shigotoba.printing_day ORDER BY device_id, day"
BETWEEN = """
SELECT sum(hours)::int, sum(impressions_total)::int, sum(impressions_function_colour)::int, sum(resets)::int,
       max(revised_at) FROM shigotoba.printed_v1(%(device)s, %(since)s, %(beyond)s)
"""
BETWEEN_BY_HOUR = """
SELECT sum(num_nonnulls(impressions_total))::int, sum(impressions_total)::int,
       sum(impressions_print_colour + impressions_copy_colour)::int, sum(resets)::int, max(revised_at)
FROM shigotoba.printing_hour WHERE device_id = %(device)s AND bucket >= %(since)s AND bucket < %(beyond)s
"""
#: Two days before the end of summer time in Helsinki.
BEGAN = datetime(2026, 10, 23, 5, tzinfo=UTC)
SPAN = {"first": BEGAN, "last": BEGAN + timedelta(days=5)}


def changed(conn: psycopg.Connection, statement: LiteralString, values: dict[str, object] | None = None) -> None:
    """Does it, and holds the days against the hours."""
    with psycopg.ClientCursor(conn) as cursor:
        cursor.execute(statement, values)
    assert conn.execute(KEPT).fetchall() == conn.execute(OF_HOURS).fetchall()


def test_days_follow_their_hours_from_those_there_were_before_to_those_that_go(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        migrate(conn, [each for each in shipped() if each.number < DAYS_CAME_WITH])
        psycopg.ClientCursor(conn).execute(TWO_PRINTERS, {"zone": "Asia/Tokyo"})
        psycopg.ClientCursor(conn).execute(PRINT, SPAN)
        migrate(conn, shipped())
        changed(conn, "SELECT")
        assert len(conn.execute(KEPT).fetchall()) == 2 * 6
        changed(conn, PRINT, {"first": BEGAN, "last": BEGAN + timedelta(days=7)})
        changed(conn, "UPDATE shigotoba.printing_hour SET fax_sent = 7, revised_at = now() WHERE resets = 1")
        changed(conn, "DELETE FROM shigotoba.printing_hour WHERE bucket < '2026-10-25 03:00Z'")
        changed(conn, "UPDATE shigotoba.site SET time_zone = 'Asia/Kathmandu'")
        changed(conn, "TRUNCATE shigotoba.printing_hour")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Helsinki", "Asia/Kathmandu"])
def test_between_any_two_instants_days_and_hours_add_up_to_the_hours(conn: psycopg.Connection, zone: str) -> None:
    psycopg.ClientCursor(conn).execute(TWO_PRINTERS, {"zone": zone})
    psycopg.ClientCursor(conn).execute(PRINT, SPAN)
    ((device,),) = conn.execute("SELECT max(device_id) FROM shigotoba.device").fetchall()
    # Midnights of the three zones among them, and moments around.
    minutes = st.integers(-24, 150).flatmap(lambda hour: st.sampled_from([0, 15, 30, 59]).map(lambda m: 60 * hour + m))

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(starts=minutes, ends=minutes)
    def holds(starts: int, ends: int) -> None:
        asked = {
            "device": device,
            "since": BEGAN + timedelta(minutes=starts),
            "beyond": BEGAN + timedelta(minutes=ends),
        }
        assert conn.execute(BETWEEN, asked).fetchone() == conn.execute(BETWEEN_BY_HOUR, asked).fetchone()

    holds()


def test_a_month_is_read_by_day(conn: psycopg.Connection, small_site: SiteFile) -> None:
    psycopg.ClientCursor(conn).execute(PRINT, SPAN)
    scope, asked = Scope.parse("device:honcho/mfp-X001"), [month(2026, 10)]
    now = datetime(2026, 12, 1, tzinfo=UTC)
    told = indicator_values(conn, "impressions", scope, asked, "single_month", now)
    conn.execute("SET session_replication_role = replica")
    conn.execute("DELETE FROM shigotoba.printing_hour")
    assert told[0].value
    assert indicator_values(conn, "impressions", scope, asked, "single_month", now) == told
