"""Later and later, never all at once: the pauses between tries.

Responsible for the arithmetic. Refuses to wait.
"""

from __future__ import annotations

from random import Random


class Backoff:
    """Pauses that double from ``first_s`` up to ``longest_s`` seconds, each give or take a fifth."""

    def __init__(self, first_s: float, longest_s: float, rng: Random) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._rng = rng
        self._pause_s = first_s

    def next_s(self) -> float:
        """The pause before the next try, in seconds."""
        pause_s = min(self._pause_s, self._longest_s)
        self._pause_s = min(pause_s * 2, self._longest_s)
        return pause_s * self._rng.uniform(0.8, 1.2)

    def reset(self) -> None:
        """It works again: the next pause is the first one."""
        self._pause_s = self._first_s
