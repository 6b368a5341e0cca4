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
from datetime import date, timedelta
from typing import Final

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.eras import era_fiscal_year, era_year, western_year
from shigotoba_backend.imports.widths import ordinary
from shigotoba_backend.indicators.periods import (
    APRIL,
    Period,
    PeriodError,
    day,
    fiscal_year,
    half,
    month,
    quarter,
    to_date,
)
from shigotoba_backend.texts import message

UNREADABLE: Final = message(
    "“{written}” is not a period. Write 2022年度, 令和4年度, R4, 2022-04, R4.4, 令和5年度上半期 or 2023-03-31."
)
CALENDAR_YEAR: Final = message(
    "“{written}” may be a calendar year. Write {year}年度 if you mean April {year} to March {after}."
)
NO_SUCH_DATE: Final = message("“{written}” names a date that does not exist.")
BACKWARDS: Final = message("“{written}” ends before it begins.")


def named(period: Period) -> str:
    """A period as Japanese screens show it: 2022年度（令和4年度）, 2022年4月（令和4年4月）."""
    first, last = period.first, period.beyond - timedelta(days=1)
    year, era = period.fiscal_year, era_fiscal_year(period.fiscal_year)
    return {
        "day": f"{_in_western(first)}（{era_year(first)}）",
        "month": f"{first.year}年{first.month}月（{era_year(first)}{first.month}月）",
        "quarter": f"{year}年度第{(first.month - APRIL) % 12 // 3 + 1}四半期（{era}）",
        "half": f"{year}年度{'上' if first.month == APRIL else '下'}半期（{era}）",
        "fiscal_year": f"{year}年度（{era}）",
        "fiscal_year_to_date": f"{year}年度{first.month}月～{last.month}月（{era}）",
        "span": f"{_in_western(first)}～{_in_western(last)}",
    }[period.kind]


def read_period(text: str) -> Period:
    """The time that ``text`` names.

    Raises:
        ComplaintError: It names none, or more than one; the message says what to write.
    """
    bare = _ASIDE.sub("", ordinary(text))
    for shape, read in _READERS:
        found = shape.fullmatch(bare)
        if found is not None:
            return _checked(read, found, text)
    raise ComplaintError(UNREADABLE, written=text)


def _checked(read: Callable[[re.Match[str]], Period], found: re.Match[str], text: str) -> Period:
    try:
        return read(found)
    except PeriodError as error:
        raise ComplaintError(BACKWARDS, written=text) from error
    except (ValueError, OverflowError) as error:
        raise ComplaintError(NO_SUCH_DATE, written=text) from error


def _fiscal_year(found: re.Match[str]) -> Period:
    return fiscal_year(western_year(found["year"]))


def _calendar_year(found: re.Match[str]) -> Period:
    year = western_year(found["year"])
    raise ComplaintError(CALENDAR_YEAR, written=found.string, year=year, after=year + 1)


def _half(found: re.Match[str]) -> Period:
    return half(western_year(found["year"]), "12上下".index(found["number"]) % 2 + 1)


def _quarter(found: re.Match[str]) -> Period:
    return quarter(western_year(found["year"]), int(found["number"]))


def _month(found: re.Match[str]) -> Period:
    return month(western_year(found["year"]), int(found["month"]))


def _day(found: re.Match[str]) -> Period:
    return day(date(western_year(found["year"]), int(found["month"]), int(found["day"])))


def _years(found: re.Match[str]) -> Period:
    last = fiscal_year(western_year(found["last"], like=found["year"]))
    return Period("span", _fiscal_year(found).first, last.beyond)


def _months(found: re.Match[str]) -> Period:
    first = _month(found)
    last = month(western_year(found["last"]) if found["last"] else first.first.year, int(found["last_month"]))
    so_far = to_date(last.first.year, last.first.month)
    return so_far if so_far.first == first.first else Period("span", first.first, last.beyond)


def _days(found: re.Match[str]) -> Period:
    return Period("span", date.fromisoformat(found["first"]), date.fromisoformat(found["last"]) + timedelta(days=1))


def _in_western(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


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
        (r"(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})/(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2})", _days),
    )
)
