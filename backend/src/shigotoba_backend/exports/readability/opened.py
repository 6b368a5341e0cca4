"""A file as the checker sees it: its cells as they are stored, and what a format can hide beside them.

Responsible for opening CSV, XLSX, JSON and Parquet. Refuses to judge.
"""
# openpyxl and pyarrow ship no complete type information; nothing of them leaves this module.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pyarrow.parquet as pq

from shigotoba_backend.exports.dictionary import Cell
from shigotoba_backend.exports.formats import Form


class Opened(msgspec.Struct, frozen=True):
    """A file.

    Attributes:
        form: Its format.
        header: The cells of its first row.
        rows: The cells of the others; of CSV as text, elsewhere as stored.
        tables: How many sheets with anything in them it has.
        has_bom: Whether a byte order mark stands before it.
        lines: Of CSV, its physical lines.
        hidden_traits: Of XLSX: objects, merged, hidden, formulas, styles, each with where it was found.
    """

    form: Form
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    tables: int = 1
    has_bom: bool = False
    lines: tuple[str, ...] = ()
    hidden_traits: dict[str, str] = {}


def opened(form: Form, path: Path) -> Opened:
    """The file at ``path``."""
    if form == "xlsx":
        return _workbook(path)
    if form == "parquet":
        table = pq.read_table(path)
        columns = [table[name].to_pylist() for name in table.column_names]
        return Opened(form, tuple(table.column_names), tuple(zip(*columns, strict=True)))
    data = path.read_bytes()
    return _json(data) if form == "json" else _csv(form, data)


def _csv(form: Form, data: bytes) -> Opened:
    text = data.decode("utf-8-sig" if form == "csv-bom" else "utf-8")
    rows = [tuple(cell or None for cell in row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    lines = tuple(text.removesuffix("\r\n").split("\r\n"))
    return Opened(form, rows[0], tuple(rows[1:]), has_bom=data.startswith(b"\xef\xbb\xbf"), lines=lines)


def _json(data: bytes) -> Opened:
    records: list[dict[str, Cell]] = json.loads(data)
    header = tuple(records[0]) if records else ()
    return Opened("json", header, tuple(tuple(record.get(name) for name in header) for record in records))


def _workbook(path: Path) -> Opened:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheets = [sheet for sheet in book.worksheets if sheet.max_row and sheet["A1"].value is not None]
    sheet = sheets[0]
    rows: list[Any] = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    return Opened("xlsx", rows[0], tuple(rows[1:]), tables=len(book.worksheets), hidden_traits=dict(_traits(sheet)))


def _traits(sheet: Any) -> Iterator[tuple[str, str]]:
    if sheet._images or sheet._charts or sheet.legacy_drawing:
        yield "objects", sheet.title
    if sheet.merged_cells.ranges:
        yield "merged", str(sheet.merged_cells.ranges)
    dimensions = {**sheet.row_dimensions, **sheet.column_dimensions}
    hidden = [str(name) for name, each in dimensions.items() if each.hidden or each.outlineLevel]
    if hidden or sheet.sheet_state != "visible":
        yield "hidden", ", ".join(hidden) or sheet.title
    cells = [cell for row in sheet.iter_rows() for cell in row]
    yield from (("formulas", cell.coordinate) for cell in cells if cell.data_type == "f")
    yield from (("objects", cell.coordinate) for cell in cells if cell.comment)
    yield from (
        ("styles", cell.coordinate) for cell in cells if cell.has_style and (cell.fill.fill_type or cell.font.b)
    )
