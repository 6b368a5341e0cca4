"""Indicators as people are told them: a value with its unit, its basis, its base, its target, and why there is none.

Responsible for the words around a value of the indicator registry. Refuses to ask for values and to compute them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, runs_of
from shigotoba_dashboard.formats import NOTHING, fiscal_year_name
from shigotoba_dashboard.words import Words, message

_UNITS: Final = {
    "%": message("{number}%"),
    "impressions": message("{number} sides"),
    "sheets": message("{number} sheets"),
    "A4 sides": message("{number} A4 sides"),
    "pages": message("{number} pages"),
    "items": message("{number} items"),
    "seats": message("{number} seats"),
    "h": message("{number} h"),
    "min": message("{number} min"),
    "uses": message("{number} uses"),
    "cases": message("{number} cases"),
    "people": message("{number} people"),
    "seats/person": message("{number} seats per person"),
    "impressions/person": message("{number} sides per person"),
    "sheets/person": message("{number} sheets per person"),
    "stays/seat/day": message("{number} stays per seat and day"),
    "JPY": message("{number} yen"),
    "boxes": message("{number} boxes"),
    "shelves": message("{number} shelves"),
    "payments": message("{number} payments"),
    "units": message("{number} units"),
    "records": message("{number} records"),
}
_BASES: Final = {
    "single_month": message("single month"),
    "same_month": message("against the same month"),
    "fiscal_year_to_date": message("fiscal year to date"),
    "fiscal_year": message("fiscal year"),
    "point_in_time": message("at a date"),
    "survey": message("survey"),
    "as_published": message("as published"),
    "same_period": message("against the same period"),
    "cumulative": message("cumulative"),
    "before_after": message("before and after"),
    "estimate": message("estimate"),
    "lower_bound": message("at least"),
    "target": message("target"),
}
_REASONS: Final = {
    "no_data": message("no data"),
    "no_open_hours": message("no opening hours"),
    "no_headcount": message("no headcount"),
    "no_base_year": message("no base year set"),
    "zero_base": message("the base is zero"),
    "zero_denominator": message("nothing to divide by"),
    "no_common_months": message("no month in common with the base year"),
    "small_cell": message("hidden: fewer than 5 people"),
    "not_over": message("the month is not over"),
    "not_here": message("not told here"),
}
#: What indicators leave out by themselves, as they put it before the number.
_LEFT_OUT: Final = {
    "printers that do not count it": message("{number} printers that do not count it"),
    "rises held for a person": message("{number} counter rises that wait for a person"),
    "bookings whose outcome could not be seen": message("{number} bookings whose outcome could not be seen"),
}
#: There is a base year; the reason says why it stands beside nothing.
_COMPARED_WITH_NOTHING: Final = frozenset({"no_common_months", "not_over", "small_cell"})
_MINUS: Final = "−"


def title(entry: Indicator, words: Words) -> str:
    """What the indicator is called."""
    return entry.name if words.language == "ja" else entry.name_en


def definition(entry: Indicator, words: Words) -> str:
    """What it says and leaves out."""
    return entry.definition if words.language == "ja" else entry.definition_en


def figure(entry: Indicator, value: float | None, words: Words) -> str:
    """A number of the indicator with its unit; a dash where there is none."""
    if value is None:
        return NOTHING
    digits = f"{abs(value):,.{entry.decimals}f}"
    written = f"{_MINUS}{digits}" if value < 0 and digits.strip("0.,") else digits
    return words.say(_UNITS.get(entry.unit, "{number} " + entry.unit), number=written)


def unit(entry: Indicator, words: Words) -> str:
    """The unit as it stands behind a number."""
    return unit_name(entry.unit, words)


def unit_name(code: str, words: Words) -> str:
    """A unit of the registry in the reader's language."""
    return words.say(_UNITS.get(code, "{number} " + code), number="").strip()


def file_unit(code: str) -> str:
    """A unit of the registry as the header of a file names it."""
    return "percent" if code == "%" else code.replace(" ", "_").replace("/", "_per_")


def told(entry: Indicator, value: IndicatorValue, words: Words) -> str:
    """The value; the dash says why it stands there."""
    if value.value is None:
        return words.say("— ({reason})", reason=why(value, words))
    estimate = words.say("(estimate)") if value.estimate else ""
    return f"{figure(entry, value.value, words)} {estimate}".strip()


def why(value: IndicatorValue, words: Words) -> str:
    """Why there is no value; empty where there is one."""
    return reason(value.reason, words)


def reason(code: str, words: Words) -> str:
    """A reason in words; nothing for none."""
    return words.say(_REASONS.get(code, code)) if code else ""


def exclusions(value: IndicatorValue, words: Words) -> str:
    """What it leaves out: found by the indicators, in the reader's language; written by people, as they wrote it."""
    return "; ".join(_left_out(part, words) for part in value.exclusions.split("; ") if part)


def _left_out(part: str, words: Words) -> str:
    what, colon, number = part.rpartition(": ")
    return words.say(_LEFT_OUT[what], number=number) if colon and what in _LEFT_OUT else part


def basis(value: IndicatorValue, words: Words) -> str:
    """On which basis, and for when: ``年度累計 2026年10月まで``."""
    return words.say(
        "{basis}, {period}", basis=words.say(_BASES.get(value.basis, value.basis)), period=when(value.period, words)
    )


def basis_name(code: str, words: Words) -> str:
    """What a basis is called."""
    return words.say(_BASES.get(code, code))


def when(period: Period, words: Words) -> str:
    """The period as people call it."""
    last = _last_month(period)
    if period.kind == "fiscal_year":
        return fiscal_year_name(period.fiscal_year, words)
    if period.kind == "fiscal_year_to_date":
        return words.say("April to {month}/{year}", month=last.month, year=str(last.year))
    return words.say("{month}/{year}", year=str(period.first.year), month=period.first.month)


def _last_month(period: Period) -> date:
    return period.months[-1]


def base(entry: Indicator, value: IndicatorValue, words: Words) -> str:
    """What it is compared with: the base year, its figure, and which months both sides have."""
    if value.base is None:
        return "" if value.reason in _COMPARED_WITH_NOTHING else words.say("no base year set")
    year = fiscal_year_name(value.base.fiscal_year, words)
    if entry.measure == "change":
        return words.say("against {year} {months}", year=year, months=_months(value, words))
    against = figure(entry, value.base.value, words)
    return words.say("{year}: {value} {months}", year=year, value=against, months=_months(value, words))


def _months(value: IndicatorValue, words: Words) -> str:
    if value.base is None or len(value.base.months) >= len(value.period.months):
        return ""
    runs = [_run(first.month, last.month, words) for first, last in runs_of(value.base.months)]
    return words.say("(covers {months})", months=words.say(", ").join(runs))


def _run(first: int, last: int, words: Words) -> str:
    if first == last:
        return words.say("month {month}", month=first)
    return words.say("months {first} to {last}", first=first, last=last)


def target(entry: Indicator, value: IndicatorValue, words: Words) -> str:
    """The year's target and whether it is reached."""
    if value.target is None:
        return words.say("no target set")
    goal = figure(entry, value.target, words)
    if value.value is None or entry.direction == "none":
        return words.say("target {goal}", goal=goal)
    reached = value.value >= value.target if entry.direction == "up" else value.value <= value.target
    if reached:
        return words.say("○ target {goal} reached", goal=goal)
    gap = _distance(entry, abs(value.value - value.target), words)
    return words.say("△ target {goal}, {gap} to go", goal=goal, gap=gap)


def as_of_day(at: datetime, zone: ZoneInfo, words: Words) -> str:
    """The moment up to which the data reach."""
    local = at.astimezone(zone)
    return words.say("as of {month}/{day} {time}", month=local.month, day=local.day, time=f"{local:%H:%M}")


def turn(entry: Indicator, now: float | None, before: float | None, words: Words) -> str:
    """What changed since the period before."""
    if now is None or before is None:
        return ""
    step = now - before
    if abs(step) < 0.5 * 10**-entry.decimals:
        return words.say("→ as the month before")
    moved = _distance(entry, abs(step), words)
    text = message("↑ {step} on the month before") if step > 0 else message("↓ {step} on the month before")
    return words.say(text, step=moved)


def _distance(entry: Indicator, step: float, words: Words) -> str:
    """How far two values are apart: of shares in points, for per cent would be of the share."""
    if entry.unit != "%":
        return figure(entry, step, words)
    return words.say("{points} points", points=f"{step:.{entry.decimals}f}")
