"""Rows into an Excel workbook: one sheet, one table from the first cell on, values and nothing else.

Responsible for this one format. Refuses styles, formulas, links and merged cells.
"""
# xlsxwriter's types are incomplete; nothing of it leaves this module.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import xlsxwriter

from shigotoba_backend.exports.dictionary import Cell, Layout

MOST_XLSX_ROWS: Final = 1_048_575
"""Excel's own limit, less the header."""


class TooManyRowsError(Exception):
    """The format cannot hold so many rows; ``most`` says how many it can."""

    def __init__(self, most: int) -> None:
        super().__init__(f"An Excel sheet holds {most} rows. Ask for a shorter time, or for CSV or Parquet.")
        self.most = most


def write_workbook(path: Path, layout: Layout, rows: Iterator[list[Cell]]) -> int:
    """Writes ``rows``; how many they were.

    Raises:
        TooManyRowsError: The sheet cannot hold them.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, layout.header)
        for count, row in enumerate(rows, start=1):
            if count > MOST_XLSX_ROWS:
                raise TooManyRowsError(MOST_XLSX_ROWS)
            sheet.write_row(count, 0, row)
    return count
