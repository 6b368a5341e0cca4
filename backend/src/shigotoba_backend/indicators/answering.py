"""One value with everything that belongs beside it, from the amounts of what was asked.

Responsible for putting together an answer, and for one without figures. Refuses to fetch; the arithmetic is in
``combining`` and ``comparing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from shigotoba_backend.indicators.combining import combined, expected_months, telling, value_of, why_not
from shigotoba_backend.indicators.comparing import Base, Compared, compared
from shigotoba_backend.indicators.model import Amount, Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, months_later
from shigotoba_backend.indicators.scopes import Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the questions; ``target`` is that of its fiscal year."""

    scope: Scope
    period: Period
    basis: Basis
    today: date
    target: float | None


def answer(
    entry: Indicator, of: Indicator, asked: Asked, amounts: Sequence[Amount], base: Base | None
) -> IndicatorValue:
    """What ``amounts`` of the indicator ``of`` say, as a value of ``entry``: the same one, or a comparison of it."""
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


def _told(entry: Indicator, asked: Asked, amount: Amount, value: float | None, beside: Compared) -> IndicatorValue:
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
        partial=amount.partial,
    )


def _change(entry: Indicator, of: Indicator, asked: Asked, both: Compared, *, running: bool) -> IndicatorValue:
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


def without_figures(value: IndicatorValue) -> IndicatorValue:
    """The same for a cell that is too small to be told."""
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
