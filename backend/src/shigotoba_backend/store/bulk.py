"""Many rows into polars at once, through ADBC: columns from end to end, of which nothing becomes an object of Python's.

It goes through a connection of its own, so it sees what is committed and nothing of the caller's transaction: for
tables that the caller does not write. Nor does the database see that the caller waits for it: were the caller to hold
a lock that somebody else wants before us, all three would wait for ever, so it waits for a lock only so long. The
driver is loaded when it is first needed, for that takes as long as a hundred small questions (docs/decisions/0048).

Responsible for the crossing. Refuses to know any statement and to keep connections.
"""
# The driver ships annotations for a part of itself only; nothing of it leaves this module.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Final

import polars as pl
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.errors import LockNotAvailable

_CONNECT_TIMEOUT_S: Final = 5
LOCK_TIMEOUT_MS: Final = 10_000


def bulk_frame(conn: psycopg.Connection, query: bytes, arguments: Sequence[object]) -> pl.DataFrame:
    """Runs ``query`` on the database that ``conn`` is connected to.

    Args:
        conn: Only says where; nothing is sent through it.
        query: With ``$1``, ``$2`` and so on, its columns named.
        arguments: In that order.

    Raises:
        psycopg.OperationalError: The database is gone, also while rows come, or somebody has locked what is asked for.
    """
    adbc = importlib.import_module("adbc_driver_postgresql.dbapi")
    try:
        with adbc.connect(_place_of(conn), autocommit=True) as own, own.cursor() as cursor:
            cursor.execute(query.decode(), list(arguments))
            return pl.DataFrame(cursor.fetch_arrow())
    except (adbc.OperationalError, pl.exceptions.ComputeError) as error:
        # polars itself takes the rows off the stream; what breaks it off there, it says in its own words.
        raise psycopg.OperationalError(str(error)) from error
    except adbc.ProgrammingError as error:
        if error.sqlstate != LockNotAvailable.sqlstate:
            raise
        raise LockNotAvailable(str(error)) from error


def _place_of(conn: psycopg.Connection) -> str:
    password = conn.info.password or None
    options = f"{conn.info.options} -c lock_timeout={LOCK_TIMEOUT_MS}".strip()
    return make_conninfo(conn.info.dsn, password=password, options=options, connect_timeout=_CONNECT_TIMEOUT_S)
