"""The stretch of days that a page is about, as it stands in the address.

``FY2026`` is a fiscal year, ``2026-10`` a month, ``4w`` the last four whole weeks, ``2026-10-01..2026-11-20`` a span.
A period that has not ended is shown up to yesterday and today, and says so. Responsible for reading, writing and
naming periods. Refuses to know what data there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shigotoba_dashboard.dates import FIRST_MONTH, NotADayError, era_of, fiscal_year, read_day
from shigotoba_dashboard.formats import fiscal_year_name, full_day
from shigotoba_dashboard.words import Words

Kind = Literal["fiscal_year", "month", "weeks", "span"]

WEEKS: Final = 4
#: Nobody's data are older, and no chart should be asked for more points than three and a half years have days.
LONGEST_DAYS: Final = 1_280
_FISCAL_YEAR: Final = re.compile(r"FY(\d{4})", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


class PeriodError(ValueError):
    """An address asks for no period; ``args[0]`` says why, one of ``unreadable``, ``backwards``, ``too_long``."""


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included.

    Attributes:
        kind: What was asked for.
        first: The first day.
        last: The last day; may lie in the future.
    """

    kind: Kind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        """As in an address."""
        if self.kind == "fiscal_year":
            return f"FY{self.first.year}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{WEEKS}w" if self.kind == "weeks" else f"{self.first}..{self.last}"

    def until(self, day: date) -> Period:
        """The part that has come by ``day``; the first day alone where none has."""
        return Period(self.kind, self.first, max(self.first, min(self.last, day)))


def year_of(first_year: int) -> Period:
    """The fiscal year that begins in ``first_year``.

    Raises:
        ValueError: It lies before the eras we know.
    """
    era_of(first_year)
    begin = date(first_year, FIRST_MONTH, 1)
    return Period("fiscal_year", begin, date(first_year + 1, FIRST_MONTH, 1) - timedelta(days=1))


def month_of(day: date) -> Period:
    """The month of ``day``."""
    first = day.replace(day=1)
    return Period("month", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def last_weeks(today: date, with_today: bool = False) -> Period:
    """The last four weeks: up to yesterday, for today is not over; ``with_today`` for what is listed, not averaged."""
    last = today if with_today else today - timedelta(days=1)
    return Period("weeks", last - timedelta(weeks=WEEKS, days=-1), last)


def read_period(text: str, today: date, with_today: bool = False) -> Period:
    """The period that an address names; ``with_today`` as in ``last_weeks``.

    Raises:
        PeriodError: It names none.
    """
    if found := _FISCAL_YEAR.fullmatch(text):
        return _possible(lambda: year_of(int(found[1])))
    if found := _MONTH.fullmatch(text):
        return _possible(lambda: month_of(date(int(found[1]), int(found[2]), 1)))
    if text == f"{WEEKS}w":
        return last_weeks(today, with_today)
    first, _, last = text.partition("..")
    return read_span(first, last)


def read_span(first: str, last: str) -> Period:
    """The span between two days as a person writes them.

    Raises:
        PeriodError: One of them is no day, they are the wrong way round, or too far apart.
    """
    try:
        period = Period("span", read_day(first), read_day(last))
    except NotADayError as error:
        raise PeriodError("unreadable") from error
    if period.days < 1:
        raise PeriodError("backwards")
    if period.days > LONGEST_DAYS:
        raise PeriodError("too_long")
    return period


def _possible(make: Callable[[], Period]) -> Period:
    try:
        return make()
    except ValueError as error:
        raise PeriodError("unreadable") from error


def choices(today: date, with_today: bool = False) -> tuple[Period, ...]:
    """What a page offers at a click: four weeks, this month and the last, this fiscal year and the last.

    ``with_today`` as in ``last_weeks``.
    """
    month, year = month_of(today), fiscal_year(today)
    return (
        last_weeks(today, with_today),
        month,
        month_of(month.first - timedelta(days=1)),
        year_of(year),
        year_of(year - 1),
    )


def name(period: Period, words: Words) -> str:
    """``2026年度（令和8年度）``, ``2026年10月（令和8年度）``, ``10/24(土)〜11/20(金)``."""
    if period.kind == "fiscal_year":
        return fiscal_year_name(period.first.year, words)
    if period.kind == "month":
        return words.say("{month}/{year}", year=str(period.first.year), month=period.first.month)
    days = words.say("{first} to {last}", first=full_day(period.first, words), last=full_day(period.last, words))
    return words.say("Last 4 weeks ({days})", days=days) if period.kind == "weeks" else days
