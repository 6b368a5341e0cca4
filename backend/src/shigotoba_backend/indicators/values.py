"""Values of indicators: for scopes, for periods, on a basis, with everything that belongs beside them.

Several indicators and scopes are asked for together, so that each source is asked once for all that need it.
Responsible for the question and for gathering what answers it: amounts (see ``sources``), bases, targets, and what is
too small to be told (see ``cells``). Each answer is put together in ``answering``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Final

import psycopg

from shigotoba_backend.indicators.answering import Asked, answer, without_figures
from shigotoba_backend.indicators.bases import amounts_of_all, bases_in_force
from shigotoba_backend.indicators.cells import held_back
from shigotoba_backend.indicators.comparing import Base
from shigotoba_backend.indicators.model import Amount, Basis, Indicator, IndicatorValue, SmallCells
from shigotoba_backend.indicators.periods import Period, PeriodKind, to_date
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.sources import amounts_of, today_at
from shigotoba_backend.indicators.targets import targets_of_all

_PERIODS: Final[dict[Basis, PeriodKind]] = {
    "single_month": "month",
    "same_month": "month",
    "fiscal_year_to_date": "fiscal_year_to_date",
    "fiscal_year": "fiscal_year",
}
"""Which kind of period a basis is told for; the others are told for any."""


class BasisError(ValueError):
    """The indicator is not told so; the message says how it is."""


def indicator_values(
    conn: psycopg.Connection,
    key: str,
    scope: Scope,
    periods: Sequence[Period],
    basis: Basis,
    now: datetime,
    base_year: int | None = None,
) -> list[IndicatorValue]:
    """A value for each of the periods, in their order.

    Args:
        conn: To the database.
        key: Of the indicator.
        scope: What it is asked of.
        periods: Months for the bases of a month, fiscal years, fiscal years to date (a month stands for its year up to
            it); any for the bases of imported figures.
        basis: One of the indicator's.
        now: Months that have not begun have no value; a month that is not over is not compared.
        base_year: Of several base years this one; else the newest that is published.

    Raises:
        UnknownIndicatorError: There is no such indicator.
        UnknownScopeError: There is no such scope.
        BasisError: The indicator is not told of such a scope, on that basis, or for such periods.
    """
    return values_of(conn, [key], [scope], periods, basis, now, base_year)[key, scope]


def values_of(
    conn: psycopg.Connection,
    keys: Collection[str],
    scopes: Collection[Scope],
    periods: Sequence[Period],
    basis: Basis,
    now: datetime,
    base_year: int | None = None,
) -> dict[tuple[str, Scope], list[IndicatorValue]]:
    """The same of several indicators and scopes at once.

    Raises:
        UnknownIndicatorError: There is no such indicator.
        UnknownScopeError: There is no such scope.
        BasisError: An indicator is not told of such a scope, on that basis, or for such periods.
    """
    found = values_where_known(conn, keys, scopes, periods, basis, now, base_year)
    for asked in product(keys, scopes):
        if asked not in found:
            raise _unknown(asked[1])
    return found


def values_where_known(
    conn: psycopg.Connection,
    keys: Collection[str],
    scopes: Collection[Scope],
    periods: Sequence[Period],
    basis: Basis,
    now: datetime,
    base_year: int | None = None,
) -> dict[tuple[str, Scope], list[IndicatorValue]]:
    """The same; a scope to which nothing belongs, such as a section that no place serves, is left out.

    Raises:
        UnknownIndicatorError: There is no such indicator.
        BasisError: An indicator is not told of such a scope, on that basis, or for such periods.
    """
    entries = [indicator(key) for key in keys]
    for entry, scope in product(entries, scopes):
        _check(entry, scope, basis)
    days = [_of_basis(period, basis) for period in periods]
    if not days or not entries or not scopes:
        return {each: [] for each in product(keys, scopes)}
    compared = {entry.key: indicator(entry.of) if entry.measure == "change" else entry for entry in entries}
    amounts = amounts_of(conn, compared.values(), scopes, days, now)
    bases = _bases(conn, amounts, base_year)
    asked = _asked(conn, keys, scopes, days, basis, now)
    hidden = _hidden(conn, entries, scopes, days, bases.values())
    found: dict[tuple[str, Scope], list[IndicatorValue]] = {}
    for entry, scope in product(entries, scopes):
        of = compared[entry.key]
        if (of.key, scope) in amounts:
            held = hidden[entry.key]
            base = bases.get((of.key, str(scope)))
            if base is not None and (scope, base.fiscal_year) in held:
                base = replace(base, small=True)
            told = [answer(entry, of, each, amounts[of.key, scope], base) for each in asked[entry.key, scope]]
            found[entry.key, scope] = [
                without_figures(value) if (scope, value.period.fiscal_year) in held else value for value in told
            ]
    return found


def amounts_of_series(conn: psycopg.Connection, key: str, scope: Scope, period: Period, now: datetime) -> list[Amount]:
    """What is known of ``period``, as a base year keeps it; small cells are not hidden in it.

    Raises:
        UnknownIndicatorError: There is no such indicator.
        UnknownScopeError: There is no such scope.
        BasisError: The indicator is itself a comparison, or is not told of such a scope.
    """
    entry = indicator(key)
    if entry.measure in ("change", "extreme") or scope.kind not in entry.scopes:
        raise BasisError(f"{key} of {scope} can not be a base. Take the indicator that is compared, such as sheets.")
    found = amounts_of(conn, [entry], [scope], [period], now)
    if (key, scope) not in found:
        raise _unknown(scope)
    return found[key, scope]


def _unknown(scope: Scope) -> UnknownScopeError:
    return UnknownScopeError(f"Nothing is known of {scope}. Import the site or the section first.")


def _check(entry: Indicator, scope: Scope, basis: Basis) -> None:
    if scope.kind not in entry.scopes:
        raise BasisError(f"{entry.key} is not told of a {scope.kind}, but of: {', '.join(entry.scopes)}.")
    if basis not in entry.bases:
        raise BasisError(f"{entry.key} is not told on the basis {basis}, but on: {', '.join(entry.bases)}.")


def _of_basis(period: Period, basis: Basis) -> Period:
    wanted = _PERIODS.get(basis)
    if wanted is None or period.kind == wanted:
        return period
    if wanted == "fiscal_year_to_date" and period.kind == "month":
        return to_date(period.first.year, period.first.month)
    raise BasisError(f"The basis {basis} is told for a {wanted.replace('_', ' ')}, not for {period}.")


def _bases(
    conn: psycopg.Connection, asked: Collection[tuple[str, Scope]], year: int | None
) -> dict[tuple[str, str], Base]:
    found = bases_in_force(conn, [(key, str(scope)) for key, scope in asked], year)
    amounts = amounts_of_all(conn, [base.base_year_id for base in found.values()])
    return {
        each: Base(base.fiscal_year, base.published_at is not None, amounts[base.base_year_id])
        for each, base in found.items()
    }


def _asked(
    conn: psycopg.Connection,
    keys: Collection[str],
    scopes: Collection[Scope],
    periods: Sequence[Period],
    basis: Basis,
    now: datetime,
) -> dict[tuple[str, Scope], list[Asked]]:
    """Each single question, with its target."""
    goals = targets_of_all(conn, [(key, str(scope)) for key, scope in product(keys, scopes)])
    by_year = {each: {goal.fiscal_year: goal.value for goal in some} for each, some in goals.items()}
    return {
        (key, scope): [
            Asked(scope, period, basis, today_at(now), by_year[key, str(scope)].get(period.fiscal_year))
            for period in periods
        ]
        for key, scope in product(keys, scopes)
    }


def _hidden(
    conn: psycopg.Connection,
    entries: Sequence[Indicator],
    scopes: Collection[Scope],
    periods: Sequence[Period],
    bases: Collection[Base],
) -> dict[str, frozenset[tuple[Scope, int]]]:
    """What of each indicator is too small to be told, by scope and fiscal year, base years among them."""
    years = {period.fiscal_year for period in periods} | {base.fiscal_year for base in bases}
    rules: set[SmallCells] = {entry.small_cells for entry in entries}
    by_rule = {rule: held_back(conn, rule, scopes, years) for rule in rules}
    return {entry.key: by_rule[entry.small_cells] for entry in entries}
