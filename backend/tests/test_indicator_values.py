"""Indicators from rollups in a real database, against figures computed by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest

from shigotoba_backend.indicators.bases import (
    BaseYearError,
    amounts_of,
    base_of,
    bases_of,
    draft_base,
    publish_base,
    restate_base,
)
from shigotoba_backend.indicators.model import Amount, IndicatorValue
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, to_date
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import REGISTRY, TELEMETRY, UnknownIndicatorError
from shigotoba_backend.indicators.scopes import Scope, site
from shigotoba_backend.indicators.targets import Target, put_target
from shigotoba_backend.indicators.telemetry.series import SERIES
from shigotoba_backend.indicators.values import BasisError, indicator_values
from shigotoba_backend.read.booths import booth_sessions
from shigotoba_backend.site.description import SiteFile

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 10, tzinfo=UTC)
HONCHO, FLOOR = site("honcho"), Scope.parse("floor:honcho/3f")
NOVEMBER = month(2026, 11)

OFFICE = """
UPDATE shigotoba.space SET capacity = 5 WHERE kind = 'seat';
UPDATE shigotoba.assignment SET during = tstzrange('2026-10-31 15:00Z', NULL);
INSERT INTO shigotoba.opening_hours
SELECT site_id, weekday, '[2020-01-01,)', '[540,660)' FROM shigotoba.site, generate_series(1, 5) AS weekday;
INSERT INTO shigotoba.section (code, name, name_en) VALUES ('soumu', '総務課', 'General affairs');
"""
# Two hours are open on 20 November. Seat 1: taken the first hour, free for half an hour, then unknown. Seat 2: taken
# for the second hour, unknown before.
QUARTERS = """
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, '2026-11-20 00:00Z'::timestamptz + number * interval '15 minutes', taken, free, 0, taken, free, stays
FROM unnest('{0,1,2,3,4,5, 4,5,6,7}'::int[], '{900,900,900,900,0,0, 900,900,900,900}'::float8[],
            '{0,0,0,0,900,900, 0,0,0,0}'::float8[], '{1,0,0,0,0,0, 1,0,1,0}'::int[]) WITH ORDINALITY
    AS told (number, taken, free, stays, line)
JOIN shigotoba.space ON space.code = CASE WHEN line <= 6 THEN '3f-s01' ELSE '3f-s02' END
"""
PRINTING = """
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, impressions_copy, impressions_colour,
                                     impressions_large, sheets_duplex, fax_sent, fax_received)
SELECT device_id, bucket, total, 10, 30, 5, 20, 3, 4
FROM shigotoba.device, unnest('{2026-11-02 01:00Z, 2026-11-30 14:59Z, 2026-12-01 01:00Z}'::timestamptz[],
                              '{100, 60, 900}'::int[]) AS told (bucket, total)
WHERE code = 'mfp-X001'
"""


@pytest.fixture(autouse=True)
def office(conn: psycopg.Connection, small_site: SiteFile) -> None:
    conn.execute(OFFICE)


def headcount(conn: psycopg.Connection, people: int, as_of: str = "2020-04-01") -> None:
    conn.execute(
        "INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)"
        " SELECT site_id, section_id, floor_id, %s, %s FROM shigotoba.floor, shigotoba.section",
        [as_of, people],
    )


def told(
    conn: psycopg.Connection,
    key: str,
    period: Period = NOVEMBER,
    basis: str = "single_month",
    scope: Scope = HONCHO,
    now: datetime = NOW,
) -> IndicatorValue:
    (value,) = indicator_values(conn, key, scope, [period], basis, now)
    return value


def test_seats_tell_utilisation_peak_surplus_dwell_and_turnover(conn):
    conn.execute(QUARTERS)
    use = told(conn, "seat_utilisation")
    assert (use.value, use.numerator, use.denominator) == (80.0, 7200.0, 9000.0)
    assert use.coverage == pytest.approx(2.5 / (21 * 2 * 2))
    peak = told(conn, "seat_peak")
    assert (peak.value, peak.moment) == (1.0, datetime(2026, 11, 20, tzinfo=UTC))
    assert told(conn, "seat_peak_rate").value == 100.0
    assert told(conn, "seat_min_surplus").value == 0.0
    assert told(conn, "seat_p95").value == 100.0
    assert told(conn, "seat_dwell").value == 40.0
    assert told(conn, "seat_turnover").value == 1.5


def test_people_and_seats_are_never_mixed(conn):
    conn.execute(QUARTERS)
    headcount(conn, 20)
    # Known are 2.5 hours over 10 places: 15 minutes of each of 20 people.
    assert told(conn, "presence_rate").value == pytest.approx(100 * 7200 / (9000 / 10 * 20))
    ratio = told(conn, "seat_ratio")
    assert (ratio.value, ratio.numerator, ratio.denominator) == (0.5, 10.0, 20.0)


def test_without_staff_on_the_roll_values_per_person_say_so(conn):
    conn.execute(QUARTERS + ";" + PRINTING)
    for key in ("presence_rate", "seat_ratio", "sheets_per_person"):
        assert (told(conn, key).value, told(conn, key).reason) == (None, "no_headcount")


def test_closed_all_month_there_is_no_rate_and_open_without_data_there_is_none_either(conn):
    assert told(conn, "seat_utilisation").reason == "no_data"
    conn.execute("INSERT INTO shigotoba.holiday SELECT site_id, '[2026-11-01,2026-12-01)', '', '' FROM shigotoba.site")
    value = told(conn, "seat_utilisation")
    assert (value.value, value.reason) == (None, "no_open_hours")


def test_a_closure_of_a_seat_leaves_the_available_time(conn):
    conn.execute(QUARTERS)
    before = told(conn, "seat_utilisation").coverage
    conn.execute("INSERT INTO shigotoba.closure SELECT site_id, space_id, '[2026-11-20 15:00Z, 2026-11-30 15:00Z)', ''"
                 " FROM shigotoba.space WHERE code = '3f-s02'")  # fmt: skip
    assert told(conn, "seat_utilisation").coverage == pytest.approx(before * 84 / (84 - 6 * 2))


def test_printers_tell_sides_sheets_shares_and_faxes_by_days_in_japan(conn):
    conn.execute(PRINTING)
    headcount(conn, 10)
    monthly = [key for key in SERIES if "single_month" in REGISTRY[key].bases]
    values = {key: told(conn, key).value for key in monthly if REGISTRY[key].unit != "%" or "share" in key}
    assert values["impressions"] == 160
    assert (values["sheets"], told(conn, "sheets").estimate) == (120, True)
    assert (values["a4_equivalents"], values["copies"], values["fax_pages"]) == (170, 20, 14)
    assert (values["colour_share"], values["duplex_share"]) == (100 * 60 / 160, 100 * 40 / 120)
    assert (values["impressions_per_person"], values["sheets_per_person"]) == (16, 12)
    assert told(conn, "impressions", month(2026, 12)).value == 900
    assert told(conn, "impressions", month(2026, 10)).reason == "not_here"


def test_the_reduction_against_a_published_base(conn):
    conn.execute(PRINTING)
    base = [Amount(first=date(2019, number, 1), months=1, numerator=400) for number in (11, 12)]
    draft = draft_base(conn, "impressions", "site:honcho", 2019, base)
    publish_base(conn, draft, "sato", NOW)
    same_month = told(conn, "impressions_change", NOVEMBER, "same_month")
    assert (same_month.value, same_month.numerator, same_month.denominator) == (-60.0, 160, 400)
    assert (same_month.base.fiscal_year, same_month.base.months, same_month.base.published) == (
        2019, (date(2019, 11, 1),), True,
    )  # fmt: skip
    to_now = told(conn, "impressions_change", to_date(2026, 12), "fiscal_year_to_date")
    assert (to_now.value, to_now.base.months) == (-60.0, (date(2019, 11, 1),))
    assert told(conn, "impressions_change", month(2026, 12), "same_month").reason == "not_over"
    assert told(conn, "fax_change", NOVEMBER, "same_month").reason == "no_base_year"


def test_a_month_in_which_the_first_printer_came_is_told_but_not_compared(conn):
    conn.execute(PRINTING)
    conn.execute("UPDATE shigotoba.assignment SET during = '[2026-11-01 15:00Z,)'")
    draft_base(conn, "impressions", "site:honcho", 2019, [Amount(first=date(2019, 11, 1), months=1, numerator=400)])
    assert told(conn, "impressions").value == 160
    same_month = told(conn, "impressions_change", NOVEMBER, "same_month")
    assert (same_month.value, same_month.reason) == (None, "no_common_months")


def test_a_published_base_is_fixed_by_the_database_and_restated_beside_itself(conn):
    amounts = [Amount(first=date(2019, 4, 1), months=12, numerator=100)]
    draft = draft_base(conn, "sheets", "site:honcho", 2019, amounts)
    assert draft_base(conn, "sheets", "site:honcho", 2019, amounts) == draft
    publish_base(conn, draft, "sato", NOW)
    for change in ("UPDATE shigotoba.base_year SET fiscal_year = 2018", "DELETE FROM shigotoba.base_year",
                   "UPDATE shigotoba.base_amount SET numerator = 1", "DELETE FROM shigotoba.base_amount",
                   "INSERT INTO shigotoba.base_amount SELECT base_year_id, '2019-05-01', 1, 5 FROM shigotoba.base_year",
                   "TRUNCATE shigotoba.base_amount"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(change)
    with pytest.raises(BaseYearError, match="Restate"):
        draft_base(conn, "sheets", "site:honcho", 2019, amounts)
    with pytest.raises(BaseYearError, match="reason"):
        restate_base(conn, draft, amounts, "")
    again = restate_base(
        conn, draft, [Amount(first=date(2019, 4, 1), months=12, numerator=110)], "支所の分が漏れていた"
    )
    assert base_of(conn, "sheets", "site:honcho").base_year_id == draft
    publish_base(conn, again, "sato", NOW)
    assert base_of(conn, "sheets", "site:honcho").base_year_id == again
    assert [each.numerator for each in amounts_of(conn, draft)] == [100]
    assert [(each.superseded, each.reason) for each in bases_of(conn, "sheets", "site:honcho")] == [
        (True, ""), (False, "支所の分が漏れていた"),
    ]  # fmt: skip


def test_a_target_stands_beside_the_values_of_its_year(conn):
    conn.execute(PRINTING)
    for value, at in ((-30.0, NOW), (-50.0, NOW.replace(hour=1))):
        put_target(conn, "impressions", "site:honcho", Target(2026, value, "", "sato", at))
    assert told(conn, "impressions").target == -50.0
    assert told(conn, "impressions", month(2027, 4)).target is None


def test_booths_tell_bookings_and_uses_side_by_side(conn):
    conn.execute(
        "INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s) SELECT site_id, 'b', 'booth_sensor', 60"
        " FROM shigotoba.site; INSERT INTO shigotoba.assignment SELECT device_id, space_id, '[2026-10-31 15:00Z,)'"
        " FROM shigotoba.device, shigotoba.space WHERE device.code = 'b' AND space.code = '3f-b1';"
        # Open 9 to 11 on 20 November; booked 9 to 10, used 9:30 to 10:30 and for a few seconds later.
        "INSERT INTO shigotoba.use_15min"
        " (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s) SELECT space_id,"
        " '2026-11-20Z'::timestamptz + number * interval '15 minutes', taken, 900 - taken, 0, taken, 900 - taken"
        " FROM shigotoba.space, unnest('{0,0,900,900,900,900,30,0}'::float8[])"
        " WITH ORDINALITY AS told (taken, line), LATERAL (VALUES (line - 1)) AS quarter (number) WHERE code = '3f-b1';"
        "INSERT INTO shigotoba.booth_session SELECT space_id, during::tstzrange FROM shigotoba.space, (VALUES"
        " ('[2026-11-20 00:30Z, 2026-11-20 01:30Z)'), ('[2026-11-20 01:40Z, 2026-11-20 01:40:30Z)')) AS told (during)"
        " WHERE code = '3f-b1';"
        "INSERT INTO shigotoba.booking (space_id, booked, during, state, source, made_at, checked_in_at, checked_in_by,"
        " lapses_at, check_in_from) SELECT space_id, span, span, 'ended', 'phone', '2026-11-19Z', '2026-11-20 00:30Z',"
        " 'phone', '2026-11-20 00:10Z', '2026-11-19 23:55Z' FROM shigotoba.space,"
        " (VALUES ('[2026-11-20 00:00Z, 2026-11-20 01:00Z)'::tstzrange)) AS told (span) WHERE code = '3f-b1'"
    )
    values = {each.key: told(conn, each.key) for each in TELEMETRY if each.key.startswith("booth_")}
    assert values["booth_booked_rate"].value == pytest.approx(100 * 1 / 42)
    assert values["booth_booked_use"].value == 50.0
    assert values["booth_walk_in_share"].value == pytest.approx(100 * (0.5 + 30 / 3600) / (1 + 30 / 3600))
    assert (values["booth_uses"].value, values["booth_no_show_rate"].value) == (1, 0.0)
    assert values["booth_no_show_rate"].denominator == 1
    sessions = booth_sessions(conn, "honcho", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
    assert [(each.space, each.start.minute, each.source) for each in sessions] == [
        ("3f-b1", 30, "booking"), ("3f-b1", 40, "presence"),
    ]  # fmt: skip


def test_cells_of_few_people_are_hidden_with_everything_that_would_tell_them(conn):
    conn.execute(PRINTING)
    conn.execute("UPDATE shigotoba.space SET capacity = 1 WHERE code = '3f-s01'")
    headcount(conn, 4)
    for key, scope in (("impressions", FLOOR), ("sheets_per_person", FLOOR), ("presence_rate", FLOOR)):
        value = told(conn, key, scope=scope)
        assert (value.value, value.numerator, value.denominator, value.reason) == (None, None, None, "small_cell")
    assert told(conn, "seat_utilisation", scope=Scope.parse("space:honcho/3f-s01")).reason == "small_cell"


def test_what_cannot_be_told_is_refused_in_words(conn):
    with pytest.raises(UnknownIndicatorError, match="paperless"):
        told(conn, "paperless")
    with pytest.raises(UnknownScopeError, match="site:shisho"):
        told(conn, "impressions", scope=site("shisho"))
    with pytest.raises(BasisError, match="zone"):
        told(conn, "impressions", scope=Scope.parse("zone:honcho/quiet"))
    with pytest.raises(BasisError, match="fiscal year"):
        told(conn, "impressions", NOVEMBER, "fiscal_year")
    with pytest.raises(BasisError, match="survey"):
        told(conn, "impressions", NOVEMBER, "survey")


def test_a_month_that_has_not_begun_and_a_year_that_runs(conn):
    conn.execute(PRINTING)
    assert told(conn, "impressions", month(2027, 1)).reason == "no_data"
    assert told(conn, "impressions", fiscal_year(2026), "fiscal_year").value == 1060
