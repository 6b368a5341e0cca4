"""A site's zones and calendar: imported as lists, refused where they overlap, and what they leave open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest

from shigotoba_backend.site.description import (
    Closure,
    Floor,
    Holiday,
    OpeningHours,
    SiteFile,
    SiteFileError,
    Zone,
    read_site_file,
)
from shigotoba_backend.site.importing import import_site

WORKDAYS = OpeningHours([1, 2, 3, 4, 5], "08:30", "17:15", date(2026, 4, 1))
NEW_YEAR = Holiday(date(2026, 12, 29), date(2027, 1, 4), "年末年始", "New Year")
REPAIR = Closure(datetime(2026, 11, 4, 3, tzinfo=UTC), datetime(2026, 11, 4, 5, tzinfo=UTC), "換気扇", "3f-b1")
CALENDAR = {"opening_hours": [WORKDAYS], "holidays": [NEW_YEAR], "closures": [REPAIR]}
TABLES = ("zone", "space", "opening_hours", "holiday", "closure")


@pytest.fixture
def zoned(site_file: SiteFile) -> SiteFile:
    """``site_file`` with a quiet zone around the first seat, and a calendar."""
    seat, *others = site_file.spaces
    return msgspec.structs.replace(
        site_file,
        zones=[Zone("3f-quiet", "3f", "集中ゾーン", "Quiet zone")],
        spaces=[msgspec.structs.replace(seat, zone="3f-quiet"), *others],
        **CALENDAR,
    )


def everything(conn: psycopg.Connection) -> list[object]:
    return [conn.execute(f"SELECT ctid, * FROM shigotoba.{table} ORDER BY ctid").fetchall() for table in TABLES[2:]] + [
        conn.execute(f"TABLE shigotoba.{table}").fetchall() for table in TABLES[:2]
    ]


def open_hours(conn: psycopg.Connection, first: str, beyond: str, space: str | None = None) -> list[tuple[str, str]]:
    conn.execute("SET timezone = 'Asia/Tokyo'")
    rows = conn.execute(
        "SELECT day::text, open::text FROM shigotoba.open_spans_v1("
        " (SELECT site_id FROM shigotoba.site), (SELECT space_id FROM shigotoba.space WHERE code = %s), %s, %s)",
        (space, first, beyond),
    )
    return [(day, spans.replace(f"{day} ", "").replace(":00+09", "")) for day, spans in rows]


@pytest.mark.integration
def test_the_same_calendar_again_leaves_every_row_where_it_is(conn: psycopg.Connection, zoned: SiteFile) -> None:
    import_site(conn, zoned)
    before = everything(conn)
    import_site(conn, zoned)
    assert everything(conn) == before
    assert [len(rows) for rows in before[:3]] == [5, 1, 1]


@pytest.mark.integration
def test_a_list_that_is_left_out_changes_nothing_and_one_that_is_given_is_all(
    conn: psycopg.Connection, zoned: SiteFile, site_file: SiteFile
) -> None:
    import_site(conn, zoned)
    before = everything(conn)[:3]
    import_site(conn, site_file)
    assert everything(conn)[:3] == before
    import_site(conn, msgspec.structs.replace(zoned, closures=[]))
    assert [len(rows) for rows in everything(conn)[:3]] == [5, 1, 0]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"opening_hours": [WORKDAYS, OpeningHours([5], "17:00", "20:00", date(2027, 1, 1))]},
            "opening hours do not overlap, but in this file they do",
        ),
        ({"holidays": [NEW_YEAR, Holiday(date(2027, 1, 3), date(2027, 1, 5), "a", "a")]}, "holidays do not overlap"),
        ({"closures": [REPAIR, msgspec.structs.replace(REPAIR, until=None)]}, "closures of one place do not overlap"),
    ],
)
def test_overlaps_are_refused_by_the_database_and_nothing_is_imported(
    conn: psycopg.Connection, zoned: SiteFile, change: dict[str, object], complaint: str
) -> None:
    import_site(conn, zoned)
    before = everything(conn)
    with pytest.raises(SiteFileError, match=complaint):
        import_site(conn, msgspec.structs.replace(zoned, **change))
    assert everything(conn) == before


@pytest.mark.integration
def test_what_only_touches_does_not_overlap(conn: psycopg.Connection, zoned: SiteFile) -> None:
    import_site(
        conn,
        msgspec.structs.replace(
            zoned,
            opening_hours=[
                msgspec.structs.replace(WORKDAYS, until=date(2027, 4, 1)),
                msgspec.structs.replace(WORKDAYS, opens="09:00", since=date(2027, 4, 1)),
                OpeningHours([1], "17:15", "24:00", date(2026, 4, 1)),
            ],
            closures=[REPAIR, msgspec.structs.replace(REPAIR, since=REPAIR.until, until=None)],
        ),
    )


@pytest.mark.integration
def test_a_space_cannot_be_in_a_zone_of_another_floor(conn: psycopg.Connection, zoned: SiteFile) -> None:
    import_site(conn, msgspec.structs.replace(zoned, floors=[*zoned.floors, Floor("4f", "4階", "4th floor", 4)]))
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="a_space_is_on_the_floor_of_its_zone"):
        conn.execute(
            "UPDATE shigotoba.space SET floor_id = (SELECT floor_id FROM shigotoba.floor WHERE code = '4f')"
            " WHERE code = '3f-s01'"
        )


@pytest.mark.integration
def test_a_zone_and_its_spaces_move_to_another_floor_together(conn: psycopg.Connection, zoned: SiteFile) -> None:
    import_site(conn, zoned)
    seat, *others = zoned.spaces
    moved = msgspec.structs.replace(
        zoned,
        floors=[*zoned.floors, Floor("4f", "4階", "4th floor", 4)],
        zones=[msgspec.structs.replace(zoned.zones[0], floor="4f")],
        spaces=[msgspec.structs.replace(seat, floor="4f"), *others],
    )
    import_site(conn, moved)
    row = conn.execute(
        "SELECT zone.code, floor.code FROM shigotoba.space JOIN shigotoba.zone USING (zone_id)"
        " JOIN shigotoba.floor ON floor.floor_id = space.floor_id"
    ).fetchall()
    assert row == [("3f-quiet", "4f")]


@pytest.mark.integration
def test_open_spans_are_hours_without_holidays_and_closures(conn: psycopg.Connection, zoned: SiteFile) -> None:
    import_site(conn, zoned)
    assert open_hours(conn, "2026-12-28", "2027-01-05") == [
        ("2026-12-28", '{["08:30","17:15")}'),
        ("2027-01-04", '{["08:30","17:15")}'),
    ]
    assert open_hours(conn, "2026-11-04", "2026-11-05", "3f-b1") == [
        ("2026-11-04", '{["08:30","12:00"),["14:00","17:15")}')
    ]
    assert open_hours(conn, "2026-11-04", "2026-11-05", "3f-s01") == [("2026-11-04", '{["08:30","17:15")}')]
    assert open_hours(conn, "2026-03-30", "2026-04-01") == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"zones": [Zone("3f-quiet", "9f", "z", "z")]}, "zone '3f-quiet' is at floor '9f', which is not in the file"),
        ({"zones": []}, "space '3f-s01' is in zone '3f-quiet', which is not on its floor '3f'"),
        ({"opening_hours": [OpeningHours([1], "17:00", "08:00", date(2026, 4, 1))]}, "from 17:00 to 08:00 do not end"),
        ({"opening_hours": [OpeningHours([1], "8:30", "17:00", date(2026, 4, 1))]}, "opening_hours"),
        ({"opening_hours": [OpeningHours([0], "08:30", "17:00", date(2026, 4, 1))]}, "opening_hours"),
        ({"holidays": [Holiday(date(2027, 1, 1), date(2027, 1, 1), "a", "a")]}, "until 2027-01-01 is not after since"),
        ({"closures": [Closure(REPAIR.since, None, "a", "9f-b1")]}, "is at space '9f-b1', which is not in the file"),
        ({"closures": [Closure(REPAIR.since, REPAIR.since, "a")]}, "is not after since"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_the_place(
    tmp_path: Path, zoned: SiteFile, change: dict[str, object], complaint: str
) -> None:
    path = tmp_path / "site.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.asdict(zoned) | change))
    with pytest.raises(SiteFileError, match=complaint):
        read_site_file(path)
