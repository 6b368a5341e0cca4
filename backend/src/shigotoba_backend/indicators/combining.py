"""Amounts of months put together into what they say of a longer period.

Zero is not missing: a month without an amount leaves the sum and lowers the coverage. A rate is the quotient of two
sums, never the mean of rates. Responsible for this arithmetic. Refuses to fetch and to compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from shigotoba_backend.indicators.model import Amount, Indicator, Reason
from shigotoba_backend.indicators.periods import Period, months_later

PER_CENT = "%"


def telling(amounts: Sequence[Amount], period: Period) -> list[Amount]:
    """The amounts that together say most of ``period`` without overlapping.

    Months where every one is known, else one amount for exactly the period, else what fits beside each other, longest
    first. Values at a point in time stand for themselves.
    """
    inside = [each for each in amounts if each.numerator is not None and _fits(each, period)]
    monthly = [each for each in inside if each.months == 1]
    exact = [each for each in inside if each.first == period.first and each.months == len(period.months)]
    if len(monthly) == len(period.months):
        return monthly
    if exact:
        return exact[-1:]
    chosen: list[Amount] = []
    for each in sorted(inside, key=lambda amount: -amount.months):
        if each.months == 0 or not any(_overlap(each, other) for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda amount: amount.first)


def why_not(amounts: Sequence[Amount], period: Period) -> Reason:
    """Why nothing is told of ``period``: the last reason an amount of it gives, else that there is no data.

    What was withheld goes before any other reason: something is known.
    """
    reasons: list[Reason] = [each.reason for each in amounts if each.reason and _fits(each, period)]
    if "small_cell" in reasons:
        return "small_cell"
    return reasons[-1] if reasons else "no_data"


def _fits(amount: Amount, period: Period) -> bool:
    return period.first <= amount.first < period.beyond and _beyond(amount) <= max(period.beyond, _beyond(amount, 1))


def _beyond(amount: Amount, months: int | None = None) -> date:
    return months_later(amount.first, amount.months if months is None else months)


def _overlap(one: Amount, other: Amount) -> bool:
    return one.first < _beyond(other) and other.first < _beyond(one)


def expected_months(amounts: Sequence[Amount], period: Period, today: date) -> int:
    """Months of ``period`` that have begun and in which there was anything to be known."""
    nothing = {each.first for each in amounts if each.reason in ("no_open_hours", "not_here")}
    return sum(month <= today and month not in nothing for month in period.months)


def combined(
    indicator: Indicator,
    amounts: Sequence[Amount],
    period: Period,
    reason: Reason = "no_data",
    expected: int | None = None,
) -> Amount:
    """One amount for ``period`` from those that ``telling`` chose; missing, for ``reason``, where there are none.

    With ``expected``, coverage is taken of so many months rather than of all.
    """
    if not amounts:
        return Amount(first=period.first, months=len(period.months), numerator=None, reason=reason)
    numerator, denominator = _sums(indicator, amounts, len(period.months))
    late_headcount = indicator.measure == "per_head" and amounts[0].denominator is None
    return Amount(
        first=period.first,
        months=len(period.months),
        numerator=numerator,
        denominator=denominator,
        coverage=_coverage(indicator, amounts, len(period.months) if expected is None else expected),
        estimate=late_headcount or any(each.estimate for each in amounts),
        exclusions="; ".join(dict.fromkeys(part for each in amounts for part in each.exclusions.split("; ") if part)),
        as_of=_newest([each.as_of for each in amounts]),
        revised_at=_newest([each.revised_at for each in amounts]),
        moment=amounts[-1].moment if len(amounts) == 1 else None,
        reason="no_headcount" if late_headcount and denominator is None else "" if numerator is not None else reason,
        partial=any(each.partial for each in amounts),
    )


def _sums(indicator: Indicator, amounts: Sequence[Amount], months: int) -> tuple[float | None, float | None]:
    numerators = [each.numerator for each in amounts if each.numerator is not None]
    denominators = [each.denominator for each in amounts if each.denominator is not None]
    match indicator.measure:
        case "point" | "extreme":
            return amounts[-1].numerator, amounts[-1].denominator
        case "mean":
            return sum(numerators) / len(numerators), None
        case "per_head":
            return sum(numerators), denominators[0] if denominators else None
        case "rate" if len(denominators) < len(amounts):
            # A rate that came without its counts stands for its own months: not for a year, not beside another.
            return (numerators[0], None) if len(amounts) == 1 and amounts[0].months in (0, months) else (None, None)
        case _:
            return sum(numerators), sum(denominators) if len(denominators) == len(amounts) else None


def _coverage(indicator: Indicator, amounts: Sequence[Amount], months: int) -> float | None:
    """The share that is known.

    Figures that people bring have none of their own, but some months may be missing; not of what is asked but once, in
    a survey or of a day.
    """
    told = [(each.coverage, max(each.months, 1)) for each in amounts if each.coverage is not None]
    if told:
        return sum(share * length for share, length in told) / max(months, len(told))
    if indicator.measure in ("point", "extreme") or "survey" in indicator.bases:
        return None
    brought = sum(each.months for each in amounts)
    return brought / months if 0 < brought < months else None


def _newest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def value_of(indicator: Indicator, amount: Amount) -> float | None:
    """What ``amount`` says in the indicator's unit; None where there is nothing to divide by."""
    numerator, denominator = amount.numerator, amount.denominator
    if numerator is None:
        return None
    divides = indicator.measure in ("rate", "per_head", "point") or (
        indicator.measure == "extreme" and indicator.unit == PER_CENT
    )
    if indicator.measure == "per_head" and denominator is None:
        return None
    if not divides or denominator is None:
        return numerator
    return indicator.factor * numerator / denominator if denominator else None


def averaged(amount: Amount, months: int) -> Amount:
    """``amount`` of so many months as that of one."""
    denominator = None if amount.denominator is None else amount.denominator / months
    return msgspec.structs.replace(
        amount, numerator=None if amount.numerator is None else amount.numerator / months, denominator=denominator
    )
