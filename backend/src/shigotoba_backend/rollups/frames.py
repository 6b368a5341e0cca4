"""Frames across the connection: rows of a query in, rows for a query out.

Responsible for the crossing between PostgreSQL and polars. Refuses to know any statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import psycopg

Columns = Mapping[str, type[pl.DataType]]


def frame_of(conn: psycopg.Connection, query: bytes, arguments: Mapping[str, object], columns: Columns) -> pl.DataFrame:
    """Runs ``query``; its columns are ``columns``, in order."""
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(query, arguments).fetchall()
    return pl.DataFrame(rows, schema=columns, orient="row")


def numbered_frame_of(
    conn: psycopg.Connection, query: bytes, arguments: Sequence[object], columns: Columns
) -> pl.DataFrame:
    """The same for a query whose arguments are ``$1``, ``$2`` and so on, as ``store.bulk`` takes it too."""
    rows = psycopg.RawCursor(conn).execute(query, arguments, binary=True).fetchall()
    return pl.DataFrame(rows, schema=columns, orient="row")


def copy_rows(conn: psycopg.Connection, copying: bytes, frame: pl.DataFrame) -> None:
    """Hands the rows of ``frame`` to ``copying``, a COPY from CSV with its columns in their order."""
    with conn.cursor() as cursor, cursor.copy(copying) as copy:
        copy.write(frame.write_csv(include_header=False))


def rows_argument(frame: pl.DataFrame) -> str:
    """The rows as one argument, which a query takes apart with ``json_to_recordset``.

    Numbers keep their exact value, and one text is an order of magnitude cheaper than lists of Python objects.
    """
    return frame.write_json()
