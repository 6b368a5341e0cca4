"""Days, fiscal years and eras, as the clocks of the site's zone count them.

Responsible for arithmetic on dates. Refuses words: how a fiscal year is written is the catalogue's business.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

FIRST_MONTH: Final = 4


class Era(NamedTuple):
    """A year of an era.

    Attributes:
        name: In Japanese, e.g. ``令和``.
        romanised: e.g. ``Reiwa``.
        year: 1 is written 元 in Japanese.
    """

    name: str
    romanised: str
    year: int


#: The first fiscal year that bears each era's name, newest first. A fiscal year has one name throughout: April 2019
#: belongs to 令和元年度, though 令和 began on 1 May.
_ERAS: Final = ((2019, "令和", "Reiwa"), (1989, "平成", "Heisei"))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which ``day`` begins in ``zone``, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def fiscal_year(day: date) -> int:
    """The western year in which the fiscal year of ``day`` began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def fiscal_year_at(at: datetime, zone: ZoneInfo) -> int:
    """The fiscal year of the moment ``at`` as the clocks of ``zone`` show it."""
    return fiscal_year(at.astimezone(zone).date())


def era_of(year: int) -> Era:
    """The era year of the fiscal year that begins in ``year``.

    Raises:
        ValueError: The year lies before 平成元年度 (1989); no data of ours does.
    """
    for first, name, romanised in _ERAS:
        if year >= first:
            return Era(name, romanised, year - first + 1)
    raise ValueError(f"Fiscal year {year} lies before 1989; eras are known from 平成元年度 on.")


#: The first day of each era and its initial, newest first; days bear the era that reigns on them.
_ERA_DAYS: Final = ((date(2019, 5, 1), "令和", "R"), (date(1989, 1, 8), "平成", "H"))
_DAY: Final = re.compile(
    r"(?:(?P<era>令和|平成|R|H)(?P<era_year>元|\d{1,2})|(?P<year>\d{4}))[年/.-](?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})日?",
    re.IGNORECASE,
)


class NotADayError(ValueError):
    """A text is not a day; the message is the text."""


def read_day(text: str) -> date:
    """The day that a person wrote: ``2026-11-20``, ``2026/11/20``, ``令和8年11月20日``, ``R8.11.20``, in any width.

    Raises:
        NotADayError: It is none of these, or there is no such day, or the era had not begun.
    """
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        raise NotADayError(text)
    try:
        return _era_day(found) if found["era"] else date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise NotADayError(text) from error


def _era_day(found: re.Match[str]) -> date:
    first = next(first for first, name, initial in _ERA_DAYS if found["era"].upper() in {name, initial})
    number = 1 if found["era_year"] == "元" else int(found["era_year"])
    day = date(first.year + number - 1, int(found["month"]), int(found["day"]))
    if number < 1 or day < first:
        raise ValueError("before the era began")
    return day
