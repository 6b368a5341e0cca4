"""The months of a question as numbers a regression takes: values, share after, seasons, trend.

An amount is divided by the days the site was open, so that a month with many holidays is not taken for a success.
With comparison floors the value is the difference from their mean: whatever season and holidays do to all floors is
then gone.

Responsible for that arithmetic and for how much a series of that length can bear. Refuses to estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shigotoba_backend.effects.model import Observation, Question
from shigotoba_backend.indicators.periods import months_later

Numbers = NDArray[np.float64]

_YEAR: Final = 12
_FOR_SEASON: Final = 18
"""Months wanted, a year of them before, for the seasons."""

_FOR_TREND: Final = 36
"""Months wanted, a year of them on either side, before a trend is told from a step and the seasons."""


class Design(msgspec.Struct, frozen=True):
    """A regression to be run; the first two columns are the level and the share after.

    Attributes:
        values: One for each month that is known.
        columns: One row for each.
        positions: Number of each month, counted from the first, gaps included.
        level: What the treated place had before, on average, for the per cent.
        season: Whether columns for the seasons are there.
        trend: Whether a column for a steady trend is there.
        months_missing: Months between the first and the last that are not known.
        estimates: Months that are estimates.
    """

    values: Numbers
    columns: Numbers
    positions: NDArray[np.int64]
    level: float
    season: bool
    trend: bool
    months_missing: int
    estimates: int

    @property
    def after(self) -> Numbers:
        """The share of each month in which the initiative was in effect."""
        return self.columns[:, 1]


def design(question: Question) -> Design | None:
    """The months of ``question`` that are known everywhere; None where there is none."""
    own = _known(question.treated, question)
    others = [_known(series, question) for series in question.comparisons.values()]
    months = sorted(month for month in own if all(month in other for other in others))
    if not months:
        return None
    values = np.array([own[month] - _mean(other[month] for other in others) for month in months])
    after = np.array([share_after(month, question.effective_from) for month in months])
    positions = np.array([_months_between(months[0], month) for month in months])
    before, beyond = int(np.sum(after == 0)), int(np.sum(after > 0))
    season = not others and before >= _YEAR and len(months) >= _FOR_SEASON
    trend = min(before, beyond) >= _YEAR and len(months) >= _FOR_TREND
    columns = [np.ones(len(months)), after, *_seasons(months, wanted=season)]
    if trend:
        columns.append((positions - positions.mean()) / _YEAR)
    return Design(
        values=values,
        columns=np.column_stack(columns),
        positions=positions,
        level=_mean(own[month] for month, share in zip(months, after, strict=True) if share == 0),
        season=season,
        trend=trend,
        months_missing=int(positions[-1]) + 1 - len(months),
        estimates=sum(each.estimate for each in question.treated if each.first in own),
    )


def share_after(month: date, effective_from: date) -> float:
    """The share of the days of ``month`` from ``effective_from`` on."""
    beyond = months_later(month, 1)
    days = (beyond - month).days
    return min(max((beyond - effective_from).days / days, 0.0), 1.0)


def _known(series: Sequence[Observation], question: Question) -> dict[date, float]:
    found = {each.first: each.value for each in series if each.value is not None}
    if question.open_days is None:
        return found
    return {month: value / days for month, value in found.items() if (days := question.open_days.get(month, 0))}


def _seasons(months: Sequence[date], *, wanted: bool) -> list[Numbers]:
    """Waves of a year, and of half a year where two years are known."""
    if not wanted:
        return []
    angle = np.array([2 * np.pi * month.month / _YEAR for month in months])
    waves = (1, 2) if len(months) >= 2 * _YEAR else (1,)
    return [turn(wave * angle) for wave in waves for turn in (np.cos, np.sin)]


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else 0.0


def _months_between(first: date, month: date) -> int:
    return (month.year - first.year) * _YEAR + month.month - first.month
