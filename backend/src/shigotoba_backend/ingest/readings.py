"""Readings into their table, by binary COPY.

The rows are packed here rather than by psycopg, because their shape never varies: one ``struct`` call each. The
format is PostgreSQL's documentation of COPY, "Binary Format": a signature, rows of length-prefixed big-endian fields,
a trailer; a timestamptz is microseconds since 2000-01-01 UTC.

Responsible for writing rows as they are. Refuses to check for duplicates (see ``ledger``).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import psycopg

from shigotoba_backend.ingest.judge import Row
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_FIELDS: Final = 6
_NULL: Final = -1
_EPOCH_2000_MS: Final = 946_684_800_000

_NUMBER_ROW: Final = struct.Struct(">h ii iq iq id i i?".replace(" ", ""))
_TEXT_ROW_HEAD: Final = struct.Struct(">h ii iq iq i i".replace(" ", ""))
_TEXT_ROW_TAIL: Final = struct.Struct(">i?")


def copy_rows(conn: psycopg.Connection, rows: Sequence[Row]) -> None:
    """Appends the rows, within the caller's transaction. Their months must be there."""
    if not rows:
        return
    with conn.cursor() as cursor, cursor.copy(_QUERIES["copy_readings"]) as copy:
        copy.write(_HEADER + b"".join([_packed(row) for row in rows]) + _TRAILER)


def _packed(row: Row) -> bytes:
    at_us = (row.at_ms - _EPOCH_2000_MS) * 1000
    if row.label is None:
        return _NUMBER_ROW.pack(_FIELDS, 4, row.point_id, 8, at_us, 8, row.seq, 8, row.value, _NULL, 1, row.uncertain)
    label = row.label.encode()
    head = _TEXT_ROW_HEAD.pack(_FIELDS, 4, row.point_id, 8, at_us, 8, row.seq, _NULL, len(label))
    return head + label + _TEXT_ROW_TAIL.pack(1, row.uncertain)
