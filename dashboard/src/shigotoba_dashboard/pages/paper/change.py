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
from shigotoba_dashboard.figures.trajectory import HEIGHT_PX, way_chart
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.paper.view import PaperView
from shigotoba_dashboard.parts import drawn_chart, folded_table, scrolling, section, table_of
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
        *_factors(view, filters),
    ]
    table = records(view, filters)
    months = folded_table(words.say("{title}: as a table", title=table.caption), as_table(table))
    return section("change", title, [_bases(view, filters), *lines, months, *_way(view, words)])


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
        exclusions=told.exclusions(value, words) or "—",
    )
    return [html.P(text_of_it)]


def _bases(view: PaperView, filters: Filters) -> Component:
    """The basis, by its name, and the other one."""
    words = filters.words
    links = (
        (told.basis_name(basis, words), filters.address("paper", basis=basis), basis == view.basis)
        for basis in ("fiscal_year_to_date", "same_month")
    )
    return choice_of(words.say("Basis"), links)


def _factors(view: PaperView, filters: Filters) -> list[Component]:
    if not view.factors:
        return []
    table = factor_records(view, filters)
    return [html.H3(table.caption), scrolling(table.caption, table_of(as_table(table)))]


def factor_records(view: PaperView, filters: Filters) -> Records:
    """The year's special factors, one row each."""
    words, entry = filters.words, view.year.entry
    amount = Field(
        "amount",
        words.say("Taken away"),
        told.file_unit(entry.unit),
        lambda value: told.figure(entry, value, words),
        number=True,
    )
    fields = (text("month", words.say("Month")), amount, text("reason", words.say("What it was")))
    rows = tuple((str(each.month), round(each.amount, 3), each.reason) for each in view.factors)
    return Records("paper-factors", words.say("Special factors of the year"), fields, rows)


def _way(view: PaperView, words: Words) -> list[Component]:
    if view.way is None:
        return []
    title = words.say("The way to the target, year by year")
    return [drawn_chart("paper-way", title, way_chart(view.way, title, words, view.published), HEIGHT_PX, words)]


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
    return Records("paper-change", words.say("Change since the base year, month by month"), fields, rows)
