"""A file that somebody brings, as rows of text: CSV in the encodings that Japanese offices use, or an Excel workbook.

Responsible for encodings, for Excel's ways of storing what it shows (shares as fractions, months as dates), and for
limits. Refuses to interpret a cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from shigotoba_backend.imports import workbooks
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.texts import message

MOST_BYTES: Final = 10_000_000
MOST_ROWS: Final = 20_000

TOO_LARGE: Final = message("The file has more than {most} bytes. Divide it by year.")
TOO_MANY_ROWS: Final = message("The file has more than {most} rows. Divide it by year.")
NO_ENCODING: Final = message("The file is neither UTF-8 nor CP932 (Shift_JIS). Save it as “CSV UTF-8” in Excel.")
NOT_A_TABLE: Final = message("The file is not a table: {why}. Save it as CSV or as an Excel workbook (.xlsx).")
EMPTY: Final = message("The file has no rows.")


class Row(msgspec.Struct, frozen=True):
    """A row as it stands in the file; ``number`` counts from 1 as Excel does."""

    number: int
    cells: tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """The rows of a file that hold anything.

    Attributes:
        rows: In order; blank ones are left out.
        form: ``utf-8``, ``utf-8-sig``, ``cp932`` or ``xlsx``.
    """

    rows: tuple[Row, ...]
    form: str


def read_sheet(data: bytes) -> Sheet:
    """The rows in ``data``, whatever its name says it is.

    Raises:
        ComplaintError: It is no table, too large, or in another encoding.
    """
    if len(data) > MOST_BYTES:
        raise ComplaintError(TOO_LARGE, most=MOST_BYTES)
    form, rows = ("xlsx", workbooks.rows_of(data)) if workbooks.is_workbook(data) else _csv(data)
    kept = tuple(_limited(rows))
    if not kept:
        raise ComplaintError(EMPTY)
    return Sheet(kept, form)


def _limited(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[Row]:
    for number, cells in rows:
        if number > MOST_ROWS:
            raise ComplaintError(TOO_MANY_ROWS, most=MOST_ROWS)
        if any(cell.strip() for cell in cells):
            yield Row(number, tuple(cells))


def _csv(data: bytes) -> tuple[str, Iterator[tuple[int, Sequence[str]]]]:
    encoding, text = _decoded(data)
    if "\0" in text:
        raise ComplaintError(NOT_A_TABLE, why="NUL")
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    return encoding, _csv_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _csv_rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise ComplaintError(NOT_A_TABLE, why=str(error)) from error


def _decoded(data: bytes) -> tuple[str, str]:
    utf_8 = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    for encoding in (utf_8, "cp932"):
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ComplaintError(NO_ENCODING)
