"""Rows of a named query as a frame.

Responsible for the crossing between PostgreSQL and polars. Refuses to know any statement.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import psycopg

Columns = Mapping[str, type[pl.DataType]]


def frame_of(conn: psycopg.Connection, query: bytes, arguments: Mapping[str, object], columns: Columns) -> pl.DataFrame:
    """Runs ``query``; its columns are ``columns``, in order."""
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(query, arguments).fetchall()
    return pl.DataFrame(rows, schema=columns, orient="row")


def arrays_of(frame: pl.DataFrame, **names: str) -> dict[str, list[object]]:
    """Columns of ``frame`` as arguments of a query: argument name = column name."""
    return {argument: frame[column].to_list() for argument, column in names.items()}
