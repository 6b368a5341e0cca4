"""A period against the base year: only months that both sides have are compared.

With a base that begins in the middle of a year, because a device came in October, that is October to March; the months
are told beside the value (research/workplace.md section 3b). A single month is held against the base year's mean month,
the same month against itself.

Responsible for choosing months and for the difference. Refuses to fetch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shigotoba_backend.indicators.combining import averaged, combined, telling, value_of, why_not
from shigotoba_backend.indicators.model import Amount, BaseFigure, Basis, Indicator, Reason
from shigotoba_backend.indicators.periods import Period, fiscal_year, fiscal_year_of, months_later


@dataclass(frozen=True, slots=True)
class Base:
    """A base year with its amounts; ``small`` if they are about so few people that they may not be told."""

    fiscal_year: int
    published: bool
    amounts: Sequence[Amount]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides over the same months, or the reason why there is nothing to compare.

    Attributes:
        this: What is compared; missing where nothing is.
        base: With what; None where with nothing.
        reason: Why.
    """

    this: Amount
    base: BaseFigure | None
    reason: Reason


def compared(of: Indicator, amounts: Sequence[Amount], base: Base | None, period: Period, basis: Basis) -> Compared:
    """``period`` of the indicator ``of`` beside its base year."""
    this = telling([each for each in amounts if not each.partial], period)
    if not this:
        reason = "no_common_months" if telling(amounts, period) else why_not(amounts, period)
        return Compared(combined(of, this, period, reason), None, reason)
    if base is None:
        return Compared(combined(of, this, period), None, "no_base_year")
    if base.small:
        return Compared(combined(of, this, period), None, "small_cell")
    if basis == "single_month":
        return _beside_mean_month(of, this, base, period)
    mine, theirs = _common(this, telling(base.amounts, _in_year(period, base.fiscal_year)), base.fiscal_year)
    if not mine:
        return Compared(combined(of, this, period), None, "no_common_months")
    return _beside(of, combined(of, mine, period), combined(of, theirs, period), base, _months(theirs))


def _beside_mean_month(of: Indicator, this: Sequence[Amount], base: Base, period: Period) -> Compared:
    whole = telling(base.amounts, fiscal_year(base.fiscal_year))
    if not whole:
        return Compared(combined(of, this, period), None, "no_common_months")
    months = _months(whole)
    mean = averaged(combined(of, whole, fiscal_year(base.fiscal_year)), len(months))
    return _beside(of, combined(of, this, period), mean, base, months)


def _beside(of: Indicator, this: Amount, then: Amount, base: Base, months: tuple[date, ...]) -> Compared:
    value = value_of(of, then)
    if value is None:
        return Compared(this, None, "no_common_months")
    told = BaseFigure(
        fiscal_year=base.fiscal_year, value=value, months=months, estimate=then.estimate, published=base.published
    )
    return Compared(this, told, "" if value else "zero_base")


def _in_year(period: Period, year: int) -> Period:
    months = 12 * (year - period.fiscal_year)
    return Period(period.kind, months_later(period.first, months), months_later(period.beyond, months))


def _common(this: Sequence[Amount], then: Sequence[Amount], base_year: int) -> tuple[list[Amount], list[Amount]]:
    """The stretches of both sides that lie at the same place of their years."""
    shift = {
        (months_later(each.first, 12 * (base_year - fiscal_year_of(each.first))), each.months): each for each in this
    }
    pairs = [(shift[each.first, each.months], each) for each in then if (each.first, each.months) in shift]
    return [mine for mine, _theirs in pairs], [theirs for _mine, theirs in pairs]


def _months(amounts: Sequence[Amount]) -> tuple[date, ...]:
    return tuple(months_later(each.first, offset) for each in amounts for offset in range(max(each.months, 1)))
