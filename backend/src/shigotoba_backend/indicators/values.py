"""Values of indicators: for a scope, for periods, on a basis, with everything that belongs beside them.

Responsible for the question and the whole of its answer. The arithmetic is in ``combining`` and ``comparing``, the
amounts come from ``telemetry`` and ``imports``, what is too small to be told from ``cells``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
from msgspec.structs import replace

from shigotoba_backend.imports.amounts import amounts as imported
from shigotoba_backend.indicators import bases
from shigotoba_backend.indicators.cells import hidden_years
from shigotoba_backend.indicators.combining import combined, expected_months, telling, value_of, why_not
from shigotoba_backend.indicators.comparing import Base, Compared, compared
from shigotoba_backend.indicators.model import Amount, Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, PeriodKind, months_later, to_date
from shigotoba_backend.indicators.places import place_of
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import targets
from shigotoba_backend.indicators.telemetry.series import SERIES
from shigotoba_backend.indicators.telemetry.stretches import Stretch

_PERIODS: Final[dict[Basis, PeriodKind]] = {
    "single_month": "month",
    "same_month": "month",
    "fiscal_year_to_date": "fiscal_year_to_date",
    "fiscal_year": "fiscal_year",
}
"""Which kind of period a basis is told for; the others are told for any."""

_JAPAN: Final = ZoneInfo("Asia/Tokyo")
"""Months and fiscal years are over when they are over in Japan."""


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
    entry = indicator(key)
    _check(entry, scope, basis)
    asked = [_of_basis(period, basis) for period in periods]
    if not asked:
        return []
    of = indicator(entry.of) if entry.measure == "change" else entry
    amounts = _amounts(conn, of, scope, asked, now)
    base = _base(conn, of.key, scope, base_year)
    goals = {goal.fiscal_year: goal.value for goal in targets(conn, key, str(scope))}
    values = [
        _value(entry, of, _Asked(scope, period, basis, _today(now), goals.get(period.fiscal_year)), amounts, base)
        for period in asked
    ]
    hidden = hidden_years(conn, entry.small_cells, scope, (period.fiscal_year for period in asked))
    return [_without_figures(value) if value.period.fiscal_year in hidden else value for value in values]


def amounts_between(
    conn: psycopg.Connection, key: str, scope: Scope, stretches: Sequence[Stretch], now: datetime
) -> list[Amount]:
    """What telemetry knows of each stretch of days, such as of days or weeks; small cells are not hidden in it.

    Raises:
        UnknownScopeError: There is no such scope.
        KeyError: Telemetry does not feed that indicator.
    """
    place = place_of(conn, scope, max(stretch.beyond for stretch in stretches) - timedelta(days=1))
    return SERIES[key](conn, place, stretches, now)


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
    return _amounts(conn, entry, scope, [period], now)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One of the questions."""

    scope: Scope
    period: Period
    basis: Basis
    today: date
    target: float | None


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


def _amounts(
    conn: psycopg.Connection, of: Indicator, scope: Scope, periods: Sequence[Period], now: datetime
) -> list[Amount]:
    if of.source == "import":
        return imported(conn, of.key, scope, min(p.first for p in periods), max(p.beyond for p in periods))
    stretches = _stretches(of, periods, now)
    return amounts_between(conn, of.key, scope, stretches, now) if stretches else []


def _stretches(of: Indicator, periods: Sequence[Period], now: datetime) -> list[Stretch]:
    """Extremes are asked for whole periods, everything else for months, so that each month is asked for once."""
    today = _today(now)
    if of.measure == "extreme":
        return [Stretch(period.first, period.beyond) for period in periods if period.first <= today]
    months = sorted({month for period in periods for month in period.months})
    return [Stretch(month, months_later(month, 1)) for month in months if month <= today]


def _today(now: datetime) -> date:
    return now.astimezone(_JAPAN).date()


def _base(conn: psycopg.Connection, key: str, scope: Scope, year: int | None) -> Base | None:
    found = bases.base_of(conn, key, str(scope), year)
    if found is None:
        return None
    amounts = bases.amounts_of(conn, found.base_year_id)
    return Base(found.fiscal_year, found.published_at is not None, amounts)


def _value(
    entry: Indicator, of: Indicator, asked: _Asked, amounts: Sequence[Amount], base: Base | None
) -> IndicatorValue:
    if entry.measure == "change":
        over = [each for each in amounts if _is_over(each, asked.today)]
        both = compared(of, over, base, asked.period, asked.basis)
        return _change(entry, of, asked, both, running=not over and bool(amounts))
    beside = compared(of, amounts, base, asked.period, asked.basis)
    expected = expected_months(amounts, asked.period, asked.today)
    whole = combined(of, telling(amounts, asked.period), asked.period, why_not(amounts, asked.period), expected)
    return _told(entry, asked, whole, value_of(of, whole), beside)


def _is_over(amount: Amount, today: date) -> bool:
    return months_later(amount.first, amount.months) <= today


def _told(entry: Indicator, asked: _Asked, amount: Amount, value: float | None, beside: Compared) -> IndicatorValue:
    reason = amount.reason or ("zero_denominator" if value is None else "")
    return IndicatorValue(
        key=entry.key,
        scope=asked.scope,
        period=asked.period,
        basis=asked.basis,
        value=value,
        unit=entry.unit,
        numerator=amount.numerator,
        denominator=amount.denominator,
        coverage=amount.coverage,
        estimate=amount.estimate,
        exclusions=amount.exclusions,
        base=beside.base,
        target=asked.target,
        moment=amount.moment,
        as_of=amount.as_of,
        revised_at=amount.revised_at,
        reason=reason,
    )


def _change(entry: Indicator, of: Indicator, asked: _Asked, both: Compared, *, running: bool) -> IndicatorValue:
    """The numerator is the compared value, the denominator that of the base."""
    this = value_of(of, both.this)
    base = None if both.base is None else both.base.value
    value = 100 * (this - base) / base if this is not None and base else None
    told = _told(entry, asked, both.this, value, both)
    reason = "not_over" if running else both.reason or told.reason
    return replace(
        told,
        numerator=this,
        denominator=base,
        estimate=told.estimate or (both.base is not None and both.base.estimate),
        reason="" if value is not None else reason,
    )


def _without_figures(value: IndicatorValue) -> IndicatorValue:
    return IndicatorValue(
        key=value.key,
        scope=value.scope,
        period=value.period,
        basis=value.basis,
        value=None,
        unit=value.unit,
        target=value.target,
        reason="small_cell",
    )
