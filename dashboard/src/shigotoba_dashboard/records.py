"""Tables of values: what a page shows as a table, and what it hands out as a file.

A cell is a number, a text, a day or a moment, or None where nothing is known; how it is written is said by its field,
once for the screen. A file gets the values themselves. Responsible for this shape and for making it a table of the
screen. Refuses to make files (see ``files``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from shigotoba_dashboard.formats import NOTHING, count, percent
from shigotoba_dashboard.tables import Column, Table

Cell: TypeAlias = "int | float | str | date | datetime | None"


@dataclass(frozen=True)
class Field:
    """A column.

    Attributes:
        key: Its name in a file: ASCII, stable over the years.
        name: Its name on the screen, in the reader's language.
        unit: Of its values as they stand in a file; empty where it has none.
        write: A value as the screen shows it; never asked about None.
        number: Whether its values are numbers.
        prose: Whether its values are sentences.
    """

    key: str
    name: str
    unit: str = ""
    write: Callable[[Any], str] = str
    number: bool = False
    prose: bool = False


@dataclass(frozen=True)
class Records:
    """Rows of values.

    Attributes:
        key: Name of the file: ASCII.
        caption: What the rows are.
        fields: One per column.
        rows: As many cells as fields.
        links: Where the first cell of a row leads, by number of the row.
        marked: Numbers of rows that need attention.
    """

    key: str
    caption: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str | None, ...] = ()
    marked: frozenset[int] = frozenset()


def text(key: str, name: str) -> Field:
    """A column of texts."""
    return Field(key, name)


def prose(key: str, name: str) -> Field:
    """A column of sentences."""
    return Field(key, name, prose=True)


def number(key: str, name: str, unit: str) -> Field:
    """A column of whole numbers."""
    return Field(key, name, unit, count, number=True)


def amount(key: str, name: str, unit: str, digits: int = 1) -> Field:
    """A column of numbers with ``digits`` decimals."""
    return Field(key, name, unit, lambda value: f"{value:,.{digits}f}", number=True)


def share(key: str, name: str) -> Field:
    """A column of shares, 0 to 1, shown in per cent."""
    return Field(key, name, "ratio", percent, number=True)


def as_table(records: Records) -> Table:
    """The records as the screen shows them."""
    return Table(
        caption=records.caption,
        columns=tuple(Column(field.name, field.number, field.prose) for field in records.fields),
        rows=tuple(_written(records.fields, row) for row in records.rows),
        marked=records.marked,
        links=records.links,
    )


def _written(fields: Sequence[Field], row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(NOTHING if cell is None else field.write(cell) for field, cell in zip(fields, row, strict=True))
