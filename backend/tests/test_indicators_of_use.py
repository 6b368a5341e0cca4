"""Seats by type, the proper band, active days, time used again, and what people say, against figures by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import Period, fiscal_year, month
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.read.seat_types import OpenType, open_types
from shigotoba_backend.read.seating import Asked, as_told
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 10, tzinfo=UTC)
NOVEMBER = month(2026, 11)

# Two hours are open on 20 November. Seat 1: taken the first hour, free for half an hour, then unknown. Seat 2: taken
# for a quarter of the second hour.
OFFICE = """
UPDATE shigotoba.space SET capacity = 6 WHERE kind = 'seat';
UPDATE shigotoba.assignment SET during = tstzrange('2026-10-31 15:00Z', NULL);
INSERT INTO shigotoba.opening_hours
SELECT site_id, weekday, '[2020-01-01,)', '[540,660)' FROM shigotoba.site, generate_series(1, 5) AS weekday;
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, '2026-11-20 00:00Z'::timestamptz + number * interval '15 minutes', taken, free, 0, taken, free, 1
FROM unnest('{0,1,2,3,4,5, 4,5}'::int[], '{900,900,900,900,0,0, 900,0}'::float8[],
            '{0,0,0,0,900,900, 0,900}'::float8[]) WITH ORDINALITY AS told (number, taken, free, line)
JOIN shigotoba.space ON space.code = CASE WHEN line <= 6 THEN '3f-s01' ELSE '3f-s02' END
"""


@pytest.fixture(autouse=True)
def office(conn: psycopg.Connection, small_site: SiteFile) -> None:
    conn.execute(OFFICE)


def told(
    conn: psycopg.Connection,
    key: str,
    scope: str = "site:honcho",
    period: Period = NOVEMBER,
    basis: str = "single_month",
) -> IndicatorValue:
    (value,) = indicator_values(conn, key, Scope.parse(scope), [period], basis, NOW)
    return value


def test_seats_of_a_type_are_told_apart_unless_they_are_few(conn):
    focus, window = "seat_type:honcho/focus", "seat_type:honcho/window"
    assert told(conn, "seat_utilisation", focus).value == pytest.approx(100 * 3600 / 5400)
    assert told(conn, "seat_utilisation", window).value == 50.0
    peak = told(conn, "seat_peak", window)
    assert (peak.value, peak.moment) == (1.0, datetime(2026, 11, 20, 1, tzinfo=UTC))
    with pytest.raises(UnknownScopeError, match="sofa"):
        told(conn, "seat_utilisation", "seat_type:honcho/sofa")
    conn.execute("UPDATE shigotoba.space SET capacity = 4 WHERE code = '3f-s02'")
    assert told(conn, "seat_utilisation", window).reason == "small_cell"
    # With the site's total beside it, the other type would tell of this one.
    assert "small_cell" in (told(conn, "seat_utilisation", focus).reason, told(conn, "seat_utilisation").reason)


def test_types_on_a_page_are_what_the_indicator_tells_of_them_or_missing_for_the_same_reason(conn):
    def on_the_page(floor: str | None = None, *, of: Period = NOVEMBER) -> list[OpenType]:
        last = of.beyond - timedelta(days=1)
        return open_types(conn, as_told(conn, Asked("honcho", "seat", floor, of.first, last)))

    both = [OpenType("focus", 1, 3600, 5400, 6, ""), OpenType("window", 1, 900, 1800, 2, "")]
    assert on_the_page() == on_the_page("3f") == both
    assert on_the_page(of=month(2026, 10)) == [
        OpenType(code, 1, None, 0.0, None, "no_data") for code in ("focus", "window")
    ]
    conn.execute("UPDATE shigotoba.space SET seat_type = 'focus' WHERE code = '3f-s02'")
    conn.execute(
        "INSERT INTO shigotoba.floor (site_id, code, name, name_en, level) SELECT site_id, '4f', '', '', 4"
        " FROM shigotoba.site; UPDATE shigotoba.space SET floor_id = floor.floor_id FROM shigotoba.floor"
        " WHERE floor.code = '4f' AND space.code = '3f-s02'"
    )
    assert [each.reason for each in on_the_page("3f")] == ["small_cell"], "a floor's part of a type is told nowhere"
    assert on_the_page() == [OpenType("focus", 2, 4500, 7200, 8, "")]
    conn.execute("UPDATE shigotoba.space SET capacity = 4 WHERE code = '3f-s02'")
    assert [each.reason for each in on_the_page()] == [told(conn, "seat_utilisation", "seat_type:honcho/focus").reason]


def test_the_proper_band_counts_quarters_and_active_days_need_half_an_hour(conn):
    # Of six quarters four had every known seat taken; then one of two, then none.
    assert told(conn, "seat_band_share").value == pytest.approx(100 * 4 / 6)
    active = told(conn, "seat_active_days")
    assert (active.value, active.numerator, active.denominator) == (50.0, 1.0, 2.0)
    assert told(conn, "seat_active_days", period=month(2026, 10)).value is None


def test_time_given_back_counts_as_reused_when_somebody_else_has_it(conn):
    conn.execute(
        "INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s) SELECT site_id, 'b', 'booth_sensor', 60"
        " FROM shigotoba.site; INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-10-31 15:00Z,)'"
        " FROM shigotoba.device, shigotoba.space WHERE device.code = 'b' AND space.code = '3f-b1'"
    )
    # Booked 9 to 11, released at 9:15; another booking from 10 to 10:30, and somebody who walked in at 10:45.
    conn.execute(
        "INSERT INTO shigotoba.booking (space_id, booked, during, state, source, made_at, checked_in_at, checked_in_by,"
        " lapses_at, check_in_from) SELECT space_id, booked::tstzrange, during::tstzrange, state, 'phone',"
        " '2026-11-19Z', here::timestamptz, CASE WHEN here IS NULL THEN NULL ELSE 'phone' END, lower(booked::tstzrange)"
        " + interval '15 minutes', lower(booked::tstzrange) FROM shigotoba.space, (VALUES"
        " ('[2026-11-20 00:00Z, 2026-11-20 02:00Z)', '[2026-11-20 00:00Z, 2026-11-20 00:15Z)', 'released', NULL),"
        " ('[2026-11-20 01:00Z, 2026-11-20 01:30Z)', '[2026-11-20 01:00Z, 2026-11-20 01:30Z)', 'ended',"
        " '2026-11-20 01:00Z')) AS told (booked, during, state, here) WHERE code = '3f-b1';"
        "INSERT INTO shigotoba.booth_session SELECT space_id, '[2026-11-20 01:45Z, 2026-11-20 02:10Z)'"
        " FROM shigotoba.space WHERE code = '3f-b1'"
    )
    assert told(conn, "booth_recovered_hours").value == 1.75
    reuse = told(conn, "booth_reuse_rate")
    assert (reuse.numerator, reuse.denominator) == (0.75, 1.75)


def test_answers_on_the_phone_are_told_from_five_on(conn):
    conn.execute(
        "INSERT INTO shigotoba.booth_rating SELECT space_id, '2026-11-01', score, votes"
        " FROM shigotoba.space, (VALUES (5, 3), (4, 1), (2, 1)) AS told (score, votes) WHERE code = '3f-b1';"
        "INSERT INTO shigotoba.booth_rating SELECT space_id, '2026-10-01', 5, 4"
        " FROM shigotoba.space WHERE code = '3f-b1';"
        "INSERT INTO shigotoba.survey (site_id, fiscal_year, days)"
        " SELECT site_id, 2026, '[2026-11-01,2026-12-01)' FROM shigotoba.site;"
        "INSERT INTO shigotoba.survey_vote SELECT survey_id, 'satisfied', score, votes"
        " FROM shigotoba.survey, (VALUES (5, 6), (1, 4)) AS told (score, votes)"
    )
    assert told(conn, "booth_satisfaction").value == 80.0
    assert told(conn, "booth_satisfaction", period=month(2026, 10)).reason == "no_data"
    whole = fiscal_year(2026)
    assert told(conn, "booth_satisfaction", period=whole, basis="fiscal_year").denominator == 5
    assert told(conn, "survey_satisfied", period=whole, basis="fiscal_year").value == 60.0
    assert told(conn, "survey_environment", period=whole, basis="fiscal_year").reason == "no_data"
    assert told(conn, "survey_satisfied", period=fiscal_year(2025), basis="fiscal_year").reason == "no_data"
