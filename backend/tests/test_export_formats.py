"""Files and the 30 points of the national rule: what we write keeps them, and the checker sees each one broken."""

from __future__ import annotations

import re
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font

from shigotoba_backend.exports.cells import cell, is_platform_dependent, plain
from shigotoba_backend.exports.dictionary import CODES, COLUMNS, FACTS, Code, Column, Facts, Layout
from shigotoba_backend.exports.formats import FORMS, Form, write
from shigotoba_backend.exports.layouts import LAYOUTS
from shigotoba_backend.exports.making import PARTS, dictionary
from shigotoba_backend.exports.readability.opened import Opened, opened
from shigotoba_backend.exports.readability.rules import RULES, broken
from shigotoba_backend.exports.workbook import MOST_XLSX_ROWS, TooManyRowsError

NOW = datetime(2026, 11, 21, tzinfo=UTC)


BRICK = re.compile(
    r"brick:(?P<own>[A-Z][A-Za-z_]+)|shigotoba:[A-Z][A-Za-z_]+( \(brick:(?P<extended>[A-Z][A-Za-z_]+)\))?"
)
OF_BRICK = {"Usage_Sensor", "Occupancy_Status", "Occupancy_Count_Sensor", "Conference_Room", "Studio", "Lounge"}
"""Classes of the Brick schema, version 1.4, that the dictionary uses."""


def column(name: str, kind: str = "text", role: str = "dimension", **more: object) -> Column:
    return Column(name, kind, role, "題", "Title", "定義。", "Meaning.", **more)


LAYOUT = Layout(
    "sample",
    "見本",
    "Sample",
    1,
    ("1: first",),
    (
        column("day", "date"),
        column("place"),
        column("kind", "code", codes=(Code("seat", "席", "Seat"), Code("booth", "ブース", "Booth"))),
        column("value", "number", "value", unit="column:unit"),
        column("unit", role="unit"),
        column("estimate", "yes_no", "quality"),
        column("note", role="note"),
    ),
)
ROWS = [
    (date(2026, 4, 1), "本庁舎、3階", "seat", Decimal("0.00001"), "h", True, "改行\nと  空白と①㈱ｱ"),
    (date(2026, 4, 2), 'a "b", c', "booth", 0, "h", False, None),
    (date(2026, 4, 3), "=1+1", "booth", None, "h", False, "髙﨑"),
    (date(2026, 4, 3), "https://example.org", "seat", -12.5, "h", None, ""),
]


def facts(form: Form) -> Facts:
    return Facts("市", NOW, "UTF-8" if "csv" in form or form == "json" else "binary", form == "csv-bom", "all")


@pytest.mark.parametrize("form", FORMS)
def test_every_format_keeps_all_thirty_points(form: Form, tmp_path: Path) -> None:
    made = write(form, tmp_path / "file", LAYOUT, ROWS)
    file = opened(form, tmp_path / "file")
    assert (made.rows, len(file.rows), broken(file, LAYOUT, facts(form))) == (4, 4, {})
    assert file.rows[0][6] == "改行 と 空白と(1)(株)ア"
    assert [row[3] for row in file.rows[1:3]] == [file.rows[1][3], None]
    assert str(file.rows[1][3]) in ("0", "0.0")
    assert file.rows[2][1] == "=1+1"


def test_the_layouts_and_the_dictionary_keep_them_too(tmp_path: Path) -> None:
    for layout in LAYOUTS.values():
        for part, told in zip(PARTS, (COLUMNS, CODES, FACTS), strict=True):
            dictionary(part, "csv", layout, facts("csv"), tmp_path / "file")
            assert broken(opened("csv", tmp_path / "file"), told, facts("csv")) == {}, (layout.name, part)


def test_a_byte_order_mark_and_metadata_are_as_said(tmp_path: Path) -> None:
    for form, begins in (("csv", b"day,"), ("csv-bom", b"\xef\xbb\xbfday,")):
        write(form, tmp_path / "file", LAYOUT, ROWS)
        assert (tmp_path / "file").read_bytes().startswith(begins)
    write("parquet", tmp_path / "file", LAYOUT, ROWS)
    assert pq.read_schema(tmp_path / "file").field("value").metadata[b"unit"] == b"column:unit"


def test_every_point_and_every_kind_of_space_is_named_as_in_brick_or_extends_a_class_of_it() -> None:
    named = [
        (layout.name, code.code, code.brick)
        for layout in LAYOUTS.values()
        for column in layout.columns
        if column.name in ("point", "kind")
        for code in column.codes
    ]
    assert {dataset for dataset, *_ in named} == {name for name in LAYOUTS if "use" in name or "printing" in name}
    for dataset, code, brick in named:
        told = BRICK.fullmatch(brick)
        assert told, (dataset, code, brick)
        assert told["own"] is None or told["own"] in OF_BRICK, (dataset, code, brick)
        assert told["extended"] is None or told["extended"] in OF_BRICK, (dataset, code, brick)
        assert told["own"] or told["extended"] or dataset.split("_")[0] in ("floor", "space"), (dataset, code, brick)


def test_the_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for rows in (1_000, 4_000):
        tracemalloc.start()
        for form in ("csv", "json"):
            write(form, tmp_path / "file", LAYOUT, (ROWS[number % 2] for number in range(rows)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_more_rows_than_excel_can_hold_are_refused_with_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_XLSX_ROWS == 1_048_575
    monkeypatch.setattr("shigotoba_backend.exports.workbook.MOST_XLSX_ROWS", 3)
    with pytest.raises(TooManyRowsError, match="Ask for a shorter time, or for CSV or Parquet"):
        write("xlsx", tmp_path / "file", LAYOUT, ROWS)


GOOD = Opened("csv", tuple(LAYOUT.header), (("2026-04-01", "本庁舎", "seat", "1", "h", "true", None),))


def changed(name: str, value: object) -> Opened:
    cells = list(GOOD.rows[0])
    cells[LAYOUT.header.index(name)] = value
    return msgspec.structs.replace(GOOD, rows=(tuple(cells),))


def with_traits(tmp_path: Path) -> Opened:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(LAYOUT.header)
    sheet.append(["2026-04-01", "本庁舎", "seat", "=1+1", "h", True, "x"])
    sheet["B2"].comment = Comment("大事", "誰か")
    sheet["B2"].font = Font(bold=True)
    sheet.merge_cells("F2:G2")
    sheet.column_dimensions["E"].hidden = True
    book.create_sheet("別")
    book.save(tmp_path / "bad.xlsx")
    return opened("xlsx", tmp_path / "bad.xlsx")


BROKEN = {
    "L1-01": msgspec.structs.replace(GOOD, form="pdf"),
    "L1-03": msgspec.structs.replace(GOOD, rows=(*GOOD.rows, (None,) * 7)),
    "L1-04": msgspec.structs.replace(GOOD, rows=((*GOOD.rows[0], "メモ"),)),
    "L1-05": msgspec.structs.replace(GOOD, header=("", *GOOD.header[1:])),
    "L1-06": changed("place", "本　庁"),
    "L1-07": changed("kind", "seat、booth"),
    "L1-08": changed("place", "①本庁"),
    "L1-09": changed("value", "-"),
    "L1-14": msgspec.structs.replace(GOOD, lines=("h", "a", "b")),
    "L1-15": msgspec.structs.replace(changed("place", "a,b"), lines=("h", "2026,a,b")),
    "L2-01": msgspec.structs.replace(changed("value", "1,200円"), lines=("h", '"1,200円"')),
    "L2-02": changed("place", None),
    "L2-03": msgspec.structs.replace(GOOD, header=("day", "day", *GOOD.header[2:])),
    "L2-04": changed("kind", "Seat "),
    "L2-05": changed("kind", "その他（具体的に）"),
    "L3-01": msgspec.structs.replace(GOOD, header=("コピー用紙の推移",)),
    "L3-03": changed("value", "x"),
    "L3-05": changed("day", "令和8年4月1日"),
}


@pytest.mark.parametrize("point", BROKEN)
def test_the_checker_sees_a_point_broken(point: str) -> None:
    assert broken(GOOD, LAYOUT, facts("csv")) == {}
    assert point in broken(BROKEN[point], LAYOUT, facts("csv"))


def test_the_checker_sees_what_a_workbook_hides(tmp_path: Path) -> None:
    found = broken(with_traits(tmp_path), LAYOUT, facts("xlsx"))
    assert {"L1-02", "L1-10", "L1-11", "L1-12", "L1-13", "L2-06"} <= set(found)


@pytest.mark.parametrize(
    ("point", "layout"),
    [
        ("L3-02", msgspec.structs.replace(LAYOUT, columns=(column("kind", "code"),))),
        ("L3-04", msgspec.structs.replace(LAYOUT, columns=(column("value", "number", "value"),))),
        ("L3-06", msgspec.structs.replace(LAYOUT, columns=(column("day", region=True), *LAYOUT.columns[1:]))),
        ("L3-07", msgspec.structs.replace(LAYOUT, version=2)),
        ("L3-08", msgspec.structs.replace(LAYOUT, columns=(column("日付"),))),
        ("L3-09", msgspec.structs.replace(LAYOUT, columns=(column("value_2025"), column("value_2026")))),
    ],
)
def test_the_checker_sees_what_a_dictionary_leaves_out(point: str, layout: Layout) -> None:
    assert point in broken(GOOD, layout, facts("csv"))


def test_there_are_thirty_points_and_each_is_seen_broken_above() -> None:
    of_workbooks = {"L1-02", "L1-10", "L1-11", "L1-12", "L1-13", "L2-06"}
    of_dictionaries = {"L3-02", "L3-04", "L3-06", "L3-07", "L3-08", "L3-09"}
    assert set(RULES) == {*BROKEN, *of_workbooks, *of_dictionaries}
    assert len(RULES) == 30


@given(st.text(max_size=30))
def test_any_text_becomes_one_line_that_every_platform_shows(text: str) -> None:
    told = plain(text)
    assert not any(is_platform_dependent(character) for character in told)
    assert told == told.strip()
    assert "\n" not in told
    assert cell(told) == told
