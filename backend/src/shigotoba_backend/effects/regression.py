"""Generalised least squares for months that hang together: what a deviation leaves to the next widens the interval.

The persistence is estimated from the residuals. In short series that estimate is too small, because the regression has
already bent towards the deviations; how much too small follows from the columns alone and is put right (matching the
expected autocorrelation of the residuals). It is uncertain all the same, so half its standard error is added, and the
degrees of freedom are those of the months that are worth an independent one. What nominal 95 % intervals then hold is
measured in docs/evidence.md.

Responsible for one regression. Refuses to say what it means.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shigotoba_backend.effects.design import Numbers

_STRONGEST: Final = 0.95
_CANDIDATES: Final = np.linspace(-0.4, _STRONGEST, 28)
_FEWEST_WORTH: Final = 3.0
_LEVEL: Final = 0.95


class Coefficient(msgspec.Struct, frozen=True):
    """A coefficient with its 95 % interval and the level beside it.

    Attributes:
        value: The estimate.
        low: Lower end.
        high: Upper end.
        level: The coefficient of the first column.
        persistence: From month to month, 0 to 0.95.
    """

    value: float
    low: float
    high: float
    level: float
    persistence: float


def fit(values: Numbers, columns: Numbers, positions: NDArray[np.int64], which: int) -> Coefficient:
    """The coefficient of column ``which``; ``positions`` number the months, so that gaps count as time."""
    count, width = columns.shape
    likely = max(_persistence(values, columns, positions), 0.0)
    persistence = min(likely + np.sqrt((1 - likely**2) / count) / 2, _STRONGEST)
    found = _generalised_least_squares()(values, columns, sigma=_correlations(persistence, positions)).fit()
    worth = (count - width - 1) * (1 - persistence) / (1 + persistence)
    half = float(found.bse[which]) * _student(max(worth, _FEWEST_WORTH), (1 + _LEVEL) / 2)
    value = float(found.params[which])
    return Coefficient(value, value - half, value + half, float(found.params[0]), persistence)


def _generalised_least_squares() -> Any:
    """Loads statsmodels at the first question: it takes two seconds, and most processes are never asked."""
    return importlib.import_module("statsmodels.regression.linear_model").GLS


def _student(freedom: float, share: float) -> float:
    """The quantile of Student's t; SciPy is loaded with statsmodels, not before."""
    return float(importlib.import_module("scipy.special").stdtrit(freedom, share))


def _persistence(values: Numbers, columns: Numbers, positions: NDArray[np.int64]) -> float:
    maker = np.eye(len(values)) - columns @ np.linalg.pinv(columns)
    residuals = maker @ values
    neighbours = (np.abs(np.subtract.outer(positions, positions)) == 1) / 2
    spread = float(residuals @ residuals)
    if spread <= np.finfo(float).eps * float(values @ values):
        return 0.0
    seen = float(residuals @ neighbours @ residuals) / spread
    expected = [_expected(maker, neighbours, _correlations(candidate, positions)) for candidate in _CANDIDATES]
    return float(np.interp(seen, np.maximum.accumulate(expected), _CANDIDATES))


def _expected(maker: Numbers, neighbours: Numbers, correlations: Numbers) -> float:
    """The autocorrelation to be expected of residuals if the deviations had these correlations."""
    left = maker @ correlations @ maker
    return float(np.trace(neighbours @ left) / np.trace(left))


def _correlations(persistence: float, positions: NDArray[np.int64]) -> Numbers:
    return np.power(persistence, np.abs(np.subtract.outer(positions, positions)))
