"""Which months of an indicator were measured well enough to stand beside the others.

Half the printers silent, or the month in which measuring began: the figure is smaller, and nothing has changed. A month
of which clearly less is known than of the best is therefore left out, whatever it says, before anything is compared.
Months that are all known equally little stay: they are smaller alike.

Responsible for that choice. Refuses to make up what was not measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shigotoba_backend.effects.model import Observation
from shigotoba_backend.indicators.model import IndicatorValue

ENOUGH: Final = 0.75
"""Of the coverage of the best month. Between months with many and with few working days it differs by less."""


def observations(values: Iterable[IndicatorValue]) -> tuple[Observation, ...]:
    """The months that have a value; those that were measured too little stand there without it."""
    known = [value for value in values if value.value is not None]
    best = max((value.coverage for value in known if value.coverage is not None), default=0.0)
    return tuple(_observation(value, best) for value in known)


def _observation(value: IndicatorValue, best: float) -> Observation:
    little = value.partial or (value.coverage is not None and value.coverage < ENOUGH * best)
    first = value.period.first
    return Observation(first, None, little=True) if little else Observation(first, value.value, value.estimate)
