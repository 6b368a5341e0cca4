"""Which figure, and against which base year.

Responsible for these links. Refuses to publish a base: that is a decision, taken elsewhere.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_dashboard import told
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name
from shigotoba_dashboard.pages.paper.view import FIGURES, PaperView
from shigotoba_dashboard.words import Words


def bar(view: PaperView, filters: Filters) -> Component:
    """The two rows of links."""
    words, shown = filters.words, view.year.entry.key
    figures = choice_of(
        words.say("Figure"),
        (
            (
                told.title(REGISTRY[key], words),
                filters.address("paper", figure=key, base=None, basis=None),
                key == shown,
            )
            for key in FIGURES
            if key in REGISTRY
        ),
    )
    return html.Div([figures, _bases(view, filters)], className="filters")


def _bases(view: PaperView, filters: Filters) -> Component:
    words = filters.words
    if not view.bases:
        return html.P(words.say("No base year is set for this figure, so nothing is compared."), className="hint")
    return choice_of(
        words.say("Base year"),
        (
            (
                _name(base.fiscal_year, base.published_at is not None, words),
                filters.address("paper", base=str(base.fiscal_year)),
                base.fiscal_year == view.year.base_year,
            )
            for base in view.bases
        ),
    )


def _name(year: int, published: bool, words: Words) -> str:
    name = fiscal_year_name(year, words)
    return name if published else words.say("{year} (draft)", year=name)
