from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook

from shigotoba_dashboard.files import KINDS
from shigotoba_dashboard.records import Field, Records, as_table, number, share, text

RECORDS = Records(
    "seats",
    "座席",
    (
        Field("day", "日付", "", lambda day: f"{day:%-m/%-d}"),
        text("name", "名称"),
        number("times", "回数", "times"),
        share("utilisation", "実利用率"),
        Field("at", "時刻"),
    ),
    (
        (date(2026, 11, 20), "窓側, 3-01", 1234, 0.143, datetime(2026, 11, 20, 1, 37, tzinfo=UTC)),
        (date(2026, 11, 19), "=1+1", None, 0.0, None),
    ),
)


def rows(kind: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(KINDS[kind].make(RECORDS).decode("utf-8-sig"), newline="")))


def test_a_csv_has_one_header_of_ascii_names_with_units():
    assert rows("csv")[0] == ["day", "name", "times_times", "utilisation_ratio", "at"]


def test_numbers_are_plain_a_blank_is_not_zero_and_days_are_iso():
    assert rows("csv")[1] == ["2026-11-20", "窓側, 3-01", "1234", "0.143", "2026-11-20T01:37:00+00:00"]
    assert rows("csv")[2][2:] == ["", "0.0", ""]


def test_a_text_that_a_spreadsheet_would_compute_stays_text():
    assert rows("csv")[2][1] == "'=1+1"


def test_only_the_csv_for_excel_begins_with_a_byte_order_mark():
    assert KINDS["excel.csv"].make(RECORDS) == b"\xef\xbb\xbf" + KINDS["csv"].make(RECORDS)
    assert KINDS["csv"].make(RECORDS).endswith(b"\r\n")


def test_a_workbook_holds_the_same_values():
    sheet = load_workbook(io.BytesIO(KINDS["xlsx"].make(RECORDS))).active
    assert sheet is not None
    held = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert held[0] == rows("csv")[0]
    assert held[1][2:4] == [1234, 0.143]
    assert held[2][2] is None or held[2][2] == ""


def test_the_screen_shows_the_same_rows_as_people_read_them():
    table = as_table(RECORDS)
    assert table.rows[0][:4] == ("11/20", "窓側, 3-01", "1,234", "14.3%")
    assert table.rows[1][2:] == ("—", "0.0%", "—")
