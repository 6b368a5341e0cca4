"""Years of Japanese eras and Western years.

Responsible for the arithmetic and for 元, the first year. Refuses to doubt a year beyond an era's end: 平成32年度 is
2020.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_BEFORE_FIRST: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_BEGAN: Final = (("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)), ("昭和", date(1926, 12, 25)))
_IN_ERA: Final = re.compile(r"(?P<era>令和|平成|昭和|[RHS]) ?(?P<year>元|[0-9]{1,2})")


def western_year(written: str, like: str = "") -> int:
    """The Western year of ``R4``, ``令和元`` or ``2022``; a bare ``4`` counts as in ``like``, such as ``R3``.

    Raises:
        ValueError: It is none of these.
    """
    in_era = _IN_ERA.fullmatch(written.upper())
    if in_era is not None:
        return _BEFORE_FIRST[in_era["era"]] + (1 if in_era["year"] == "元" else int(in_era["year"]))
    if len(written) == 4 and written.isdigit():
        return int(written)
    base = _IN_ERA.fullmatch(like.upper())
    return int(written) + (_BEFORE_FIRST[base["era"]] if base is not None else int(like) // 100 * 100)


def era_year(on: date) -> str:
    """The year of the era: 令和4年, 令和元年; the Western year before any era that is still counted in."""
    for era, began in _BEGAN:
        if on >= began:
            year = on.year - _BEFORE_FIRST[era]
            return f"{era}{'元' if year == 1 else year}年"
    return f"{on.year}年"


def era_fiscal_year(year: int) -> str:
    """The fiscal year in the era that most of it is in: 2019 is 令和元年度 throughout."""
    return era_year(date(year, 5, 1)) + "度"
