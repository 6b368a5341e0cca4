"""Seats by floor, zone, type and section against somebody who downloads every file and asks for every scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.exports.datasets import DATASETS, Asked
from shigotoba_backend.exports.making import export
from shigotoba_backend.exports.readability.opened import opened
from shigotoba_backend.indicators.periods import month, months_between
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_where_known
from shigotoba_backend.read.seat_types import open_types
from shigotoba_backend.read.seating import Asked as AskedOfPages
from shigotoba_backend.read.seating import as_told
from shigotoba_backend.site.description import Floor, Section, SiteFile, Space, Zone
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.attacker import Attacker, Vector

pytestmark = pytest.mark.integration

BLOCKS = {
    ("3f", "quiet", "focus", "somu"): 6,
    ("3f", None, "window", None): 5,
    ("3f", None, "family_booth", None): 1,
    ("4f", "open", "focus", "zeimu"): 5,
    ("4f", None, "window", "hisho"): 2,
    ("4f", None, "family_booth", None): 2,
    ("5f", None, "window", None): 3,
}
"""Few seats: the fifth floor, family booths, those of the secretariat; and most crossings of a floor with a type."""

SEATS = [block for block, count in BLOCKS.items() for _ in range(count)]
NOW = datetime(2026, 7, 20, tzinfo=UTC)
APRIL, MAY = MONTHS = (date(2026, 4, 1), date(2026, 5, 1))
UNKNOWNS = [(seat, first) for seat in range(len(SEATS)) for first in MONTHS]
FAMILY = [key for key, entry in REGISTRY.items() if entry.small_cells == "seats"]

SERVE = """
INSERT INTO shigotoba.section_place (section_id, space_id)
SELECT section_id, space_id FROM shigotoba.section, shigotoba.space WHERE section.code = %s AND space.code = %s
"""
SIT = """
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, seconds, 900 - seconds, 0, seconds, 900 - seconds, 1
FROM shigotoba.space, unnest('{2026-04-06 10:00+09, 2026-05-11 10:00+09}'::timestamptz[]) AS bucket,
     LATERAL (VALUES (10 + (space_id * space_id + extract(month FROM bucket)::int) %% 800)) AS used (seconds)
"""


@pytest.fixture
def seated(conn: psycopg.Connection, site_file: SiteFile) -> psycopg.Connection:
    """A quarter of an hour of April and one of May, in which each seat was used for its own time."""
    codes = [f"s{number:02}" for number in range(len(SEATS))]
    import_site(
        conn,
        SiteFile(
            site=site_file.site,
            floors=[Floor(code, code, code, number) for number, code in enumerate(("3f", "4f", "5f"))],
            zones=[Zone("quiet", "3f", "集中", "Quiet"), Zone("open", "4f", "交流", "Open")],
            spaces=[
                Space(code, floor, "seat", seat_type, code, 1, 0, 0, zone)
                for code, (floor, zone, seat_type, _) in zip(codes, SEATS, strict=True)
            ],
            devices=[],
            assigned_from=datetime(2026, 3, 31, 15, tzinfo=UTC),
            sections=[Section(code, code, code) for code in ("somu", "zeimu", "hisho")],
        ),
    )
    with conn.cursor() as cursor:
        served = [(section, code) for code, (*_, section) in zip(codes, SEATS, strict=True) if section]
        cursor.executemany(SERVE, served)
    conn.execute(SIT, [])
    return conn


def seats_of(scope: str) -> frozenset[int]:
    kind, _, code = scope.partition(":")
    part = code.rpartition("/")[2]
    if kind == "space":
        return frozenset([int(part.removeprefix("s"))])
    place = {"floor": 0, "zone": 1, "seat_type": 2, "section": 3}.get(kind)
    return frozenset(seat for seat, block in enumerate(SEATS) if place is None or block[place] == part)


def equation(seats: frozenset[int], months: frozenset[date]) -> Vector:
    return [Fraction(seat in seats and first in months) for seat, first in UNKNOWNS]


Told = tuple[frozenset[int], frozenset[date]]


def in_files(conn: psycopg.Connection, directory: Path) -> Iterator[Told]:
    """What every dataset says of seats, by the rows of the file."""
    days = {"first": APRIL, "last": date(2026, 5, 31)}
    asked = Asked(organisation="main", site="honcho", now=NOW, keys=tuple(FAMILY), **days)
    for name in DATASETS:
        file = opened("json", export(conn, name, "json", asked, COMMAND, directory).path)
        for row in (dict(zip(file.header, cells, strict=True)) for cells in file.rows):
            if row.get("kind") == "seat":
                day = date.fromisoformat(str(row.get("day") or row.get("hour") or row.get("quarter"))[:10])
                yield seats_of(f"floor:honcho/{row['floor']}"), frozenset([day.replace(day=1)])
            elif row.get("indicator") in FAMILY and row["value"] is not None:
                first, last = (date.fromisoformat(str(row[name])) for name in ("first_day", "last_day"))
                yield seats_of(str(row["scope"])), frozenset(MONTHS) & frozenset(months_between(first, last))


def by_asking(conn: psycopg.Connection) -> Iterator[Told]:
    """What is said of the parts that no dataset has."""
    for kind, codes in {
        "zone": ("honcho/quiet", "honcho/open"),
        "section": ("main/somu", "main/zeimu", "main/hisho"),
        "space": [f"honcho/s{number:02}" for number in range(len(SEATS))],
    }.items():
        keys = [key for key in FAMILY if kind in REGISTRY[key].scopes]
        scopes = [Scope.parse(f"{kind}:{code}") for code in codes]
        found = values_where_known(conn, keys, scopes, [month(2026, 4), month(2026, 5)], "single_month", NOW)
        for (_, scope), values in found.items():
            yield from (
                (seats_of(str(scope)), frozenset([value.period.first])) for value in values if value.value is not None
            )


def on_the_page(conn: psycopg.Connection) -> Iterator[Told]:
    """What the dashboard says of types in April, of the site and floor by floor."""
    for floor in (None, "3f", "4f", "5f"):
        asked = as_told(conn, AskedOfPages("honcho", "seat", floor, APRIL, date(2026, 4, 30)))
        for of_type in open_types(conn, asked):
            if of_type.occupied_s is not None:
                told = seats_of(f"seat_type:honcho/{of_type.seat_type}")
                yield frozenset(seat for seat in told if floor in (None, SEATS[seat][0])), frozenset([APRIL])


def test_all_files_and_answers_together_do_not_tell_of_fewer_than_five_seats(
    seated: psycopg.Connection, tmp_path: Path
) -> None:
    told = {*in_files(seated, tmp_path), *by_asking(seated), *on_the_page(seated)}
    for scope in ("site:honcho", "floor:honcho/3f", "seat_type:honcho/focus"):
        assert (seats_of(scope), frozenset([APRIL])) in told, scope
    attacker = Attacker(equation(*each) for each in told)
    few = [frozenset([seat]) for seat in range(len(SEATS))]
    for places in ((0,), (1,), (2,), (3,), (0, 2), (0, 1, 2, 3)):
        crossings = {tuple(block[place] for place in places) for block in SEATS}
        members = [
            frozenset(seat for seat, block in enumerate(SEATS) if tuple(block[place] for place in places) == crossing)
            for crossing in crossings
        ]
        few += [seats for seats in members if len(seats) < 5]
    assert seats_of("seat_type:honcho/family_booth") in few
    assert not [sorted(seats) for seats in set(few) if attacker.can_work_out(equation(seats, frozenset([APRIL])))]
