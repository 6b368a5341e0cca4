"""Booths between what was booked and what a sensor saw, where there was one and it spoke, against figures by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import Period, month
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

JAPAN = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 12, 10, tzinfo=UTC)
SEPTEMBER, OCTOBER, NOVEMBER = (month(2026, number) for number in (9, 10, 11))

OFFICE = """
INSERT INTO shigotoba.opening_hours
SELECT site_id, weekday, '[2020-01-01,)', '[540,660)' FROM shigotoba.site, generate_series(1, 5) AS weekday;
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'b', 'booth_sensor', 60 FROM shigotoba.site;
INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-09-30 15:00Z,)'
FROM shigotoba.device, shigotoba.space WHERE device.code = 'b' AND space.code = '3f-b1';
"""
BOOK = """
INSERT INTO shigotoba.booking (space_id, booked, during, state, source, made_at, checked_in_at, checked_in_by,
                               lapses_at, check_in_from, ended_at, sensor_dead)
SELECT space_id, tstzrange(%(first)s, %(beyond)s), tstzrange(%(first)s, %(until)s), %(state)s, 'phone',
       %(first)s - interval '5 days', %(came)s, CASE WHEN %(came)s::timestamptz IS NOT NULL THEN 'phone' END,
       %(first)s + interval '15 minutes', %(first)s, %(ended)s, %(unseen)s
FROM shigotoba.space WHERE code = '3f-b1'
"""
SEEN = """
INSERT INTO shigotoba.booth_session
SELECT space_id, '[2026-11-19 09:00+09, 2026-11-19 09:30+09)' FROM shigotoba.space WHERE code = '3f-b1';
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, '2026-11-19 09:00+09'::timestamptz + number * interval '15 minutes', taken, 900 - taken, 0, taken,
       900 - taken, 0
FROM shigotoba.space, unnest('{900,900,0,0,0,0,0,0}'::float8[]) WITH ORDINALITY AS told (taken, line),
     LATERAL (VALUES (line - 1)) AS quarter (number)
WHERE code = '3f-b1';
"""
"""Two hours of 19 November, the first half-hour of them taken; all else is unknown."""


def at(clock: str, day: int = 19, of: Period = NOVEMBER) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, of.first.month, day, int(hour), int(minute), tzinfo=JAPAN)


def book(conn: psycopg.Connection, first: datetime, beyond: datetime, state: str, **more: object) -> None:
    usual = {"until": beyond, "came": None, "ended": None, "unseen": False}
    conn.execute(BOOK, {"first": first, "beyond": beyond, "state": state} | usual | more)


@pytest.fixture(autouse=True)
def booth(conn: psycopg.Connection, small_site: SiteFile) -> None:
    """A booth that is open for two hours of each working day, with a sensor from October on that spoke on one day."""
    conn.execute(OFFICE)
    conn.execute(SEEN)


def told(conn: psycopg.Connection, key: str, period: Period = NOVEMBER) -> IndicatorValue:
    return indicator_values(conn, key, site("honcho"), [period], "single_month", NOW)[0]


def test_nobody_coming_is_told_of_bookings_that_could_be_seen_and_use_of_hours_that_were(conn):
    book(conn, at("9:00"), at("10:00"), "ended", came=at("9:00"))
    book(conn, at("10:00"), at("11:00"), "released", until=at("10:15"))
    book(conn, at("9:00", 20), at("10:00", 20), "released", until=at("9:15", 20), unseen=True)
    assert told(conn, "booth_booked_rate").value == pytest.approx(100 * 3 / 42)
    use = told(conn, "booth_booked_use")
    assert (use.value, use.numerator, use.denominator) == (25.0, 0.5, 2.0), "the third hour was seen by nobody"
    nobody = told(conn, "booth_no_show_rate")
    assert (nobody.value, nobody.numerator, nobody.denominator) == (50.0, 1.0, 2.0)
    assert nobody.coverage == pytest.approx(2 / 3)
    assert nobody.exclusions == "bookings whose outcome could not be seen: 1"
    assert (told(conn, "booth_uses").value, told(conn, "booth_walk_in_share").value) == (1, 0.0)
    assert told(conn, "booth_recovered_hours").value == 1.5


def test_bookings_of_which_none_could_be_seen_have_no_rate_of_nobody_coming(conn):
    book(conn, at("9:00", 20), at("10:00", 20), "released", until=at("9:15", 20), unseen=True)
    nobody = told(conn, "booth_no_show_rate")
    assert (nobody.value, nobody.reason, nobody.coverage) == (None, "no_data", None)


def test_late_is_a_cancellation_within_half_an_hour_of_the_start(conn):
    book(conn, at("9:00"), at("9:30"), "cancelled", ended=at("8:40"))
    book(conn, at("9:30"), at("10:00"), "cancelled", ended=at("8:59"))
    book(conn, at("10:00"), at("10:30"), "ended", came=at("10:00"))
    book(conn, at("10:30"), at("11:00"), "held")
    late = told(conn, "booth_late_cancel_rate")
    assert (late.value, late.numerator, late.denominator) == (25.0, 1.0, 4.0)


def test_what_a_silent_sensor_would_have_seen_is_missing_and_what_was_booked_is_told(conn):
    book(conn, at("9:00", 20, OCTOBER), at("10:00", 20, OCTOBER), "ended", came=at("9:00", 20, OCTOBER))
    for key in ("booth_uses", "booth_booked_use", "booth_walk_in_share"):
        value = told(conn, key, OCTOBER)
        assert (value.value, value.numerator, value.denominator, value.reason) == (None, None, None, "no_data"), key
    assert told(conn, "booth_booked_rate", OCTOBER).numerator == 1.0
    assert told(conn, "booth_no_show_rate", OCTOBER).value == 0.0


def test_before_a_booth_had_a_sensor_its_bookings_tell_how_it_was_used(conn):
    first, beyond = at("9:00", 24, SEPTEMBER), at("10:00", 24, SEPTEMBER)
    book(conn, first, beyond, "ended", came=at("9:15", 24, SEPTEMBER))
    assert told(conn, "booth_uses", SEPTEMBER).value == 1
    assert told(conn, "booth_booked_use", SEPTEMBER).value == 75.0
    assert told(conn, "booth_walk_in_share", SEPTEMBER).value == 0.0


def test_wishes_that_found_no_booth_are_counted_and_none_is_zero_only_where_booths_were_in_use(conn):
    for hour in ("9:00", "9:30"):
        conn.execute(
            "INSERT INTO shigotoba.unmet_demand (site_id, wanted, asker, reason, at) SELECT site_id,"
            " tstzrange(%(at)s, %(at)s + interval '1 hour'), '\\x01', 'search', %(at)s FROM shigotoba.site",
            {"at": at(hour)},
        )
    book(conn, at("9:00", 20, OCTOBER), at("10:00", 20, OCTOBER), "held")
    assert told(conn, "booth_unmet_demand").value == 2
    assert told(conn, "booth_unmet_demand", OCTOBER).value == 0
    assert told(conn, "booth_unmet_demand", SEPTEMBER).reason == "no_data"
