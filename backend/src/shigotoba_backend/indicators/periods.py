"""Stretches of days that figures are told for: months, fiscal years, fiscal years so far.

A fiscal year is named after the calendar year it begins in and runs from 1 April to 31 March (research/workplace.md
section 3b). Days are days of the site; when one begins is for whoever knows the site's time zone.

Responsible for days. Refuses instants, and to show a period to people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

PeriodKind = Literal["day", "month", "quarter", "half", "fiscal_year", "fiscal_year_to_date", "span"]

APRIL: Final = 4
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "fiscal_year": 12}
_TEXTS: Final[dict[PeriodKind, str]] = {
    "day": "{first}",
    "month": "{first:%Y-%m}",
    "quarter": "FY{year} Q{quarter}",
    "half": "FY{year} H{half}",
    "fiscal_year": "FY{year}",
    "fiscal_year_to_date": "FY{year}/{last:%Y-%m}",
    "span": "{first}/{last}",
}
_TEXT: Final = re.compile(
    r"(?P<month>\d{4}-\d{2})|FY(?P<year>\d{4})(?:/(?P<until>\d{4}-\d{2})| Q(?P<quarter>[1-4])| H(?P<half>[12]))?"
    r"|(?P<first>\d{4}-\d{2}-\d{2})(?:/(?P<last>\d{4}-\d{2}-\d{2}))?"
)


class PeriodError(ValueError):
    """Days that make no period, or a text that names none; the message says what one looks like."""


class Period(msgspec.Struct, frozen=True, order=True):
    """Days from ``first`` up to, not including, ``beyond``."""

    kind: PeriodKind
    first: date
    beyond: date

    def __post_init__(self) -> None:
        """Refuses a period without a day.

        Raises:
            PeriodError: ``beyond`` is not after ``first``.
        """
        if self.beyond <= self.first:
            raise PeriodError(f"A period ends after it begins, but this one is from {self.first} up to {self.beyond}.")

    def __str__(self) -> str:
        return _TEXTS[self.kind].format(
            first=self.first,
            last=self.beyond - timedelta(days=1),
            year=self.fiscal_year,
            quarter=(self.first.month - APRIL) % 12 // 3 + 1,
            half=(self.first.month - APRIL) % 12 // 6 + 1,
        )

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of such a text as ``str`` gives.

        Raises:
            PeriodError: It names none.
        """
        found = _TEXT.fullmatch(text)
        try:
            return _read(found.groupdict()) if found else _unreadable(text)
        except ValueError as error:
            raise PeriodError(
                f"“{text}” names no period. Write 2026-10, FY2026, FY2026/2026-10 (April up to October), FY2026 Q1, "
                "2026-10-01 or 2026-10-01/2026-10-15."
            ) from error

    @property
    def fiscal_year(self) -> int:
        """The one it begins in."""
        return fiscal_year_of(self.first)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months it has a day of."""
        return tuple(months_between(self.first, self.beyond))


def fiscal_year_of(day: date) -> int:
    """The fiscal year ``day`` is in."""
    return day.year if day.month >= APRIL else day.year - 1


def fiscal_year_at(moment: datetime, time_zone: str) -> int:
    """The fiscal year in that zone at that instant; a new one begins at its own midnight, not at that of UTC."""
    return fiscal_year_of(moment.astimezone(ZoneInfo(time_zone)).date())


def months_between(first: date, beyond: date) -> Iterator[date]:
    """The first days of the months that have a day from ``first`` up to, not including, ``beyond``."""
    month_first = first.replace(day=1)
    while month_first < beyond:
        yield month_first
        month_first = months_later(month_first, 1)


def months_later(day: date, months: int) -> date:
    """The first day of the month that comes so many after that of ``day``; before it, where negative."""
    years, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month_index + 1, 1)


def runs_of(months: Sequence[date]) -> list[tuple[date, date]]:
    """First and last month of each run of ``months`` (in order, by their first days) that follow on each other."""
    runs: list[tuple[date, date]] = []
    for each in months:
        follows = bool(runs) and months_later(runs[-1][1], 1) == each
        runs = [*runs[:-1], (runs[-1][0], each)] if follows else [*runs, (each, each)]
    return runs


def month(year: int, number: int) -> Period:
    """A calendar month."""
    return _whole("month", date(year, number, 1))


def quarter(year: int, number: int) -> Period:
    """A quarter of a fiscal year; the first begins in April."""
    return _whole("quarter", months_later(date(year, APRIL, 1), 3 * (number - 1)))


def half(year: int, number: int) -> Period:
    """A half of a fiscal year; the first begins in April."""
    return _whole("half", months_later(date(year, APRIL, 1), 6 * (number - 1)))


def fiscal_year(year: int) -> Period:
    """1 April of ``year`` to 31 March of the next."""
    return _whole("fiscal_year", date(year, APRIL, 1))


def to_date(year: int, number: int) -> Period:
    """From April of its fiscal year up to that month, itself included."""
    last = date(year, number, 1)
    return Period("fiscal_year_to_date", date(fiscal_year_of(last), APRIL, 1), months_later(last, 1))


def day(of: date) -> Period:
    """One day."""
    return Period("day", of, of + timedelta(days=1))


def _whole(kind: Literal["month", "quarter", "half", "fiscal_year"], first: date) -> Period:
    return Period(kind, first, months_later(first, _MONTHS[kind]))


def _read(found: dict[str, str | None]) -> Period:
    if text := found["month"]:
        return _whole("month", date.fromisoformat(f"{text}-01"))
    if text := found["first"]:
        first = date.fromisoformat(text)
        last = found["last"]
        return Period("span", first, date.fromisoformat(last) + timedelta(days=1)) if last else day(first)
    year = int(found["year"] or 0)
    if text := found["until"]:
        until = date.fromisoformat(f"{text}-01")
        return to_date(until.year, until.month) if fiscal_year_of(until) == year else _unreadable(text)
    if number := found["quarter"]:
        return quarter(year, int(number))
    return half(year, int(found["half"])) if found["half"] else fiscal_year(year)


def _unreadable(text: str) -> Period:
    raise ValueError(text)
