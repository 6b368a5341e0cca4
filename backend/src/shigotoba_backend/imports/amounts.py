"""Imported figures as the amounts that indicators are made of.

Responsible for what an imported series says of a stretch, with special factors or without. Refuses to add up.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.imports.catalogue import Series, series_of
from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.periods import months_between
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("imports.sql", package="shigotoba_backend.imports")


class _Row(msgspec.Struct, frozen=True):
    scope: str
    first: date
    beyond: date
    numerator: float | None
    denominator: float | None
    excluded: float | None
    excluded_reason: str
    estimate: bool
    as_of: datetime
    revised_at: datetime | None


def amounts(conn: psycopg.Connection, key: str, scope: Scope, first: date, end: date) -> list[Amount]:
    """What holds now of the series behind the indicator ``key``, for stretches that touch ``first`` up to ``end``.

    A rate known only as a percentage has that as its numerator and no denominator; what it would be without special
    factors is then missing.
    """
    return amounts_of_scopes(conn, key, [scope], first, end)[scope]


def amounts_of_scopes(
    conn: psycopg.Connection, key: str, scopes: Collection[Scope], first: date, end: date
) -> dict[Scope, list[Amount]]:
    """The same of each of ``scopes``; one statement for all of them."""
    series, excluding = series_of(key)
    by_name = {str(scope): scope for scope in scopes}
    told = {"series": series.key, "scopes": list(by_name), "first": first, "end": end}
    found: dict[Scope, list[Amount]] = {scope: [] for scope in scopes}
    for row in rows_of(conn, _Row, _QUERIES["amounts"], told):
        found[by_name[row.scope]].append(_amount(row, series, excluding=excluding))
    return found


def _amount(row: _Row, series: Series, *, excluding: bool) -> Amount:
    numerator, denominator = row.numerator, row.denominator
    taken = row.excluded or 0.0 if excluding else 0.0
    if series.in_per_cent and denominator is not None:
        denominator -= taken
    elif series.in_per_cent and excluding:
        numerator = None
    elif not series.in_per_cent and numerator is not None:
        numerator -= taken
    return Amount(
        first=row.first,
        months=_months(row),
        numerator=numerator,
        denominator=denominator,
        estimate=row.estimate,
        exclusions=row.excluded_reason if taken else "",
        as_of=row.as_of,
        revised_at=row.revised_at,
    )


def _months(row: _Row) -> int:
    return 0 if (row.beyond - row.first).days == 1 else len(list(months_between(row.first, row.beyond)))
