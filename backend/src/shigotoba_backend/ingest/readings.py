"""Readings into their table, by binary COPY.

The rows are packed here rather than by psycopg, because their shape never varies: one ``struct`` call each, driven by
columns. The format is PostgreSQL's documentation of COPY, "Binary Format": a signature, rows of length-prefixed
big-endian fields, a trailer; a timestamptz is microseconds since 2000-01-01 UTC.

Responsible for writing rows as they are. Refuses to check for duplicates (see ``ledger``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from itertools import repeat, starmap
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.ingest.arrays import EPOCH_2000_MS
from shigotoba_backend.ingest.rows import Rows
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_FIELDS: Final = 6
_NULL: Final = -1

_NUMBER_ROW: Final = struct.Struct(">h ii iq iq id i i?".replace(" ", ""))
_TEXT_ROW_HEAD: Final = struct.Struct(">h ii iq iq i i".replace(" ", ""))
_TEXT_ROW_TAIL: Final = struct.Struct(">i?")


def packed(rows: Rows) -> bytes:
    """The rows as COPY takes them."""
    pack = _number_rows if rows.labels.count(None) == len(rows.labels) else _mixed_rows
    return b"".join([_HEADER, *pack(rows), _TRAILER])


def copy_packed(conn: psycopg.Connection, packed_rows: bytes) -> None:
    """Appends packed rows, within the caller's transaction. Their months must be there."""
    with conn.cursor() as cursor, cursor.copy(_QUERIES["copy_readings"]) as copy:
        copy.write(packed_rows)


def _number_rows(rows: Rows) -> Iterable[bytes]:
    six, four, eight, one, null = repeat(_FIELDS), repeat(4), repeat(8), repeat(1), repeat(_NULL)
    ats_us = [(at_ms - EPOCH_2000_MS) * 1000 for at_ms in rows.ats_ms]
    numbers = (eight, rows.seqs, eight, rows.values, null)
    columns = (six, four, rows.point_ids, eight, ats_us, *numbers, one, rows.uncertain)
    return starmap(_NUMBER_ROW.pack, zip(*columns, strict=False))


def _mixed_rows(rows: Rows) -> Iterable[bytes]:
    return map(_packed, *msgspec.structs.astuple(rows))


def _packed(point_id: int, at_ms: int, seq: int, value: float | None, label: str | None, uncertain: bool) -> bytes:
    at_us = (at_ms - EPOCH_2000_MS) * 1000
    if label is None:
        return _NUMBER_ROW.pack(_FIELDS, 4, point_id, 8, at_us, 8, seq, 8, value, _NULL, 1, uncertain)
    text = label.encode()
    head = _TEXT_ROW_HEAD.pack(_FIELDS, 4, point_id, 8, at_us, 8, seq, _NULL, len(text))
    return head + text + _TEXT_ROW_TAIL.pack(1, uncertain)
