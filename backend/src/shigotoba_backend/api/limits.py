"""How much may be asked in a minute: buckets that fill steadily and are emptied by requests.

Responsible for counting, in this process. Refuses to know who asks: whoever calls gives the key.
"""

from __future__ import annotations

import threading
from typing import Final

_MOST_KEYS: Final = 50_000


class Limiter:
    """Buckets by key; a full bucket holds a minute's worth."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_s(self, key: str, per_minute: int, now_s: float) -> float:
        """Takes one from the bucket of ``key``; 0.0 if there was one, else the seconds until there will be.

        Args:
            key: Who asks for what.
            per_minute: Size of the bucket.
            now_s: A clock that never goes back.
        """
        with self._lock:
            left, at_s = self._buckets.get(key, (float(per_minute), now_s))
            left = min(per_minute, left + (now_s - at_s) * per_minute / 60)
            enough = left >= 1
            self._buckets[key] = (left - 1 if enough else left, now_s)
            if len(self._buckets) > _MOST_KEYS:
                self._forget_full(now_s)
            return 0.0 if enough else (1 - left) * 60 / per_minute

    def _forget_full(self, now_s: float) -> None:
        """Whoever has asked for nothing for a minute starts anew anyway."""
        self._buckets = {key: kept for key, kept in self._buckets.items() if now_s - kept[1] < 60}
        if len(self._buckets) > _MOST_KEYS:
            self._buckets.clear()
