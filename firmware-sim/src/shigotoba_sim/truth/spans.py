"""Time credited to quarters of an hour.

Responsible for cutting spans at the borders of buckets, in whole milliseconds. Refuses to know what the time was spent
on.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from shigotoba_sim.clock import MINUTE_MS

BUCKET_MS: Final = 15 * MINUTE_MS


class Occupancy:
    """The occupied milliseconds of one space, by bucket, gathered change by change."""

    def __init__(self, start_ms: int, occupied: bool) -> None:
        self._since_ms = start_ms if occupied else None
        self.by_bucket: defaultdict[int, int] = defaultdict(int)

    def change(self, at_ms: int, occupied: bool) -> None:
        """The space becomes occupied or vacant at ``at_ms``."""
        if self._since_ms is not None:
            self._credit(self._since_ms, at_ms)
        self._since_ms = at_ms if occupied else None

    def _credit(self, start_ms: int, end_ms: int) -> None:
        while start_ms < end_ms:
            bucket = start_ms - start_ms % BUCKET_MS
            until_ms = min(bucket + BUCKET_MS, end_ms)
            self.by_bucket[bucket] += until_ms - start_ms
            start_ms = until_ms
