"""The effect of an initiative on an indicator, and what stands in the way of saying more.

Responsible for choosing between before-and-after and a comparison, and for the cautions. Refuses to call a difference
an effect where the months do not suffice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np

from shigotoba_backend.effects.design import Design, design
from shigotoba_backend.effects.model import Caution, Effect, Method, Observation, Question, Verdict
from shigotoba_backend.effects.regression import Coefficient, fit

FEWEST_BEFORE: Final = 6
FEWEST_AFTER: Final = 3
_FOR_DRIFT: Final = 8
_DECISIVE: Final[frozenset[Caution]] = frozenset({"too_few_before", "too_few_after", "not_varying"})


def effect_of(question: Question) -> Effect:
    """The effect of one initiative on one indicator."""
    found = design(question)
    if found is None:
        return Effect(verdict="cannot_tell", method="none", cautions=("too_few_before", "too_few_after"))
    told = Effect(
        verdict="cannot_tell",
        method="none",
        months_before=int(np.sum(found.after == 0)),
        months_after=int(np.sum(found.after > 0)),
        cautions=tuple(_cautions(question, found)),
        others=question.others,
    )
    if _DECISIVE & set(told.cautions):
        return told
    change = fit(found.values, found.columns, found.positions, 1)
    return msgspec.structs.replace(
        told,
        verdict=_verdict(change),
        method=_method(question),
        estimate=change.value,
        low=change.low,
        high=change.high,
        per_cent=100 * change.value / found.level if found.level else None,
        before=found.level,
        per_open_day=question.open_days is not None,
        persistence=change.persistence,
        season=found.season or bool(question.comparisons),
        trend=found.trend,
    )


def _verdict(change: Coefficient) -> Verdict:
    if change.high < 0:
        return "fell"
    return "rose" if change.low > 0 else "no_clear_change"


def _method(question: Question) -> Method:
    return "against_comparison" if question.comparisons else "before_and_after"


def _cautions(question: Question, found: Design) -> Iterator[Caution]:
    applies: dict[Caution, bool] = {
        "too_few_before": int(np.sum(found.after == 0)) < FEWEST_BEFORE,
        "too_few_after": int(np.sum(found.after > 0)) < FEWEST_AFTER,
        "not_varying": bool(np.ptp(found.values) == 0),
        "no_comparison": not question.comparisons,
        "season_not_separated": not (question.comparisons or found.season),
        "drifting_apart_before": bool(question.comparisons) and _drifting(found),
        "trend_not_separated": not found.trend,
        "months_missing": found.months_missing > 0,
        "measured_too_little": any(each.little for series in _all_series(question) for each in series),
        "holidays_not_separated": question.amount and question.open_days is None and not question.comparisons,
        "estimates_within": found.estimates > 0,
        "printers_changed": question.printers_changed,
        "others_at_the_same_time": bool(question.others),
    }
    return (caution for caution, does in applies.items() if does)


def _all_series(question: Question) -> Iterator[tuple[Observation, ...]]:
    yield question.treated
    yield from question.comparisons.values()


def _drifting(found: Design) -> bool:
    """Whether the places were moving apart before anything happened."""
    ahead = found.after == 0
    if int(np.sum(ahead)) < _FOR_DRIFT or np.ptp(found.values[ahead]) == 0:
        return False
    positions = found.positions[ahead]
    columns = np.column_stack([np.ones(len(positions)), positions.astype(float)])
    drift = fit(found.values[ahead], columns, positions, 1)
    return drift.low > 0 or drift.high < 0
