"""Figures of the newest month, each with what was divided by what, how much is known, and what it means.

Responsible for this list, which stands above the same figures month by month. Refuses to ask for figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import percent
from shigotoba_dashboard.pages.behind.number import rows_behind
from shigotoba_dashboard.parts import linked_number
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.words import Words

#: Where both sides of the division are things that can be counted, they are shown; hours and seconds are not.
_COUNTED: Final = frozenset({"seat_ratio", "booth_no_show_rate", "booth_late_cancel_rate"})


def facts(path: str, figures: Sequence[Found], filters: Filters) -> Component:
    """One entry per figure; each leads to its rows, those that were measured to the page at ``path``."""
    return html.Dl([part for found in figures for part in _fact(path, found, filters)], className="facts")


def _fact(path: str, found: Found, filters: Filters) -> tuple[Component, Component]:
    words, newest = filters.words, found.newest
    said, rows = told.told(found.entry, newest, words), rows_behind(path, found.entry, newest, filters)
    beside = (
        told.when(newest.period, words),
        division(newest, words) if found.entry.key in _COUNTED else "",
        words.say("data coverage {share}", share=percent(newest.coverage)) if newest.coverage is not None else "",
        words.say("revised") if newest.revised_at else "",
    )
    value = html.Dd(
        [
            html.Strong(said if newest.value is None else linked_number(said, rows, words)),
            html.Span(f" {words.say(', ').join(filter(None, beside))}", className="tile-note"),
            html.Div(told.definition(found.entry, words), className="tile-note"),
        ]
    )
    return html.Dt(told.title(found.entry, words)), value


def division(value: IndicatorValue, words: Words) -> str:
    """``28 ÷ 52``; empty where nothing was divided or the value is not told."""
    if value.value is None or value.numerator is None or value.denominator is None:
        return ""
    return words.say("{part} ÷ {whole}", part=_plain(value.numerator), whole=_plain(value.denominator))


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == round(number) else f"{number:,.1f}"
