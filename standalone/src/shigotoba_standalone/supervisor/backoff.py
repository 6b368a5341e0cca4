"""How long to wait before a program that died is started again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FIRST_S: Final = 0.2
LONGEST_S: Final = 15.0
STEADY_S: Final = 20.0
"""A program that ran this long was well; its next death counts as the first."""


@dataclass(frozen=True)
class Backoff:
    """Deaths in a row, and the wait they earn."""

    deaths: int = 0

    def after(self, ran_s: float) -> Backoff:
        """The state after a death that came ``ran_s`` seconds after the start."""
        return Backoff(1 if ran_s >= STEADY_S else self.deaths + 1)

    @property
    def wait_s(self) -> float:
        """Seconds to wait now: quick at first, doubled with each death, bounded."""
        return min(FIRST_S * 2 ** min(self.deaths - 1, 16), LONGEST_S) if self.deaths else 0.0
