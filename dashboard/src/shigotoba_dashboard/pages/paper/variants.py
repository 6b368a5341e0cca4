"""A rate with its special factors and without them, each with the counts that were divided.

Responsible for this one sentence above the months. Refuses to show one of the two alone.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.months import Year
from shigotoba_dashboard.pages.facts import division
from shigotoba_dashboard.words import Words


def both(year: Year, words: Words) -> list[Component]:
    """Of the newest month that has a value; nothing where special factors are not told of."""
    known = [pair for pair in zip(year.months, year.without, strict=False) if pair[0].value is not None]
    if not known:
        return []
    whole, rest = known[-1]
    if rest.value == whole.value:
        return [html.P(_nothing_special(year, whole, words))]
    text = words.say(
        "{month}: {whole}; without special factors {rest}. Left out: {exclusions}.",
        month=told.when(whole.period, words),
        whole=_counted(year, whole, words),
        rest=_counted(year, rest, words),
        exclusions=told.exclusions(rest, words) or "—",
    )
    return [html.P(text)]


def _nothing_special(year: Year, whole: IndicatorValue, words: Words) -> str:
    month, said = told.when(whole.period, words), _counted(year, whole, words)
    return words.say("{month}: {whole}; no special factors are reported.", month=month, whole=said)


def _counted(year: Year, value: IndicatorValue, words: Words) -> str:
    said, counts = told.told(year.entry, value, words), division(value, words)
    return words.say("{said} ({counts})", said=said, counts=counts) if counts else said
