"""The first visible sheet of an Excel workbook, as text that says what Excel shows.

A cell in a percentage format holds 0.728 and shows 72.8 %: it is read as shown. A date in a format without a day is a
month. A formula counts with the value that Excel stored for it; without one nobody knows what it shows.

Responsible for that. Refuses old binary workbooks and archives that would unpack to a multiple of any real one.
"""
# openpyxl ships no type information; cells are narrowed where they are read.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.texts import message

MOST_UNPACKED_BYTES: Final = 100_000_000

NOT_A_WORKBOOK: Final = message("The Excel workbook cannot be read: {why}. Save it again as .xlsx.")
OLD_WORKBOOK: Final = message("This is an old Excel workbook (.xls). Save it as .xlsx.")
NO_STORED_VALUE: Final = message(
    "Cell {cell} holds a formula without a stored value. Open the file in Excel and save it."
)

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


def is_workbook(data: bytes) -> bool:
    """Whether it begins like one.

    Raises:
        ComplaintError: It begins like an old binary one.
    """
    if data.startswith(_OLE):
        raise ComplaintError(OLD_WORKBOOK)
    return data.startswith(_ZIP)


def rows_of(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Numbers of rows, from 1, and their cells as text.

    Raises:
        ComplaintError: It cannot be opened, or shows something that is not stored in it.
    """
    formulas = _first_sheet(data, values=False)
    for number, (told, stored) in enumerate(zip(formulas, _first_sheet(data, values=True), strict=True), start=1):
        yield number, [_text(formula, cell) for formula, cell in zip(told, stored, strict=True)]


def _first_sheet(data: bytes, *, values: bool) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise ComplaintError(NOT_A_WORKBOOK, why=f"> {MOST_UNPACKED_BYTES} bytes")
        # Imported by those who are given a workbook: it brings half a second of other libraries along.
        openpyxl = importlib.import_module("openpyxl")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield from sheets[0].iter_rows()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise ComplaintError(NOT_A_WORKBOOK, why=str(error) or type(error).__name__) from error


def _text(formula: Any, cell: Any) -> str:
    if formula.data_type == "f" and cell.value is None:
        raise ComplaintError(NO_STORED_VALUE, cell=str(formula.coordinate))
    return _shown(cell.value, str(cell.number_format or "") if cell.value is not None else "")


def _shown(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d" if "d" in number_format.lower() else "%Y-%m")
    if isinstance(value, float | int) and not isinstance(value, bool):
        exact = Decimal(repr(value))
        return f"{(exact * 100).normalize():f}%" if "%" in number_format else f"{exact:f}".removesuffix(".0")
    return str(value)
