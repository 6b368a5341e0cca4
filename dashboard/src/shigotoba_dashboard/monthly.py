"""Figures month by month: one row per month, one column per figure. A month leads to its rows.

Responsible for this table. Refuses to ask for figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from shigotoba_backend.indicators.model import Indicator
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.periods import month_of
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.records import Cell, Field, Records, text
from shigotoba_dashboard.words import Words

_FILE_UNITS: Final = {"%": "percent", "A4 sides": "A4_sides"}


def monthly(path: str, key: str, caption: str, figures: Sequence[Found], filters: Filters) -> Records:
    """The figures, which were asked for the same months, newest month first; a month leads to its page at ``path``."""
    words = filters.words
    fields = (text("month", words.say("Month")), *(_field(found.entry, words) for found in figures))
    periods = [value.period for value in reversed(figures[0].values)]
    places = range(len(periods) - 1, -1, -1)
    rows = tuple(
        (str(period), *(_cell(found, place) for found in figures))
        for period, place in zip(periods, places, strict=True)
    )
    links = tuple(replace(filters, period=month_of(period.first)).address(path) for period in periods)
    return Records(key, caption, fields, rows, links)


def _field(entry: Indicator, words: Words) -> Field:
    unit = _FILE_UNITS.get(entry.unit, entry.unit.replace("/", "_per_").replace(" ", "_"))
    return Field(entry.key, told.title(entry, words), unit, _written(entry, words), number=True)


def _written(entry: Indicator, words: Words) -> Callable[[float], str]:
    return lambda value: told.figure(entry, value, words)


def _cell(found: Found, place: int) -> Cell:
    value = found.values[place].value
    return None if value is None else round(value, max(found.entry.decimals, 2))
