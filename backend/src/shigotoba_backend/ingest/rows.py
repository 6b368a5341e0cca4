"""Rows of ``shigotoba.reading`` by columns: a pass over a column costs a fraction of a call for each row.

Responsible for the shape, and for taking parts and joining them. Refuses to judge and to store.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

import msgspec


class Rows(msgspec.Struct, frozen=True):
    """Columns of equal length; exactly one of value and label is there in each row.

    Attributes:
        point_ids: Which points.
        ats_ms: When, UTC milliseconds.
        seqs: Sequence numbers; within one batch they rise.
        values: Numbers and, as 0 and 1, truth values.
        labels: Texts.
        uncertain: Whether the driver was in doubt.
    """

    point_ids: list[int]
    ats_ms: list[int]
    seqs: list[int]
    values: list[float | None]
    labels: list[str | None]
    uncertain: list[bool]

    def numbered(self, first: int, beyond: int) -> Rows:
        """Those with sequence numbers from ``first`` up to, not including, ``beyond``; of one batch."""
        part = slice(bisect_left(self.seqs, first), bisect_left(self.seqs, beyond))
        return Rows(*(column[part] for column in msgspec.structs.astuple(self)))


def joined(parts: Iterable[Rows]) -> Rows:
    """The rows of all parts, in order."""
    listed = [msgspec.structs.astuple(part) for part in parts] or [([], [], [], [], [], [])]
    return Rows(*(list(chain.from_iterable(columns)) for columns in zip(*listed, strict=True)))
