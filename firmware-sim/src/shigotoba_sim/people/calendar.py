"""The working days of a Japanese public body.

Saturdays, Sundays, the national holidays and the year-end closure of 29 December to 3 January (地方自治法 4条の2, the
law on the holidays of local governments) are off. Responsible for which day is which, and what it is called. Refuses
to know hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

from shigotoba_sim.clock import next_day

_NATIONAL: Final = holidays.country_holidays("JP", language="ja")
_IN_ENGLISH: Final = holidays.country_holidays("JP", language="en_US")
_LAST_DAYS: Final = 3


@lru_cache(maxsize=1024)
def is_working_day(day: date) -> bool:
    """Whether the office is open on ``day``."""
    closed_for_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not closed_for_new_year and day not in _NATIONAL


def days_off(first: date, end: date) -> Iterator[tuple[date, str, str]]:
    """Weekdays from ``first`` up to, not including, ``end`` on which the office is closed: day, name, English name."""
    day = first
    while day < end:
        if day.weekday() < 5 and not is_working_day(day):
            yield day, _NATIONAL.get(day, "年末年始"), _IN_ENGLISH.get(day, "New Year closure")
        day = next_day(day)


def is_month_end(day: date) -> bool:
    """Whether ``day`` is one of the last three working days of its month, when the accounts are closed."""
    left, later = 0, next_day(day)
    while later.month == day.month and left < _LAST_DAYS:
        left += is_working_day(later)
        later = next_day(later)
    return left < _LAST_DAYS
