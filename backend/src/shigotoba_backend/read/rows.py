"""Rows of a named query as frozen structs.

Responsible for running one statement and for times in UTC, whatever time zone the session has. Refuses to know any
statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg
from psycopg.rows import RowFactory

Row = TypeVar("Row")


def rows_of(conn: psycopg.Connection, kind: type[Row], query: bytes, arguments: Mapping[str, object]) -> list[Row]:
    """Runs ``query``; its column names are the names of the fields of ``kind``."""
    with conn.cursor(row_factory=_struct_row(kind)) as cursor:
        return cursor.execute(query, arguments).fetchall()


def _struct_row(kind: type[Row]) -> RowFactory[Row]:
    def factory(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
        names = [column.name for column in cursor.description or ()]
        return lambda values: kind(**dict(zip(names, map(_in_utc, values), strict=True)))

    return factory


def _in_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
