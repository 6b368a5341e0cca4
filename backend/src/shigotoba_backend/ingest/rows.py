"""Rows of ``shigotoba.reading`` by columns: a pass over a column costs a fraction of a call for each row.

Responsible for the shape, and for taking parts. Refuses to judge, to put in order (see ``ordered``) and to store.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import msgspec


class Rows(msgspec.Struct, frozen=True):
    """Columns of equal length, of one batch.

    Attributes:
        point_ids: Which points.
        ats_ms: When, UTC milliseconds.
        seqs: Sequence numbers, rising.
        values: Numbers and truth values; 0 where there is a label.
        labels: Texts; None where there is a value.
        uncertain: Whether the driver was in doubt.
    """

    point_ids: Sequence[int]
    ats_ms: Sequence[int]
    seqs: Sequence[int]
    values: Sequence[float]
    labels: Sequence[str | None]
    uncertain: Sequence[bool]

    def only(self, wanted: Sequence[bool]) -> Rows:
        """Those at whose place ``wanted`` says so."""
        return Rows(
            list(compress(self.point_ids, wanted)),
            list(compress(self.ats_ms, wanted)),
            list(compress(self.seqs, wanted)),
            list(compress(self.values, wanted)),
            list(compress(self.labels, wanted)),
            list(compress(self.uncertain, wanted)),
        )
