"""Days, fiscal years and eras, as the clocks of the site's zone count them.

Responsible for arithmetic on dates. Refuses words: how a fiscal year is written is the catalogue's business.
"""

from __future__ import annotations

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
