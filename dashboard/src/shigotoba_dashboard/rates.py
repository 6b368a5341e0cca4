"""Shares of time, and how much of the time is known.

Responsible for the arithmetic of utilisation over the read side's sums: occupied time over known time, known time
over elapsed time. A rate over no time is None, never 0. Refuses opening hours: the spine has none, so every rate says
from when to when it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Use(Protocol):
    """Anything that sums up occupied and known seconds."""

    @property
    def occupied_s(self) -> float | None:
        """Seconds in use; None when nothing is known."""
        ...

    @property
    def known_s(self) -> float:
        """Seconds in use or vacant, that is: seen."""
        ...


@dataclass(frozen=True)
class Utilisation:
    """Occupied time among known time, and known time among all time.

    Attributes:
        occupied_s: Seconds in use, over all spaces.
        known_s: Seconds with a known state, over all spaces.
        possible_s: Seconds that passed, over all spaces.
    """

    occupied_s: float
    known_s: float
    possible_s: float

    @property
    def share(self) -> float | None:
        """Occupied over known time."""
        return self.occupied_s / self.known_s if self.known_s > 0 else None

    @property
    def coverage(self) -> float | None:
        """Known over elapsed time; at most 1, since a bucket may run ahead of the clock by its last reading."""
        return min(1.0, self.known_s / self.possible_s) if self.possible_s > 0 else None


def utilisation(uses: Iterable[Use], spaces: int, elapsed_s: float) -> Utilisation:
    """The utilisation of ``spaces`` spaces over ``elapsed_s`` seconds."""
    kept: Sequence[Use] = tuple(uses)
    return Utilisation(
        occupied_s=sum(use.occupied_s or 0.0 for use in kept),
        known_s=sum(use.known_s for use in kept),
        possible_s=spaces * elapsed_s,
    )
