"""Rows into a file: CSV in UTF-8 with or without BOM, XLSX, Parquet, JSON. Row by row, whatever their number.

Everything goes to a file on disk first: an error then comes before the first byte of an answer, and the memory needed
does not depend on the number of rows. Responsible for the formats. Refuses to choose columns or rows.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from shigotoba_backend.exports.cells import cell
from shigotoba_backend.exports.dictionary import Cell, Layout
from shigotoba_backend.exports.workbook import write_workbook

Form = Literal["csv", "csv-bom", "xlsx", "parquet", "json"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
Rows = Iterable[Sequence[object]]


class Made(msgspec.Struct, frozen=True):
    """A file that was written."""

    rows: int
    media_type: str
    suffix: str
    encoding: str
    bom: bool


def write(form: Form, path: Path, layout: Layout, rows: Rows) -> Made:
    """Writes ``rows``, in the order of the layout's columns.

    Raises:
        TooManyRowsError: The format cannot hold them.
    """
    writer, media_type, suffix = _WRITERS[form]
    binary = form in ("xlsx", "parquet")
    count = writer(path, layout, (_cells(row) for row in rows))
    return Made(count, media_type, suffix, "binary" if binary else "UTF-8", form == "csv-bom")


def _cells(row: Sequence[object]) -> list[Cell]:
    return [cell(value) for value in row]


def _parquet(path: Path, layout: Layout, rows: Iterator[list[Cell]]) -> int:
    """Loads pyarrow with the first such file: every start of the API and the dashboard would wait for it otherwise."""
    return import_module("shigotoba_backend.exports.parquet").write_parquet(path, layout, rows)


def _csv(path: Path, layout: Layout, rows: Iterator[list[Cell]], encoding: str = "utf-8") -> int:
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(layout.header)
        for row in rows:
            writer.writerow([_in_csv(value) for value in row])
            count += 1
    return count


def _csv_with_bom(path: Path, layout: Layout, rows: Iterator[list[Cell]]) -> int:
    return _csv(path, layout, rows, "utf-8-sig")


def _in_csv(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _decimal(value) if isinstance(value, float) else value


def _decimal(value: float) -> str:
    """A number without an exponent, such as 0.00001."""
    return f"{value:f}".rstrip("0").rstrip(".") if "e" in repr(value) else repr(value).removesuffix(".0")


def _json(path: Path, layout: Layout, rows: Iterator[list[Cell]]) -> int:
    """An array of objects, one on each line."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for count, row in enumerate(rows, start=1):
            told = dict(zip(layout.header, row, strict=True))
            file.write(("\n" if count == 1 else ",\n") + json.dumps(told, ensure_ascii=False, allow_nan=False))
        file.write("\n]\n")
    return count


_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WRITERS: Final[Mapping[Form, tuple[Callable[[Path, Layout, Iterator[list[Cell]]], int], str, str]]] = {
    "csv": (_csv, "text/csv; charset=utf-8", ".csv"),
    "csv-bom": (_csv_with_bom, "text/csv; charset=utf-8", ".csv"),
    "xlsx": (write_workbook, _XLSX, ".xlsx"),
    "parquet": (_parquet, "application/vnd.apache.parquet", ".parquet"),
    "json": (_json, "application/json", ".json"),
}
