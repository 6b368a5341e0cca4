"""The 30 points, one function each: what in a file, or in the dictionary beside it, breaks the point.

Numbers and order are those of the rule. Points that only one format can break say nothing of the others. Responsible
for judging. Refuses to mend.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Final

from shigotoba_backend.exports.cells import is_platform_dependent
from shigotoba_backend.exports.dictionary import Cell, Column, Facts, Layout
from shigotoba_backend.exports.readability.opened import Opened

Rule = Callable[[Opened, Layout, Facts], Iterator[str]]

_ASCII_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PERIOD: Final = re.compile(
    r"(19|20)[0-9]{2}(-[0-9]{2}){1,2}(/(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})?"
    r"|FY(19|20)[0-9]{2}( [QH][1-4]|/(19|20)[0-9]{2}-[0-9]{2})?"
)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,}\+00:00")
_SPREAD: Final = re.compile(r"(19|20)[0-9]{2}|_(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$|[0-9]+月|年度")
_GOVERNMENT: Final = re.compile(r".+[都道府県市区町村]|[0-9]{5,6}")
_FORMATS: Final = {"csv", "csv-bom", "xlsx", "json", "parquet"}


def _cells(file: Opened, layout: Layout) -> Iterator[tuple[Column, Cell, str]]:
    """Every cell with its column and where it stands."""
    for number, row in enumerate(file.rows, start=2):
        for column, value in zip(layout.columns, row, strict=False):
            yield column, value, f"{column.name}, row {number}"


def _texts(file: Opened, layout: Layout) -> Iterator[tuple[Column, str, str]]:
    return ((column, value, where) for column, value, where in _cells(file, layout) if isinstance(value, str))


def _numbers(file: Opened, layout: Layout) -> Iterator[tuple[Column, Cell, str]]:
    return (
        (column, value, where)
        for column, value, where in _cells(file, layout)
        if column.kind in ("number", "integer") and value is not None
    )


def _file_format(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    if file.form not in _FORMATS:
        yield file.form


def _one_table(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    if file.tables != 1:
        yield f"{file.tables} sheets"


def _not_divided(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (f"row {n} is blank" for n, row in enumerate(file.rows, start=2) if all(cell is None for cell in row))
    if len(file.header) != len(layout.columns):
        yield f"{len(file.header)} columns instead of {len(layout.columns)}"


def _nothing_beside(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    width = len(file.header)
    yield from (f"row {n} has {len(row)} cells" for n, row in enumerate(file.rows, start=2) if len(row) != width)


def _named_columns(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (f"column {n} is called {name!r}" for n, name in enumerate(file.header, 1) if not _says_something(name))


def _says_something(name: Cell) -> bool:
    return isinstance(name, str) and len(name) > 1 and _ASCII_NAME.fullmatch(name) is not None


def _no_layout_by_spaces(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (
        where
        for _, text, where in _texts(file, layout)
        if text != text.strip() or re.search(r"\s{2,}|[\r\n\t　]", text)
    )


def _one_datum(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    """Numbers hold one number and codes one code; only prose may hold more than one thing."""
    yield from (
        where
        for column, text, where in _texts(file, layout)
        if column.kind not in ("text", "period") and re.search(r"[;、]|, ", text)
    )


def _no_platform_characters(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (
        where for _, text, where in _texts(file, layout) if any(is_platform_dependent(character) for character in text)
    )


def _blank_is_not_zero(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    """A missing number is a blank, never a dash or a word; JSON and Parquet have null for it."""
    marks = {"-", "—", "…", "null", "NULL", "None", "nan", "N/A", "NA"}
    yield from (where for _, text, where in _texts(file, layout) if text in marks)


def _trait(name: str) -> Rule:
    def rule(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
        if name in file.hidden_traits:
            yield file.hidden_traits[name]

    return rule


def _one_line_each(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    if file.lines and len(file.lines) != len(file.rows) + 1:
        yield f"{len(file.lines)} lines hold {len(file.rows) + 1} records"


def _commas_in_quotes(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    for number, (line, row) in enumerate(zip(file.lines[1:], file.rows, strict=False), start=2):
        quoted = sum(isinstance(value, str) and "," in value for value in row)
        if line.count('"') < 2 * quoted:
            yield f"row {number}"


def _pure_numbers(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (where for column, value, where in _numbers(file, layout) if not _is_number(column, value, file))


def _is_number(column: Column, value: Cell, file: Opened) -> bool:
    if file.form in ("csv", "csv-bom"):
        return isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return column.kind == "number" or float(value).is_integer()


def _no_omissions(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (where for column, value, where in _cells(file, layout) if column.role == "dimension" and value is None)


def _unique_columns(file: Opened, _layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (str(name) for name, times in Counter(file.header).items() if times > 1)


def _fixed_choices(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    allowed = {column.name: {code.code for code in column.codes} for column in layout.columns if column.kind == "code"}
    yield from (
        f"{where}: {text}"
        for column, text, where in _texts(file, layout)
        if text not in allowed.get(column.name, {text})
    )
    truths = {True, False, "true", "false", None}
    yield from (
        where for column, value, where in _cells(file, layout) if column.kind == "yes_no" and value not in truths
    )


def _other_apart(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (
        where
        for column, text, where in _texts(file, layout)
        if column.kind == "code" and re.match(r"その他\W|other\W", text)
    )


def _header_first(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    if list(file.header) != layout.header and (file.rows or file.form != "json"):
        yield f"the first row is {file.header}"


def _code_table(_file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    for column in layout.columns:
        if column.kind == "code" and not all(code.name and code.name_en for code in column.codes or (None,) if code):
            yield column.name
        if column.kind == "code" and not column.codes:
            yield f"{column.name} has no code table"


def _marks_defined(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    """No marks stand in columns of numbers; a value that is held back is blank and a column of its own says why."""
    yield from _pure_numbers(file, layout, _facts)


def _units(_file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    for column in layout.columns:
        beside = column.unit.removeprefix("column:")
        named = beside in layout.header if column.unit.startswith("column:") else bool(column.unit)
        if column.kind in ("number", "integer") and not named:
            yield column.name


def _western_time(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    for column, text, where in _texts(file, layout):
        if (
            (column.kind == "date" and not _is_day(text))
            or (column.kind == "moment" and not _MOMENT.fullmatch(text))
            or (column.kind == "period" and not _PERIOD.fullmatch(text))
        ):
            yield f"{where}: {text}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _regions(file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (
        f"{where}: {text}"
        for column, text, where in _texts(file, layout)
        if column.region and not _GOVERNMENT.fullmatch(text)
    )


def _stable_layout(_file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    if len(layout.history) != layout.version:
        yield f"version {layout.version} with {len(layout.history)} lines of history"


def _defined(file: Opened, layout: Layout, facts: Facts) -> Iterator[str]:
    yield from (
        each.name for each in layout.columns if not (each.title and each.title_en and each.meaning and each.meaning_en)
    )
    yield from (each.name for each in layout.columns if not _ASCII_NAME.fullmatch(each.name))
    if not facts.organisation or not facts.encoding:
        yield "the facts say neither who publishes it nor in which encoding"
    if file.has_bom != facts.bom:
        yield "the facts say something else about the byte order mark"


def _long_form(_file: Opened, layout: Layout, _facts: Facts) -> Iterator[str]:
    yield from (column.name for column in layout.columns if _SPREAD.search(column.name))
    if sum(column.role == "value" for column in layout.columns) > 1:
        yield "more than one column of values"


RULES: Final[Mapping[str, Rule]] = {
    "L1-01": _file_format,
    "L1-02": _one_table,
    "L1-03": _not_divided,
    "L1-04": _nothing_beside,
    "L1-05": _named_columns,
    "L1-06": _no_layout_by_spaces,
    "L1-07": _one_datum,
    "L1-08": _no_platform_characters,
    "L1-09": _blank_is_not_zero,
    "L1-10": _trait("objects"),
    "L1-11": _trait("styles"),
    "L1-12": _trait("merged"),
    "L1-13": _trait("hidden"),
    "L1-14": _one_line_each,
    "L1-15": _commas_in_quotes,
    "L2-01": _pure_numbers,
    "L2-02": _no_omissions,
    "L2-03": _unique_columns,
    "L2-04": _fixed_choices,
    "L2-05": _other_apart,
    "L2-06": _trait("formulas"),
    "L3-01": _header_first,
    "L3-02": _code_table,
    "L3-03": _marks_defined,
    "L3-04": _units,
    "L3-05": _western_time,
    "L3-06": _regions,
    "L3-07": _stable_layout,
    "L3-08": _defined,
    "L3-09": _long_form,
}
"""By the number of the point."""

_TOLD_OF_EACH: Final = 5


def broken(file: Opened, layout: Layout, facts: Facts) -> dict[str, list[str]]:
    """The points that ``file`` breaks, each with the first few places; empty where it breaks none."""
    found = {number: list(islice(rule(file, layout, facts), _TOLD_OF_EACH)) for number, rule in RULES.items()}
    return {number: places for number, places in found.items() if places}
