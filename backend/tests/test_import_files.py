"""From the bytes of a file to the figures in it, or to what is wrong with which cell."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.imports.catalogue import IMPORTED, SERIES, UnknownSeriesError, series, series_of
from shigotoba_backend.imports.columns import find_columns, template_of
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.entries import Entry, Read, read_entries
from shigotoba_backend.imports.sheets import read_sheet
from shigotoba_backend.indicators.periods import fiscal_year, month
from shigotoba_backend.texts import texts_in

TODAY = date(2026, 11, 21)
PAPER = """コピー用紙購入量の推移

年月,購入枚数（枚）,推計,特殊要因,特殊要因の内容,備考
R4.4,約4百万枚,,,,
2022年5月,３，９５０，０００,推計,,,
"""


def read(data: bytes, key: str = "copy_paper_purchased", today: date = TODAY) -> Read:
    sheet = read_sheet(data)
    return read_entries(find_columns(sheet, template_of(series(key))), series(key), "契約課", today)


def complaints(text: str, key: str = "copy_paper_purchased") -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.said(texts_in("en"))) for each in read(text.encode(), key).problems]


def workbook(*rows: tuple[object, ...], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_same_file_is_read_in_every_encoding(encoding: str) -> None:
    found = read(PAPER.encode(encoding))
    assert found.problems == ()
    assert [(str(each.period), each.numerator, each.estimate, each.row) for each in found.entries] == [
        ("2022-04", 4_000_000, True, 4),
        ("2022-05", 3_950_000, True, 5),
    ]
    assert read_sheet(PAPER.encode(encoding)).form == encoding


def test_a_workbook_is_read_as_excel_shows_it() -> None:
    data = workbook(
        ("電子決定率の実績",),
        ("年月", "電子決定率", "備考"),
        (date(2023, 3, 1), 0.998, None),
        (date(2023, 4, 1), 0.9975, "速報"),
        formats={"A3": 'yyyy"年"m"月"', "A4": "yyyy/m", "B3": "0.0%", "B4": "0.00%"},
    )
    found = read(data, "electronic_decision_rate")
    assert [(each.period, each.numerator, each.note) for each in found.entries] == [
        (month(2023, 3), Decimal("99.8"), ""),
        (month(2023, 4), Decimal("99.75"), "速報"),
    ]


def test_a_formula_without_a_stored_value_is_refused_by_its_cell() -> None:
    with pytest.raises(ComplaintError, match="Cell B2 holds a formula without a stored value"):
        read(workbook(("年度", "購入枚数"), ("R4", "=1+1")))


def test_a_blank_value_is_not_zero() -> None:
    found = read("年度,購入枚数\nR3,\nR4,0\n".encode())
    assert [(each.period, each.numerator) for each in found.entries] == [(fiscal_year(2022), 0)]
    assert found.blank == (fiscal_year(2021),)


def test_counts_are_better_than_a_percentage_and_special_factors_stand_beside() -> None:
    text = "年月,電子決裁件数,決裁件数,特殊要因,特殊要因の内容\nR5.10,863,1000,50,紙による決定を合理的とする案件\n"
    (entry,) = read(text.encode(), "electronic_decision_rate").entries
    assert entry == Entry(
        period=month(2023, 10),
        numerator=Decimal(863),
        denominator=Decimal(1000),
        excluded=Decimal(50),
        excluded_reason="紙による決定を合理的とする案件",
        written="863",
        source="契約課",
        row=2,
    )


@pytest.mark.parametrize(
    ("rows", "row", "column", "help_given"),
    [
        ("年度,購入枚数\nR4,12箱\n", 2, "購入枚数", "is in 箱, but this series is kept in 枚"),
        ("年度,購入枚数\nR4,▲5\n", 2, "購入枚数", "Write what was counted"),
        ("年度,購入枚数\nR4,-\n", 2, "購入枚数", "Write 0 for zero"),
        ("年度,購入枚数\n昨年度,5\n", 2, "年度", "is not a period"),
        ("年度,購入枚数\nR4,5\n令和４年度,6\n", 3, "年度", "2022年度（令和4年度） stands in row 2 already"),
        ("年度,購入枚数\nR9,5\n", 2, "年度", "is not over yet"),
        ("年度,購入枚数,推計\nR4,5,たぶん\n", 2, "推計", "neither yes nor no"),
        ("年度,購入枚数,特殊要因\nR4,5,6\n", 2, "特殊要因", "leave nothing of 5"),
        ("年度,購入枚数,特殊要因\nR4,5,2\n", 2, "excluded_reason", "have no reason"),
        (
            "年度,購入枚数\nR4,約5,695万枚\n",
            2,
            "購入枚数",
            "“695万枚” has no heading. A number with commas needs quotes",
        ),
        ("期間,購入枚数\nR4.4.1,5\n", 2, "期間", "is not made of whole months"),
    ],
)
def test_a_problem_names_the_row_and_the_column(rows: str, row: int, column: str, help_given: str) -> None:
    ((found_row, found_column, said),) = complaints(rows)[:1]
    assert (found_row, found_column) == (row, column)
    assert help_given in said


@pytest.mark.parametrize(
    ("rows", "help_given"),
    [
        ("年度,電子決定率\nR4,101\n", "more than 100 %"),
        ("年度,分子,分母\nR4,5,4\n", "The part 5 is more than the whole 4"),
        ("年度,分子,分母\nR4,,4\n", "Of part and whole only one is given"),
        ("年度,電子決定率\nR4,12件\n", "is in 件"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(rows: str, help_given: str) -> None:
    assert help_given in complaints(rows, "electronic_decision_rate")[0][2]


@pytest.mark.parametrize(
    ("data", "help_given"),
    [
        (b"", "has no rows"),
        (b"\x81\xff\xfe", "neither UTF-8 nor CP932"),
        (b"\xd0\xcf\x11\xe0old", "Save it as .xlsx"),
        (b"PK\x03\x04nonsense", "cannot be read"),
        (b"a,b\n1,2\n", "No row has a heading for the period"),
        (b"a\0b\n", "not a table"),
        ("年度,枚数,購入枚数\nR4,1,2\n".encode(), "both fit"),
        (b"x," * 6_000_000, "more than 10000000 bytes"),
    ],
)
def test_what_is_no_table_is_refused_with_help(data: bytes, help_given: str) -> None:
    with pytest.raises(ComplaintError, match=help_given) as caught:
        read(data)
    assert caught.value.said(texts_in("ja")) != str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_complaint(data: bytes) -> None:
    try:
        sheet = read_sheet(data)
    except ComplaintError:
        return
    assert sheet.rows


def test_headings_that_somebody_named_are_the_only_ones() -> None:
    template = template_of(series("hours_saved"), {"value": "効果（h）"})
    columns = find_columns(read_sheet("年度,時間,効果（h）\nR4,1,2\n".encode()), template)
    assert columns.cell(columns.rows[0], "value") == "2"


def test_every_series_becomes_indicators_with_both_languages() -> None:
    assert len({indicator.key for indicator in IMPORTED}) == len(IMPORTED)
    for indicator in IMPORTED:
        assert all((indicator.name, indicator.definition_en, indicator.bases))
        if indicator.measure != "change":
            assert series_of(indicator.key)[0].key in SERIES
    with pytest.raises(UnknownSeriesError, match="There are: copy_paper_purchased"):
        series("paper")
