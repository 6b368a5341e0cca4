"""Tables as values: what a chart's twin and a list show, before any component is made of them.

Responsible for the shape. Refuses layout.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: What stands in the header, with the unit.
        number: Numbers stand to the right.
        prose: Sentences run over several lines.
    """

    name: str
    number: bool = False
    prose: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names each row.

    Attributes:
        caption: What the table holds, for those who hear it.
        columns: One per column.
        rows: Written cells, as many as columns.
        marked: Indices of rows that need attention.
        links: Where the name of each row leads; empty where none does.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()
    links: tuple[str | None, ...] = ()
