"""The dataset of indicators: which periods it has, what a value is as a row, and the rows of many values.

Indicators that are told of the same places on the same bases are asked for together, so that each source is asked once
for all of them. Responsible for the order: by indicator, scope, basis and period. Refuses to hide anything;
``indicators.values`` has done so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice, product
from typing import Final

import psycopg

from shigotoba_backend.indicators.model import BaseFigure, Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import (
    Period,
    fiscal_year,
    fiscal_year_of,
    month,
    months_between,
    runs_of,
    to_date,
)
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_of

_TOGETHER: Final = 10
"""Of so many indicators all values are in memory at the same time."""

Row = Sequence[object]


def values_told(
    conn: psycopg.Connection,
    keys: Collection[str],
    scopes: Collection[Scope],
    days: tuple[date, date],
    now: datetime,
) -> Iterator[Row]:
    """A row for each value of ``keys``, of all indicators where there are none, with a day from the first to the last.

    What is not told of a place, as nothing is there that it could be told of, has no row.
    """
    for _, alike in groupby([REGISTRY[key] for key in keys or REGISTRY], lambda each: (each.scopes, each.bases)):
        while together := list(islice(alike, _TOGETHER)):
            told_of = [scope for scope in scopes if scope.kind in together[0].scopes]
            yield from _of_some(conn, together, told_of, days, now)


def _of_some(
    conn: psycopg.Connection,
    entries: Sequence[Indicator],
    scopes: Collection[Scope],
    days: tuple[date, date],
    now: datetime,
) -> Iterator[Row]:
    keys = [entry.key for entry in entries]
    found = [
        values_of(conn, keys, scopes, periods_of(basis, *days), basis, now) if scopes else {}
        for basis in entries[0].bases
    ]
    for asked in product(keys, scopes):
        for values in found:
            yield from (indicator_row(value) for value in values[asked] if value.reason != "not_here")


def periods_of(basis: Basis, first: date, last: date) -> list[Period]:
    """The periods of a basis that have a day from ``first`` to ``last``: months, months so far, or fiscal years."""
    months = [(each.year, each.month) for each in months_between(first, last + timedelta(days=1))]
    if basis == "fiscal_year_to_date":
        return [to_date(*each) for each in months]
    if basis in ("single_month", "same_month"):
        return [month(*each) for each in months]
    return [fiscal_year(year) for year in range(fiscal_year_of(first), fiscal_year_of(last) + 1)]


def indicator_row(value: IndicatorValue) -> Row:
    """A value as a row of the dataset ``indicators``."""
    base = value.base
    return (
        value.key,
        str(value.scope),
        str(value.period),
        value.period.first,
        value.period.beyond - timedelta(days=1),
        value.basis,
        value.value,
        value.unit,
        value.numerator,
        value.denominator,
        value.coverage,
        value.estimate,
        value.exclusions or None,
        base.fiscal_year if base else None,
        base.value if base else None,
        _months(base) if base else None,
        base.published if base else None,
        base.estimate if base else None,
        value.target,
        value.moment,
        value.reason or None,
        value.as_of,
        value.revised_at,
    )


def _months(base: BaseFigure) -> str:
    """The months of the base year that are compared, stretches of them: ``2019-10/2020-03``."""
    return "; ".join(
        f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}/{last:%Y-%m}" for first, last in runs_of(base.months)
    )
