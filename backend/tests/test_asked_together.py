"""Many indicators and scopes asked together say what each says when it is asked alone."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from shigotoba_backend.indicators.bases import draft_base
from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.periods import month, months_later
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import Target, put_target
from shigotoba_backend.indicators.values import indicator_values, values_of, values_where_known
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 10, tzinfo=UTC)
MONTHS = [month(2026, 10), month(2026, 11), month(2027, 1)]
# The second section is the whole of the first, and a third has no place.
OFFICE = """
UPDATE shigotoba.space SET capacity = 3 WHERE kind = 'seat';
UPDATE shigotoba.assignment SET during = tstzrange('2026-10-31 15:00Z', NULL);
INSERT INTO shigotoba.opening_hours
SELECT site_id, weekday, '[2020-01-01,)', '[540,660)' FROM shigotoba.site, generate_series(1, 5) AS weekday;
INSERT INTO shigotoba.section (code, name, name_en)
VALUES ('bu', '部', 'Department'), ('ka', '課', 'Section'), ('x', '室', 'Office');
UPDATE shigotoba.section SET part_of = (SELECT section_id FROM shigotoba.section WHERE code = 'bu') WHERE code = 'ka';
INSERT INTO shigotoba.section_place (section_id, space_id)
SELECT section_id, space_id FROM shigotoba.section, shigotoba.space
WHERE section.code = 'ka' AND space.kind = 'equipment';
INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)
SELECT site_id, section_id, floor_id, '2020-04-01', 9 FROM shigotoba.floor, shigotoba.section WHERE section.code = 'ka';
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, impressions_copy, fax_sent, fax_received)
SELECT device_id, '2026-11-02 01:00Z', 100 + device_id, 10, 3, 4 FROM shigotoba.device WHERE kind = 'mfp';
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, '2026-11-20 00:00Z', 10 * space_id, 900 - 10 * space_id, 0, 10 * space_id, 900 - 10 * space_id, 1
FROM shigotoba.space WHERE kind <> 'equipment';
"""


@pytest.fixture(autouse=True)
def office(conn: psycopg.Connection, small_site: SiteFile) -> None:
    conn.execute(OFFICE)
    then = [Amount(first=months_later(MONTHS[0].first, -84 + each), months=1, numerator=50.0) for each in range(3)]
    draft_base(conn, "impressions", "section:main/bu", 2019, then)
    put_target(conn, "impressions", "floor:honcho/3f", Target(2026, 30.0, "計画", "総務課", NOW))


def scopes_of(kinds: tuple[str, ...]) -> list[Scope]:
    every = ("organisation:main", "site:honcho", "floor:honcho/3f", "section:main/bu", "section:main/ka")
    return [scope for scope in map(Scope.parse, every) if scope.kind in kinds]


@pytest.mark.parametrize("basis", ["single_month", "fiscal_year_to_date"])
def test_what_is_asked_together_is_what_is_asked_alone(conn, basis):
    told = 0
    for kinds in {entry.scopes for entry in REGISTRY.values()}:
        keys = [entry.key for entry in REGISTRY.values() if entry.scopes == kinds and basis in entry.bases]
        together = values_of(conn, keys, scopes_of(kinds), MONTHS, basis, NOW)
        for (key, scope), values in together.items():
            assert values == indicator_values(conn, key, scope, MONTHS, basis, NOW)
            told += sum(value.value is not None for value in values)
    assert told > 10


def test_a_section_without_a_place_is_left_out_or_refused(conn):
    served, bare = Scope.parse("section:main/ka"), Scope.parse("section:main/x")
    known = values_where_known(conn, ["impressions"], [bare, served], MONTHS, "single_month", NOW)
    assert list(known) == [("impressions", served)]
    with pytest.raises(UnknownScopeError, match="section:main/x"):
        values_of(conn, ["impressions"], [bare, served], MONTHS, "single_month", NOW)
