"""Base years in which a cell was small: what this year may tell does not give that year away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest

from shigotoba_backend.indicators.bases import draft_base
from shigotoba_backend.indicators.model import Amount, Basis, IndicatorValue
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, to_date
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 10, tzinfo=UTC)
FLOOR = Scope.parse("floor:honcho/3f")
ASKED: dict[Basis, Period] = {
    "single_month": month(2026, 11),
    "same_month": month(2026, 11),
    "fiscal_year_to_date": to_date(2026, 11),
    "fiscal_year": fiscal_year(2026),
}
STAFF = """
INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)
SELECT site_id, section_id, floor_id, as_of, people
FROM shigotoba.floor, shigotoba.section, (VALUES ('2025-04-01'::date, %s), ('2026-04-01', 6)) AS told (as_of, people)
"""


@pytest.fixture(autouse=True)
def office(conn: psycopg.Connection, small_site: SiteFile) -> None:
    """160 sides in November 2026, and 400 in each month of the base year."""
    conn.execute(
        "INSERT INTO shigotoba.section (code, name, name_en) VALUES ('soumu', '総務課', 'General affairs');"
        "INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)"
        " SELECT device_id, '2026-11-02 01:00Z', 160 FROM shigotoba.device WHERE code = 'mfp-X001'"
    )
    months = [date(2025 + (number > 12), (number - 1) % 12 + 1, 1) for number in range(4, 16)]
    then = [Amount(first=first, months=1, numerator=400) for first in months]
    draft_base(conn, "impressions", str(FLOOR), 2025, then)


def told(conn: psycopg.Connection, key: str) -> list[IndicatorValue]:
    return [indicator_values(conn, key, FLOOR, [period], basis, NOW)[0] for basis, period in ASKED.items()]


def test_a_base_year_of_few_people_stands_beside_no_value_and_under_no_change(conn: psycopg.Connection) -> None:
    conn.execute(STAFF, [4])
    assert [(value.value, value.base) for value in told(conn, "impressions")] == [(160, None)] * len(ASKED)
    for value in told(conn, "impressions_change"):
        assert (value.value, value.denominator, value.base, value.reason) == (None, None, None, "small_cell")


def test_a_base_year_of_enough_people_is_told(conn: psycopg.Connection) -> None:
    conn.execute(STAFF, [5])
    assert [value.base and value.base.value for value in told(conn, "impressions")] == [400] * len(ASKED)
    assert {value.value for value in told(conn, "impressions_change") if value.reason != "not_over"} == {-60.0}
