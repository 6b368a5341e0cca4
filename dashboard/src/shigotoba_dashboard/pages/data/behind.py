"""The brought figures that a number on another page was made of: the last step of the way down from it.

The address says from which day to which (``rows``). Responsible for this section. Refuses to compute the number again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.imports.catalogue import Series
from shigotoba_backend.imports.held import Held
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import full_day
from shigotoba_dashboard.pages.data import held
from shigotoba_dashboard.pages.data.choosing import series_name
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.periods import Period, PeriodError, read_span
from shigotoba_dashboard.records import as_table
from shigotoba_dashboard.words import message

_NOT_SHOWN: Final = message(
    "The rows behind this number are of a place whose brought figures your roles do not include."
)


def sections_of(shown: tuple[Series, Scope], figures: Sequence[Held], filters: Filters) -> list[Component]:
    """The section; none where nobody came from a number, a word where the number is of what is not ``shown``."""
    series, scope = shown
    span = _span(filters)
    if span is None:
        return []
    words = filters.words
    rows = [each for each in figures if each.first <= span.last and each.beyond > span.first]
    title = words.say("Behind the number: {series}", series=series_name(series, words))
    if filters.get("scope") not in (None, str(scope)):
        return [section("behind", title, [html.P(words.say(_NOT_SHOWN), className="notice")])]
    told = words.say(
        "Brought figures from {first} to {last}: {count}.",
        first=full_day(span.first, words),
        last=full_day(span.last, words),
        count=len(rows),
    )
    table = held.records(series, rows, filters)
    parts = [scrolling(title, table_of(as_table(table)))] if rows else []
    everything = html.P(html.A(words.say("Every figure and every correction"), href=filters.address("data", rows=None)))
    return [section("behind", title, [html.P(told, className="sentence"), *parts, everything])]


def _span(filters: Filters) -> Period | None:
    first, _, last = (filters.get("rows") or "").partition("..")
    try:
        return read_span(first, last)
    except PeriodError:
        return None
