"""Stretches of days as queries take them, and amounts for them.

Responsible for what all sources of telemetry share. Refuses to know what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from shigotoba_backend.indicators.model import Amount, Reason
from shigotoba_backend.indicators.periods import months_between


class Stretch(NamedTuple):
    """Days from ``first`` up to, not including, ``beyond``."""

    first: date
    beyond: date

    @property
    def months(self) -> int:
        """How many calendar months it has a day of."""
        return len(list(months_between(self.first, self.beyond)))


def columns(stretches: Sequence[Stretch]) -> dict[str, object]:
    """The stretches as two arrays of a statement."""
    return {"firsts": [each.first for each in stretches], "beyonds": [each.beyond for each in stretches]}


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same days in as few stretches as they need."""
    found: list[Stretch] = []
    for each in sorted(stretches):
        if found and each.first <= found[-1].beyond:
            found[-1] = Stretch(found[-1].first, max(found[-1].beyond, each.beyond))
        else:
            found.append(each)
    return found


def missing(stretch: Stretch, reason: Reason = "") -> Amount:
    """Nothing is known of it."""
    return Amount(first=stretch.first, months=stretch.months, numerator=None, reason=reason)


def share(part: float, whole: float) -> float | None:
    """``part`` of ``whole``, at most 1; None of nothing."""
    return min(1.0, part / whole) if whole > 0 else None
