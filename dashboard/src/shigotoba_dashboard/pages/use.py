"""How much places of a kind were used: the rate, day by day, and hour by weekday.

The same section for seats and for booths, which differ in their words alone. Responsible for this section. Refuses
hours outside opening hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from shigotoba_backend.read.seating import Asked, OpenDay, OpenSpace, WeekdayHour
from shigotoba_dashboard.figures.daily import HEIGHT_PX, daily_chart, daily_records, rate_of
from shigotoba_dashboard.figures.week import week_records, week_sentence, week_table
from shigotoba_dashboard.filter_bar import said
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.parts import drawn_chart, drawn_week, rate_lines, section
from shigotoba_dashboard.records import Records


@dataclass(frozen=True)
class UseWords:
    """What the section says of its kind of places, in the reader's language.

    Attributes:
        key: Begins the names of files.
        rate: What the rate is called.
        formula: What is divided by what.
        per_day: Title of the days.
        per_hour: Title of the hours.
    """

    key: str
    rate: str
    formula: str
    per_day: str
    per_hour: str


@dataclass(frozen=True)
class Use:
    """What the section shows.

    Attributes:
        days: Every day of the period that has come.
        spaces: Every place.
        week: Hours of the week.
    """

    days: tuple[OpenDay, ...]
    spaces: tuple[OpenSpace, ...]
    week: tuple[WeekdayHour, ...]


def asked_of(filters: Filters, kind: str) -> Asked:
    """The places and days that an address asks for."""
    period = filters.elapsed
    return Asked(filters.site, kind, filters.floor, period.first, period.last)


def section_of(use: Use, names: UseWords, filters: Filters) -> Component:
    """The section for a period."""
    words, places = filters.words, len(use.spaces)
    return section(
        "use",
        words.say("{rate}, {period}", rate=names.rate, period=said(filters.period, filters)),
        [
            *rate_lines(rate_of(use.days, places), names.formula, words),
            drawn_chart(
                f"{names.key}-daily",
                names.per_day,
                daily_chart(use.days, places, names.per_day, words),
                HEIGHT_PX,
                words,
            ),
            drawn_week(names.per_hour, week_sentence(use.week, words), week_table(use.week, names.per_hour, words)),
        ],
    )


def records(use: Use, names: UseWords, filters: Filters) -> Sequence[Records]:
    """The same as rows."""
    words = filters.words
    return (
        daily_records(f"{names.key}-by-day", use.days, len(use.spaces), names.per_day, words),
        week_records(f"{names.key}-by-hour", use.week, names.per_hour, words),
    )
