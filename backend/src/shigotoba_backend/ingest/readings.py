"""Readings into their table, by binary COPY.

The rows are packed here rather than by psycopg, because their shape hardly varies: those with numbers, which are nearly
all, as one array of records. The format is PostgreSQL's documentation of COPY, "Binary Format": a signature, rows of
length-prefixed big-endian fields, a trailer; a timestamptz is microseconds since 2000-01-01 UTC.

Responsible for writing rows as they are. Refuses to check for duplicates (see ``ledger``).
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from shigotoba_backend.ingest.arrays import EPOCH_2000_MS
from shigotoba_backend.ingest.ordered import Ordered, Places
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_NULL: Final = -1

_NUMBER_ROW: Final = np.dtype(
    [
        ("fields", ">i2"),
        ("point_bytes", ">i4"),
        ("point_id", ">i4"),
        ("at_bytes", ">i4"),
        ("at_us", ">i8"),
        ("seq_bytes", ">i4"),
        ("seq", ">i8"),
        ("value_bytes", ">i4"),
        ("value", ">f8"),
        ("label_bytes", ">i4"),
        ("uncertain_bytes", ">i4"),
        ("uncertain", "?"),
    ]
)
_BLANK: Final = np.array((6, 4, 0, 8, 0, 8, 0, 8, 0.0, _NULL, 1, False), _NUMBER_ROW)
_TEXT_ROW_HEAD: Final = struct.Struct(">hiiiqiqii")
_TEXT_ROW_TAIL: Final = struct.Struct(">i?")


def packed(rows: Ordered) -> bytes:
    """The rows as COPY takes them, those with texts at the end."""
    numbers, worded = _numbers(rows), np.flatnonzero(rows.words)
    if len(worded):
        numbers = np.delete(numbers, worded)
    return b"".join([_HEADER, numbers.tobytes(), *_texts(rows, worded), _TRAILER])


def copy_packed(conn: psycopg.Connection, packed_rows: bytes) -> None:
    """Appends packed rows, within the caller's transaction. Their months must be there."""
    with conn.cursor() as cursor, cursor.copy(_QUERIES["copy_readings"]) as copy:
        copy.write(packed_rows)


def _numbers(rows: Ordered) -> NDArray[np.void]:
    found = np.repeat(_BLANK, len(rows.point_ids))
    found["point_id"] = rows.point_ids
    found["at_us"] = (rows.ats_ms - EPOCH_2000_MS) * 1000
    found["seq"] = rows.seqs
    found["value"] = rows.values
    found["uncertain"] = rows.uncertain
    return found


def _texts(rows: Ordered, worded: Places) -> list[bytes]:
    columns = (rows.point_ids, rows.ats_ms, rows.seqs, rows.uncertain)
    return list(map(_text, *(column[worded].tolist() for column in columns), rows.labels(worded)))


def _text(point_id: int, at_ms: int, seq: int, uncertain: bool, label: str | None) -> bytes:
    text = (label or "").encode()
    at_us = (at_ms - EPOCH_2000_MS) * 1000
    head = _TEXT_ROW_HEAD.pack(6, 4, point_id, 8, at_us, 8, seq, _NULL, len(text))
    return head + text + _TEXT_ROW_TAIL.pack(1, uncertain)
