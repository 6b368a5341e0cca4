"""Frames across the connection: rows of a query in, rows for a query out.

Responsible for the crossing between PostgreSQL and polars. Refuses to know any statement.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl
import psycopg

Columns = Mapping[str, type[pl.DataType]]


def frame_of(conn: psycopg.Connection, query: bytes, arguments: Mapping[str, object], columns: Columns) -> pl.DataFrame:
    """Runs ``query``; its columns are ``columns``, in order."""
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(query, arguments).fetchall()
    return pl.DataFrame(rows, schema=columns, orient="row")


def many_rows_of(
    conn: psycopg.Connection, copying: bytes, arguments: Mapping[str, object], columns: Columns
) -> pl.DataFrame:
    """What ``copying``, a COPY to CSV, tells: for many rows, of which none becomes an object of Python's."""
    with conn.cursor() as cursor, cursor.copy(copying, arguments) as copy:
        told = b"".join(copy)
    return pl.read_csv(io.BytesIO(told), has_header=False, schema=columns, raise_if_empty=False)


def copy_rows(conn: psycopg.Connection, copying: bytes, frame: pl.DataFrame) -> None:
    """Hands the rows of ``frame`` to ``copying``, a COPY from CSV with its columns in their order."""
    with conn.cursor() as cursor, cursor.copy(copying) as copy:
        copy.write(frame.write_csv(include_header=False))


def rows_argument(frame: pl.DataFrame) -> str:
    """The rows as one argument, which a query takes apart with ``json_to_recordset``.

    Numbers keep their exact value, and one text is an order of magnitude cheaper than lists of Python objects.
    """
    return frame.write_json()
