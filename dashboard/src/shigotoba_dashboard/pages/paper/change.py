"""How far the figure has come since the base year, on the way to its target.

Responsible for this section: the change of the year to date, with and without special factors where both are brought.
Refuses to show one of the two alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name
from shigotoba_dashboard.pages.paper.view import PaperView
from shigotoba_dashboard.parts import folded_table, section
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import Words


def section_of(view: PaperView, filters: Filters) -> Component:
    """The section; says so where nobody compares the figure."""
    words, entry = filters.words, view.change_entry
    title = words.say("Change since the base year")
    if entry is None or not view.change:
        return section("change", title, [html.P(words.say("This figure is not compared with a base year."))])
    newest = _newest(view.change)
    lines = [
        html.P(html.Strong(told.told(entry, newest, words)), className="figure"),
        html.P(f"{told.basis(newest, words)} {told.base(entry, newest, words)}"),
        *([html.P(_formula(entry, newest, view, words))] if newest.denominator is not None else []),
        *_without(view, words),
        html.P(told.target(entry, newest, words)),
        *_goals(view, words),
    ]
    table = records(view, filters)
    return section("change", title, [*lines, folded_table(table.caption, as_table(table))])


def _newest(values: Sequence[IndicatorValue]) -> IndicatorValue:
    return next((value for value in reversed(values) if value.value is not None), values[-1])


def _formula(entry: Indicator, value: IndicatorValue, view: PaperView, words: Words) -> str:
    of = view.year.entry
    return words.say(
        "{name} = ({this} − {base}) ÷ {base}",
        name=told.title(entry, words),
        this=told.figure(of, value.numerator, words),
        base=told.figure(of, value.denominator, words),
    )


def _without(view: PaperView, words: Words) -> list[Component]:
    if not view.without or view.change_entry is None:
        return []
    value = _newest(view.without)
    text_of_it = words.say(
        "Without special factors: {value}. Left out: {exclusions}.",
        value=told.told(view.change_entry, value, words),
        exclusions=value.exclusions or "—",
    )
    return [html.P(text_of_it)]


def _goals(view: PaperView, words: Words) -> list[Component]:
    if not view.goals or view.change_entry is None:
        return []
    entry = view.change_entry
    goals = words.say(", ").join(
        f"{fiscal_year_name(goal.fiscal_year, words)} {told.figure(entry, goal.value, words)}" for goal in view.goals
    )
    return [html.P(words.say("Targets by year: {goals}.", goals=goals))]


def records(view: PaperView, filters: Filters) -> Records:
    """Month by month of the year to date, both variants."""
    words = filters.words
    fields = (
        text("period", words.say("Period")),
        Field("change", words.say("Change (%)"), "percent", lambda value: f"{value:.1f}", number=True),
        Field(
            "without", words.say("Without special factors (%)"), "percent", lambda value: f"{value:.1f}", number=True
        ),
        text("remarks", words.say("Remarks")),
    )
    without = view.without or (None,) * len(view.change)
    rows = tuple(
        (
            str(value.period),
            None if value.value is None else round(value.value, 2),
            None if other is None or other.value is None else round(other.value, 2),
            told.why(value, words),
        )
        for value, other in zip(view.change, without, strict=True)
    )
    return Records("paper-change", words.say("Change since the base year, year to date"), fields, rows)
