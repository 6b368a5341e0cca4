"""Sensors fall silent: the same attacker, who now knows which of them, and in which quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.exports.datasets import DATASETS
from shigotoba_backend.exports.datasets import Asked as AskedOfFiles
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.indicators.model import Basis
from shigotoba_backend.indicators.periods import Period, fiscal_year, month, to_date
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_of
from shigotoba_backend.phone.free_seats import free_seats
from shigotoba_backend.read.seat_types import open_types
from shigotoba_backend.read.seating import Asked, as_told, open_days, simultaneous, weekday_hours
from shigotoba_backend.read.use import use_by_bucket
from shigotoba_backend.site.description import Device, Floor, OpeningHours, Section, SiteFile, Space, Zone
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.attacker import Attacker, Vector

pytestmark = pytest.mark.integration

BLOCKS = {("3f", "quiet", "focus", "somu"): 6, ("3f", "open", "window", ""): 5, ("4f", "", "focus", "zeimu"): 5}
"""Enough seats everywhere: with every sensor alive all of it is told."""

SEATS = [block for block, count in BLOCKS.items() for _ in range(count)]
QUIET, OPEN, FOURTH = range(6), range(6, 11), range(11, 16)
JAPAN = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 7, 20, tzinfo=UTC)
FIRST, LAST = date(2026, 4, 1), date(2026, 5, 31)
MOMENTS = [datetime(2026, *at, tzinfo=JAPAN) for at in ((4, 6, 10, 0), (5, 11, 10, 0), (5, 11, 10, 15))]
ANSWERING = [{0, 1, *OPEN, *FOURTH}, {*QUIET, 6, 7, 8, *FOURTH}, {*QUIET, *OPEN, 11}]
"""Two of the quiet zone in April; three of the open one in May, and in the same hour one of the fourth floor."""

SCOPES = [
    *(
        "organisation:main",
        "site:honcho",
        "floor:honcho/3f",
        "floor:honcho/4f",
        "section:main/somu",
        "section:main/zeimu",
    ),
    *("zone:honcho/quiet", "zone:honcho/open", "seat_type:honcho/focus", "seat_type:honcho/window"),
]

PERIODS: dict[Basis, list[Period]] = {
    "single_month": [month(2026, 4), month(2026, 5)],
    "fiscal_year_to_date": [to_date(2026, 4), to_date(2026, 5)],
    "fiscal_year": [fiscal_year(2026)],
}

SIT = """
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, %(at)s, %(occupied_s)s, %(vacant_s)s, 0, %(occupied_s)s, %(vacant_s)s, 0
FROM shigotoba.space WHERE code = %(seat)s
"""
SERVE = """
INSERT INTO shigotoba.section_place (section_id, space_id)
SELECT section_id, space_id FROM shigotoba.section, shigotoba.space WHERE section.code = %s AND space.code = %s
"""


def seconds(seat: int, moment: int) -> float:
    """Each seat and quarter has a binary digit of its own, so that a sum tells what it is the sum of."""
    return float(2 ** (seat + len(SEATS) * moment))


@pytest.fixture
def silent(conn: psycopg.Connection, site_file: SiteFile) -> psycopg.Connection:
    codes = [f"s{number:02}" for number in range(len(SEATS))]
    import_site(
        conn,
        SiteFile(
            site=site_file.site,
            floors=[Floor(code, code, code, number) for number, code in enumerate(("3f", "4f"))],
            zones=[Zone("quiet", "3f", "集中", "Quiet"), Zone("open", "3f", "交流", "Open")],
            spaces=[
                Space(code, floor, "seat", seat_type, code, 1, 0, 0, zone or None)
                for code, (floor, zone, seat_type, _) in zip(codes, SEATS, strict=True)
            ],
            devices=[Device(f"ble-{code}", "seat_sensor", code, 60) for code in codes],
            assigned_from=datetime(2026, 3, 31, 15, tzinfo=UTC),
            opening_hours=[OpeningHours([1, 2, 3, 4, 5], "08:30", "17:15", date(2026, 4, 1))],
            sections=[Section(code, code, code) for code in ("somu", "zeimu")],
        ),
    )
    rows = [
        {"at": at, "seat": codes[seat], "occupied_s": seconds(seat, moment), "vacant_s": 900}
        for moment, at in enumerate(MOMENTS)
        for seat in sorted(ANSWERING[moment])
    ]
    with conn.cursor() as cursor:
        cursor.executemany(SIT, rows)
        cursor.executemany(SERVE, [(block[3], code) for code, block in zip(codes, SEATS, strict=True) if block[3]])
    return conn


def in_files(conn: psycopg.Connection, directory: Path) -> Iterator[float]:
    """Seconds, by quarters, hours and days."""
    asked = AskedOfFiles(organisation="main", site="honcho", now=NOW, first=FIRST, last=LAST)
    for name in (name for name in DATASETS if name.startswith("floor_use")):
        file = opened("json", export(conn, name, "json", asked, COMMAND, directory).path)
        for row in (dict(zip(file.header, cells, strict=True)) for cells in file.rows):
            if row["point"] == "occupied_time":
                yield float(str(row["value"]))


def by_asking(conn: psycopg.Connection) -> Iterator[float]:
    """Seconds behind the indicators, of every scope, by months and years, and at the peak."""
    scopes = [Scope.parse(text) for text in SCOPES]
    per_unit = {"seat_utilisation": 1, "seat_dwell": 60, "seat_peak": 900}
    for basis, periods in PERIODS.items():
        for (key, _), values in values_of(conn, list(per_unit), scopes, periods, basis, NOW).items():
            yield from (value.numerator * per_unit[key] for value in values if value.numerator is not None)


PARTS = [
    ("floor", "3f"),
    ("floor", "4f"),
    ("zone", "quiet"),
    ("zone", "open"),
    ("seat_type", "focus"),
    ("seat_type", "window"),
]


def on_pages(conn: psycopg.Connection) -> Iterator[float]:
    """Seconds on the dashboard."""
    for floor in (None, "3f", "4f"):
        asked = as_told(conn, Asked("honcho", "seat", floor, FIRST, LAST))
        yield from (day.occupied_s or 0 for day in open_days(conn, asked))
        yield from (hour.occupied_s for hour in weekday_hours(conn, asked))
        yield (simultaneous(conn, asked, ()).peak or 0) * 900
        yield from (of_type.occupied_s or 0 for of_type in open_types(conn, asked))
    for at in MOMENTS:
        yield from (each.occupied_s for each in use_by_bucket(conn, "honcho", "seat", at, at + timedelta(minutes=15)))


def equation(sum_s: float) -> Vector:
    """What is in a sum; whatever is lost of a binary digit is no whole second."""
    whole = round(sum_s)
    return [Fraction(whole >> digit & 1) for digit in range(len(SEATS) * len(MOMENTS))]


def test_silent_sensors_do_not_let_anybody_work_out_the_time_of_fewer_than_five(
    silent: psycopg.Connection, tmp_path: Path
) -> None:
    told = {*in_files(silent, tmp_path), *by_asking(silent), *on_pages(silent)}
    attacker = Attacker(equation(each) for each in told)
    for moment, answering in enumerate(ANSWERING):
        few = [{0, 1}, {6, 7, 8}, {11}, *({*some} for count in (1, 2) for some in combinations(answering, count))]
        for seats in (seats for seats in few if seats <= answering):
            wanted = equation(sum(seconds(seat, moment) for seat in seats))
            assert not attacker.can_work_out(wanted), (MOMENTS[moment], seats)
    enough = {sum(seconds(seat, moment) for seat in seats) for moment, seats in ((0, OPEN), (1, FOURTH), (2, QUIET))}
    assert enough <= {float(round(each)) for each in told}, "what five have answered is told all the same"


JUNE = datetime(2026, 6, 1, 10, tzinfo=JAPAN)


def sat(conn: psycopg.Connection, at: datetime, occupied_s: float, known_s: float, seats: Iterable[int]) -> None:
    rows = [
        {"at": at, "seat": f"s{seat:02}", "occupied_s": occupied_s, "vacant_s": known_s - occupied_s} for seat in seats
    ]
    with conn.cursor() as cursor:
        cursor.executemany(SIT, rows)


def test_seats_of_which_seconds_are_known_hide_nobody(silent: psycopg.Connection) -> None:
    """A whole floor is heard for a moment before it falls silent, one seat goes on."""
    sat(silent, JUNE, 0, 40, FOURTH[1:])
    sat(silent, JUNE, 700, 900, FOURTH[:1])
    sat(silent, JUNE, 500, 900, QUIET)
    told = use_by_bucket(silent, "honcho", "seat", JUNE, JUNE + timedelta(hours=1))
    assert [(each.spaces, each.occupied_s) for each in told] == [(6, 3000)]


def test_seconds_of_one_seat_are_not_told_after_the_others_of_its_floor_fell_silent(silent: psycopg.Connection) -> None:
    later = JUNE + timedelta(hours=1)
    sat(silent, JUNE, 500, 900, FOURTH[1:4])
    sat(silent, later, 30, 40, FOURTH[:1])
    sat(silent, later, 500, 900, QUIET)
    told = use_by_bucket(silent, "honcho", "seat", JUNE, later + timedelta(hours=1))
    assert [(each.spaces, each.occupied_s) for each in told] == [(6, 3000)]


def test_how_full_a_floor_usually_is_leaves_out_an_hour_in_which_one_seat_answered(silent: psycopg.Connection) -> None:
    for week in range(3):
        sat(silent, JUNE + timedelta(weeks=week), 300, 900, range(11) if week == 1 else range(16))
    sat(silent, JUNE + timedelta(weeks=1), 900, 900, [11])
    usual = {floor.floor: floor.usual_share for floor in free_seats(silent, "honcho", JUNE + timedelta(weeks=3))}
    assert usual == {"3f": pytest.approx(1 / 3), "4f": None}, "two hours are too few to be usual"


def test_what_is_withheld_altogether_says_so_and_not_that_there_are_no_data(silent: psycopg.Connection) -> None:
    sat(silent, JUNE, 300, 900, [*QUIET, *OPEN, *FOURTH[:3]])
    scopes = ["floor:honcho/4f", "section:main/zeimu", "site:honcho"]
    asked = [Scope.parse(scope) for scope in scopes], [month(2026, 6), month(2026, 7)]
    for key in ("seat_utilisation", "seat_active_days", "seat_peak"):
        found = values_of(silent, [key], *asked, "single_month", NOW)
        told = {str(scope): tuple(value.reason for value in values) for (_, scope), values in found.items()}
        few, many = ("small_cell", "no_data"), ("", "no_data")
        assert told == dict(zip(scopes, (few, few, many), strict=True)), key
