"""Columns as parameters of a statement, in PostgreSQL's binary form of an array.

psycopg turns a list into text element by element when the statement is sent, which for the columns of a portion is
inside its transaction, with rows locked. These are made beforehand, in a tenth of the time. The form is that of
``array_send`` (PostgreSQL, ``src/backend/utils/adt/arrayfuncs.c``): the number of dimensions, whether there are nulls,
the type; for the one dimension its length and lower bound; then each element with its length. All are 32-bit
big-endian; a null has the length -1; a timestamptz is microseconds since 2000-01-01 UTC.

Responsible for that form. Refuses to know what the columns mean.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import repeat, starmap
from typing import Final

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

EPOCH_2000_MS: Final = 946_684_800_000

_HEAD: Final = struct.Struct(">iiIii")
_INT4: Final = struct.Struct(">ii")
_INT8: Final = struct.Struct(">iq")
_FLOAT8: Final = struct.Struct(">id")
_LENGTH: Final = struct.Struct(">i")
_NULL: Final = _LENGTH.pack(-1)


class Int4s(bytes):
    """``int[]``."""


class Instants(bytes):
    """``timestamptz[]``."""


class Float8s(bytes):
    """``float8[]``."""


class Texts(bytes):
    """``text[]``."""


def int4s(values: Sequence[int]) -> Int4s:
    """Whole numbers of 32 bits."""
    return Int4s(_array(23, len(values), starmap(_INT4.pack, zip(repeat(4), values, strict=False))))


def instants(ats_ms: Sequence[int]) -> Instants:
    """Instants given as UTC milliseconds."""
    ats_us = ((at_ms - EPOCH_2000_MS) * 1000 for at_ms in ats_ms)
    return Instants(_array(1184, len(ats_ms), starmap(_INT8.pack, zip(repeat(8), ats_us, strict=False))))


def float8s(values: Sequence[float | None]) -> Float8s:
    """Numbers, where there are some."""
    return Float8s(_array(701, len(values), (_NULL if each is None else _FLOAT8.pack(8, each) for each in values)))


def texts(values: Sequence[str | None]) -> Texts:
    """Texts, where there are some."""
    return Texts(_array(25, len(values), map(_text, values)))


def _text(value: str | None) -> bytes:
    if value is None:
        return _NULL
    encoded = value.encode()
    return _LENGTH.pack(len(encoded)) + encoded


def _array(element_oid: int, length: int, elements: Iterable[bytes]) -> bytes:
    # The word on nulls is a hint that PostgreSQL checks for its value and then works out by itself.
    return b"".join([_HEAD.pack(1, 1, element_oid, length, 1), *elements])


class _Ready(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


class _Int4sDumper(_Ready):
    oid = 1007


class _InstantsDumper(_Ready):
    oid = 1185


class _Float8sDumper(_Ready):
    oid = 1022


class _TextsDumper(_Ready):
    oid = 1009


psycopg.adapters.register_dumper(Int4s, _Int4sDumper)
psycopg.adapters.register_dumper(Instants, _InstantsDumper)
psycopg.adapters.register_dumper(Float8s, _Float8sDumper)
psycopg.adapters.register_dumper(Texts, _TextsDumper)
