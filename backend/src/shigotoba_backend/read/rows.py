"""Rows of a named query as frozen structs.

Responsible for running one statement and for times in UTC, whatever time zone the session has. Refuses to know any
statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import psycopg
from psycopg import adapters
from psycopg.rows import RowFactory

Row = TypeVar("Row")

_MOMENT: Final = adapters.types["timestamptz"].oid


def rows_of(conn: psycopg.Connection, kind: type[Row], query: bytes, arguments: Mapping[str, object]) -> list[Row]:
    """Runs ``query``; its column names are the names of the fields of ``kind``."""
    with conn.cursor(row_factory=_struct_row(kind)) as cursor:
        return cursor.execute(query, arguments).fetchall()


def _struct_row(kind: type[Row]) -> RowFactory[Row]:
    def factory(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
        columns = cursor.description or ()
        names = [column.name for column in columns]
        moments = [column.name for column in columns if column.type_code == _MOMENT]

        def row(values: Sequence[Any]) -> Row:
            told = dict(zip(names, values, strict=True))
            for name in moments:
                told[name] = _in_utc(told[name])
            return kind(**told)

        return row

    return factory


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(UTC)
