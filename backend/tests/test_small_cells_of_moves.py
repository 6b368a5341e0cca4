"""Places that change their section within a year: the same month asked in two ways must not differ by one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import combinations
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.indicators.model import Basis
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, to_date
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_where_known
from shigotoba_backend.site.description import Device, Floor, OpeningHours, Section, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.attacker import Attacker, Vector

pytestmark = pytest.mark.integration

SEATS = [f"s{number:02}" for number in range(22)]
MOMENTS = [datetime(2026, at, 11, 10, tzinfo=ZoneInfo("Asia/Tokyo")) for at in (4, 5)]
NOW = datetime(2026, 7, 20, tzinfo=UTC)
SCOPES = ["site:honcho", "floor:honcho/3f", "floor:honcho/4f", "section:main/somu", "section:main/zeimu"]

SERVE = """
INSERT INTO shigotoba.section_place (section_id, space_id, during)
SELECT section_id, space_id, daterange(%s, %s) FROM shigotoba.section, shigotoba.space
WHERE section.code = %s AND space.code = %s
"""
SIT = """
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, %(at)s, %(occupied_s)s, 900, 0, %(occupied_s)s, 900, 1 FROM shigotoba.space WHERE code = %(seat)s
"""
PERIODS: dict[Basis, list[Period]] = {
    "single_month": [month(2026, 4), month(2026, 5)],
    "fiscal_year_to_date": [to_date(2026, 4), to_date(2026, 5)],
    "fiscal_year": [fiscal_year(2026)],
}


def seconds(seat: int, moment: int) -> float:
    """Each seat and quarter has a binary digit of its own, so that a sum tells what it is the sum of."""
    return float(2 ** (seat + len(SEATS) * moment))


@pytest.fixture
def office(conn: psycopg.Connection, site_file: SiteFile) -> psycopg.Connection:
    """Twelve seats and ten, all of which answer; nobody's yet."""
    import_site(
        conn,
        SiteFile(
            site=site_file.site,
            floors=[Floor(code, code, code, number) for number, code in enumerate(("3f", "4f"))],
            spaces=[Space(code, f"{3 + at // 12}f", "seat", None, code, 1, 0, 0) for at, code in enumerate(SEATS)],
            devices=[Device(f"ble-{code}", "seat_sensor", code, 60) for code in SEATS],
            assigned_from=datetime(2026, 3, 31, 15, tzinfo=UTC),
            opening_hours=[OpeningHours([1, 2, 3, 4, 5], "08:30", "17:15", date(2026, 4, 1))],
            sections=[Section(code, code, code) for code in ("somu", "zeimu")],
        ),
    )
    with conn.cursor() as cursor:
        cursor.executemany(
            SIT,
            [
                {"at": at, "seat": code, "occupied_s": seconds(seat, moment)}
                for moment, at in enumerate(MOMENTS)
                for seat, code in enumerate(SEATS)
            ],
        )
    return conn


def serve(conn: psycopg.Connection, section: str, seats: range, first: date | None, beyond: date | None) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(SERVE, [(first, beyond, section, SEATS[seat]) for seat in seats])


def told(conn: psycopg.Connection) -> Iterator[float]:
    """Seconds behind the indicators, by every choice of periods."""
    per_unit = {"seat_utilisation": 1, "seat_dwell": 60, "seat_peak": 900}
    scopes = [Scope.parse(text) for text in SCOPES]
    for basis, periods in PERIODS.items():
        for asked in (chosen for count in (1, 2) for chosen in combinations(periods, count)):
            for (key, _), values in values_where_known(conn, list(per_unit), scopes, asked, basis, NOW).items():
                yield from (value.numerator * per_unit[key] for value in values if value.numerator is not None)


def equation(sum_s: float) -> Vector:
    whole = round(sum_s)
    return [Fraction(whole >> digit & 1) for digit in range(len(SEATS) * len(MOMENTS))]


def of(seats: range, moment: int) -> float:
    return sum(seconds(seat, moment) for seat in seats)


def found_out(conn: psycopg.Connection) -> list[tuple[int, int]]:
    attacker = Attacker(equation(each) for each in {*told(conn)})
    return [
        (seat, moment)
        for moment in range(len(MOMENTS))
        for seat in range(len(SEATS))
        if attacker.can_work_out(equation(seconds(seat, moment)))
    ]


def test_a_seat_that_leaves_its_section_is_not_told_by_asking_for_the_same_month_twice(
    office: psycopg.Connection,
) -> None:
    serve(office, "somu", range(6), None, date(2026, 5, 8))
    serve(office, "somu", range(5), date(2026, 5, 8), None)
    assert found_out(office) == []
    whole = {of(range(6), 0), of(range(5), 1), of(range(6), 0) + of(range(5), 1)}
    assert whole <= {float(round(each)) for each in told(office)}, "each month counts whom it had at its end"


def test_a_section_that_had_one_seat_before_it_grew_is_not_told_of_that_time(office: psycopg.Connection) -> None:
    serve(office, "zeimu", range(12, 13), None, None)
    serve(office, "zeimu", range(13, 17), date(2026, 5, 8), None)
    assert found_out(office) == []
