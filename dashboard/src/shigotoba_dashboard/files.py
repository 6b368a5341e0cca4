"""Records as files: CSV for spreadsheets, CSV for programs, XLSX.

They follow the national rules on machine-readable data: one table, one header row of ASCII names with the unit, pure
numbers, a blank for what is not known, days and moments as ISO 8601. Responsible for the bytes. Refuses to choose the
data.
"""

# XlsxWriter says little of its types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from shigotoba_dashboard.records import Cell, Field, Records

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        media_type: As HTTP calls it.
        make: The bytes.
    """

    media_type: str
    make: Callable[[Records], bytes]


def as_csv(records: Records) -> bytes:
    """UTF-8 without a byte order mark, lines end in CR LF (RFC 4180)."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(map(_header, records.fields))
    lines.writerows([_plain(cell) for cell in row] for row in records.rows)
    return out.getvalue().encode()


def as_csv_for_excel(records: Records) -> bytes:
    """The same with a byte order mark, without which Excel takes UTF-8 for something else."""
    return b"\xef\xbb\xbf" + as_csv(records)


def as_xlsx(records: Records) -> bytes:
    """One sheet of values: no formulas, no merged cells, no decoration."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("data")
        for column, field in enumerate(records.fields):
            sheet.write_string(0, column, _header(field))
        for line, row in enumerate(records.rows, start=1):
            for column, cell in enumerate(row):
                _write_cell(sheet, line, column, cell)
    return out.getvalue()


KINDS: Final[Mapping[str, Kind]] = {
    "csv": Kind("text/csv; charset=utf-8; header=present", as_csv),
    "excel.csv": Kind("text/csv; charset=utf-8; header=present", as_csv_for_excel),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}


def _header(field: Field) -> str:
    return f"{field.key}_{field.unit}" if field.unit else field.key


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return _harmless(cell) if isinstance(cell, str) else cell


def _harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_cell(sheet: Worksheet, line: int, column: int, cell: Cell) -> None:
    plain = _plain(cell)
    if isinstance(plain, str):
        sheet.write_string(line, column, plain)
    else:
        sheet.write_number(line, column, plain)
