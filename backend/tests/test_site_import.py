"""Site files: checked as a whole, imported as a whole, again without effect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest

from shigotoba_backend.indicators.places import people_at
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.site.description import Device, Headcount, Section, SiteFile, SiteFileError, read_site_file
from shigotoba_backend.site.importing import import_site

MOVED = datetime(2026, 11, 2, tzinfo=UTC)
ASSIGNMENTS = """
    SELECT device.code, space.code, lower(during), upper(during)
    FROM shigotoba.assignment JOIN shigotoba.device USING (device_id) JOIN shigotoba.space USING (space_id)
    ORDER BY device.code, lower(during)
"""


def everything(conn: psycopg.Connection) -> list[object]:
    tables = ("site", "floor", "space", "device", "assignment")
    return [conn.execute(f"TABLE shigotoba.{table}").fetchall() for table in tables]


def moved(described: SiteFile, at: datetime) -> SiteFile:
    first, *others = described.devices
    return msgspec.structs.replace(
        described, devices=[Device(first.code, first.kind, "3f-s02", 60.0), *others], assigned_from=at
    )


@pytest.mark.integration
def test_importing_the_same_file_again_changes_nothing(conn: psycopg.Connection, small_site: SiteFile) -> None:
    before = everything(conn)
    done = import_site(conn, small_site)
    assert (done.spaces, done.devices, done.assigned) == (4, 4, 0)
    assert everything(conn) == before


@pytest.mark.integration
def test_a_moved_device_leaves_its_old_space_when_it_takes_the_new(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    assert import_site(conn, moved(small_site, MOVED)).assigned == 1
    code = small_site.devices[0].code
    rows = [row for row in conn.execute(ASSIGNMENTS) if row[0] == code]
    assert rows == [
        (code, "3f-s01", small_site.assigned_from, MOVED),
        (code, "3f-s02", MOVED, None),
    ]


@pytest.mark.integration
def test_a_move_before_the_present_assignment_is_refused_as_a_whole(
    conn: psycopg.Connection, small_site: SiteFile
) -> None:
    before = everything(conn)
    with pytest.raises(SiteFileError, match=f"not after the present assignment of {small_site.devices[0].code}"):
        import_site(conn, moved(small_site, small_site.assigned_from))
    assert everything(conn) == before


@pytest.mark.integration
def test_the_database_itself_refuses_a_device_in_two_spaces(conn: psycopg.Connection, small_site: SiteFile) -> None:
    with pytest.raises(psycopg.errors.ExclusionViolation):
        conn.execute("INSERT INTO shigotoba.assignment SELECT device_id, space_id, during FROM shigotoba.assignment")


def test_a_file_comes_back_as_written(tmp_path: Path, site_file: SiteFile) -> None:
    path = tmp_path / "site.json"
    path.write_bytes(msgspec.json.encode(site_file))
    assert read_site_file(path) == site_file


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"devices": [Device("ble-1", "mfp", "9f-s01", 60.0)]}, "device 'ble-1' is at space '9f-s01', which is not in"),
        ({"floors": []}, "space '3f-s01' is at floor '3f', which is not in the file"),
        ({"devices": [Device("a/b", "mfp", "3f-p1", 60.0)]}, "code 'a/b' is not a name"),
        ({"devices": [Device("m", "mfp", "3f-p1", 60.0)] * 2}, "device 'm' stands 2 times"),
        ({"assigned_from": "2026-10-01T00:00:00"}, "assigned_from"),
        ({"extra": 1}, "unknown field `extra`"),
    ],
)
def test_a_file_that_is_not_consistent_is_refused_with_the_place(
    tmp_path: Path, site_file: SiteFile, change: dict[str, object], complaint: str
) -> None:
    path = tmp_path / "site.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.asdict(site_file) | change))
    with pytest.raises(SiteFileError, match=complaint):
        read_site_file(path)


@pytest.mark.parametrize("content", [b"", b"[", b"\xff", b"[" * 100_000, b"{}", b"null"])
def test_bytes_that_are_no_site_file_are_refused_with_the_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site.json"
    path.write_bytes(content)
    with pytest.raises(SiteFileError, match=r"site.json: not a site file"):
        read_site_file(path)


@pytest.mark.integration
def test_sections_and_headcounts_come_with_the_site_and_earlier_counts_stay(conn, site_file):
    section = Section("somu", "総務課", "General Affairs")
    within = Section("bunsho", "文書係", "Records", part_of="somu")
    for day, people in (("2026-04-01", 9), ("2026-10-01", 11), ("2026-10-01", 12)):
        counts = [Headcount("bunsho", date.fromisoformat(day), people, "3f"), Headcount("somu", date(2026, 4, 1), 3)]
        import_site(conn, msgspec.structs.replace(site_file, sections=[within, section], headcounts=counts))
    rows = conn.execute("SELECT section.code, as_of, people FROM shigotoba.headcount JOIN shigotoba.section"
                        " USING (section_id) ORDER BY 1, 2").fetchall()  # fmt: skip
    assert rows == [("bunsho", date(2026, 4, 1), 9), ("bunsho", date(2026, 10, 1), 12), ("somu", date(2026, 4, 1), 3)]
    assert people_at(conn, Scope.parse("section:main/somu"), [date(2026, 3, 31), date(2026, 10, 1)]) == [None, 15]
    assert people_at(conn, Scope.parse("floor:honcho/3f"), [date(2026, 9, 30)]) == [9]


@pytest.mark.integration
def test_a_headcount_of_a_section_that_nobody_described_is_refused(conn, site_file):
    with pytest.raises(SiteFileError, match="somu"):
        import_site(conn, msgspec.structs.replace(site_file, headcounts=[Headcount("somu", date(2026, 4, 1), 3)]))
