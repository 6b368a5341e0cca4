"""When a reported figure is from, read from what people write.

Read are Western and era years in every usual spelling: 2022年度, FY2022, 令和５年度, R4, R元, H31, 2022年4月,
R5.10, 2022-04, 令和5年度上半期, R4年度第1四半期, 令和3～4年度, R5.3.31. The fiscal year runs from April to March.
An era's year is arithmetic: H31 and R元 are both the fiscal year 2019, and 平成32年度, which plans of the time did
print, is 2020.

Responsible for reading and naming one such time. Refuses years that may be calendar years: 2022年 is not 2022年度.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.eras import era_fiscal_year, era_year, western_year
from shigotoba_backend.imports.widths import ordinary

UNREADABLE: Final = (
    "“{text}” is not a period. Write 2022年度, 令和4年度, R4, 2022-04, R4.4, 令和5年度上半期 or 2023-03-31."
)
CALENDAR_YEAR: Final = "“{text}” may be a calendar year. Write {year}年度 if you mean April {year} to March {after}."
NO_SUCH_DATE: Final = "“{text}” names a date that does not exist."
BACKWARDS: Final = "“{text}” ends before it begins."


class Reported(msgspec.Struct, frozen=True, order=True):
    """Whole months from ``first``, or the day ``first`` itself where ``months`` is 0."""

    first: date
    months: int

    @property
    def beyond(self) -> date:
        """The day after its last month; for a day, that day."""
        return months_later(self.first, self.months) if self.months else self.first

    def __str__(self) -> str:
        """``FY2022``, ``FY2022 H1``, ``FY2022 Q3``, ``2022-04``, ``2022-04-01`` or ``2022-04/2022-12``."""
        year, into_year = fiscal_year_of(self.first), _months_into_year(self.first)
        if self.months == 0:
            return self.first.isoformat()
        if self.months == 1:
            return f"{self.first:%Y-%m}"
        if self.months == 12 and into_year == 0:
            return f"FY{year}"
        if self.months in (3, 6) and into_year % self.months == 0:
            return f"FY{year} {'Q' if self.months == 3 else 'H'}{into_year // self.months + 1}"
        return f"{self.first:%Y-%m}/{months_later(self.beyond, -1):%Y-%m}"

    def japanese(self) -> str:
        """As screens show it: 2022年度（令和4年度）, 2022年4月（令和4年4月）."""
        year, into_year = fiscal_year_of(self.first), _months_into_year(self.first)
        if self.months == 0:
            return f"{self.first.year}年{self.first.month}月{self.first.day}日（{era_year(self.first)}）"
        if self.months == 1:
            return f"{self.first.year}年{self.first.month}月（{era_year(self.first)}{self.first.month}月）"
        if self.months == 12 and into_year == 0:
            return f"{year}年度（{era_fiscal_year(year)}）"
        if self.months == 6 and into_year % 6 == 0:
            return f"{year}年度{'下' if into_year else '上'}半期（{era_fiscal_year(year)}）"
        if self.months == 3 and into_year % 3 == 0:
            return f"{year}年度第{into_year // 3 + 1}四半期（{era_fiscal_year(year)}）"
        return f"{Reported(self.first, 1).japanese()}から{self.months}か月"


def day(on: date) -> Reported:
    """One day."""
    return Reported(on, 0)


def month(year: int, number: int) -> Reported:
    """A month of a calendar year, ``number`` from 1."""
    return Reported(date(year, number, 1), 1)


def fiscal_year(year: int) -> Reported:
    """April of ``year`` to March of the next."""
    return Reported(date(year, 4, 1), 12)


def fiscal_year_of(on: date) -> int:
    """The fiscal year that ``on`` is in."""
    return on.year if on.month >= 4 else on.year - 1


def months_later(on: date, months: int) -> date:
    """The first day of the month that many months after that of ``on``."""
    years, month_index = divmod(on.month - 1 + months, 12)
    return date(on.year + years, month_index + 1, 1)


def read_period(text: str) -> Reported:
    """The time that ``text`` names.

    Raises:
        ComplaintError: It names none, or more than one; the message says what to write.
    """
    bare = _ASIDE.sub("", ordinary(text))
    for shape, read in _READERS:
        found = shape.fullmatch(bare)
        if found is not None:
            return _checked(read, found, text)
    raise ComplaintError(UNREADABLE, text=text)


def _checked(read: Callable[[re.Match[str]], Reported], found: re.Match[str], text: str) -> Reported:
    try:
        reported = read(found)
    except (ValueError, OverflowError) as error:
        raise ComplaintError(NO_SUCH_DATE, text=text) from error
    if reported.months < 0:
        raise ComplaintError(BACKWARDS, text=text)
    return reported


def _fiscal_year(found: re.Match[str]) -> Reported:
    return fiscal_year(western_year(found["year"]))


def _calendar_year(found: re.Match[str]) -> Reported:
    year = western_year(found["year"])
    raise ComplaintError(CALENDAR_YEAR, text=found.string, year=year, after=year + 1)


def _half(found: re.Match[str]) -> Reported:
    number = "12上下".index(found["number"]) % 2
    return Reported(months_later(_fiscal_year(found).first, 6 * number), 6)


def _quarter(found: re.Match[str]) -> Reported:
    return Reported(months_later(_fiscal_year(found).first, 3 * (int(found["number"]) - 1)), 3)


def _month(found: re.Match[str]) -> Reported:
    return month(western_year(found["year"]), int(found["month"]))


def _day(found: re.Match[str]) -> Reported:
    return day(date(western_year(found["year"]), int(found["month"]), int(found["day"])))


def _years(found: re.Match[str]) -> Reported:
    first = western_year(found["year"])
    return Reported(fiscal_year(first).first, 12 * (western_year(found["last"], like=found["year"]) - first + 1) or -1)


def _months(found: re.Match[str]) -> Reported:
    first = _month(found).first
    year = western_year(found["last"]) if found["last"] else first.year
    last = month(year, int(found["last_month"])).first
    return Reported(first, (last.year - first.year) * 12 + last.month - first.month + 1 or -1)


def _months_into_year(on: date) -> int:
    return (on.month - 4) % 12


_ASIDE: Final = re.compile(r" *(?:\([^()]*\)|時点|現在|実績|分|末)$")
_ERA: Final = "(?:令和|平成|昭和|[RHSrhs]) ?(?:元|[0-9]{1,2})"
_YEAR: Final = f"(?P<year>{_ERA}|[0-9]{{4}})"
_MONTH: Final = r"(?:年 *|[-/.])(?P<month>[0-9]{1,2})"
_LAST_YEAR: Final = rf"(?:(?P<last>{_ERA}|[0-9]{{4}})(?:年 *|[-/.]))"
_READERS: Final = tuple(
    (re.compile(shape, re.IGNORECASE), read)
    for shape, read in (
        (rf"(?:FY *)?{_YEAR}(?:年?度)?", _fiscal_year),
        (rf"{_YEAR}年", _calendar_year),
        (rf"FY *{_YEAR} *H(?P<number>[12])", _half),
        (rf"{_YEAR}年?度 *の?(?P<number>[上下])(?:半期|期)", _half),
        (rf"FY *{_YEAR} *Q(?P<number>[1-4])", _quarter),
        (rf"{_YEAR}年?度 *の?第 *(?P<number>[1-4]) *四半期", _quarter),
        (rf"{_YEAR}{_MONTH}月?", _month),
        (rf"{_YEAR}{_MONTH}(?:月 *|[-/.])(?P<day>[0-9]{{1,2}})日?", _day),
        (rf"(?:FY *)?{_YEAR}(?:年?度)? *[~〜-] *(?:FY *)?(?P<last>{_ERA}|[0-9]{{4}}|[0-9]{{1,2}})年?度", _years),
        (rf"FY *{_YEAR} *[~〜-] *(?:FY *)?(?P<last>[0-9]{{4}})", _years),
        (rf"{_YEAR}{_MONTH}月? *[~〜/] *{_LAST_YEAR}?(?P<last_month>[0-9]{{1,2}})月?", _months),
    )
)
