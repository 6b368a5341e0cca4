"""Figures month by month: one row per month, one column per figure.

Responsible for this table. Refuses to ask for figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shigotoba_backend.indicators.model import Indicator
from shigotoba_dashboard import told
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.records import Cell, Field, Records, text
from shigotoba_dashboard.words import Words

_FILE_UNITS: Final = {"%": "percent", "A4 sides": "A4_sides"}


def monthly(key: str, caption: str, figures: Sequence[Found], words: Words) -> Records:
    """The figures, which were asked for the same months, newest month first."""
    fields = (text("month", words.say("Month")), *(_field(found.entry, words) for found in figures))
    months = range(len(figures[0].values) - 1, -1, -1)
    rows = tuple(
        (str(figures[0].values[place].period), *(_cell(found, place) for found in figures)) for place in months
    )
    return Records(key, caption, fields, rows)


def _field(entry: Indicator, words: Words) -> Field:
    unit = _FILE_UNITS.get(entry.unit, entry.unit.replace("/", "_per_").replace(" ", "_"))
    return Field(entry.key, told.title(entry, words), unit, _written(entry, words), number=True)


def _written(entry: Indicator, words: Words) -> Callable[[float], str]:
    return lambda value: told.figure(entry, value, words)


def _cell(found: Found, place: int) -> Cell:
    value = found.values[place].value
    return None if value is None else round(value, max(found.entry.decimals, 2))
