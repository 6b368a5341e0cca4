"""One answer: a figure with everything that must stand beside it.

Responsible for the card and for the row. Refuses to choose the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.spark import spark
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import percent
from shigotoba_dashboard.parts import aria, linked_number
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.records import Cell, Field, Records, share, text
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import Words


def card(title: str, href: str, rows: str, found: Found, read_at: datetime, filters: Filters) -> Component:
    """The answer to one question; its title leads to its page, its number to the rows behind it.

    What is measured is as of ``read_at``, when it was read.
    """
    words, entry, value = filters.words, found.entry, found.newest
    before = found.before
    lines = (
        told.target(entry, value, words),
        told.base(entry, value, words),
        told.basis(value, words),
        words.say("Of {scope}", scope=scope_name(value.scope, filters, {})),
        _marks(value, read_at, filters),
    )
    return html.Section(
        [
            html.H2(html.A(title, href=href)),
            html.Div(told.title(entry, words), className="tile-note"),
            html.Div(_number_with_rows(found, rows, words), className="tile-value"),
            html.Div(told.why(value, words), className="tile-note"),
            spark([each.value for each in found.values], trend(found, filters), value.target),
            html.Div(told.turn(entry, value.value, before.value if before else None, words), className="turn"),
            html.Ul([html.Li(line) for line in lines if line], className="beside"),
        ],
        className="answer",
        **aria(label=title),
    )


def _number_with_rows(found: Found, rows: str, words: Words) -> Component | str:
    said = told.figure(found.entry, found.newest.value, words)
    if found.newest.value is None:
        return said
    return linked_number(said, rows, words)


def trend(found: Found, filters: Filters) -> str:
    """The line in words."""
    words, entry = filters.words, found.entry
    known = [value for value in found.values if value.value is not None]
    if len(known) < 2:
        return words.say("No trend yet: fewer than two months have a value.")
    return words.say(
        "From {first} ({then}) to {last} ({now}).",
        first=told.when(known[0].period, words),
        then=told.figure(entry, known[0].value, words),
        last=told.when(known[-1].period, words),
        now=told.figure(entry, known[-1].value, words),
    )


def _marks(value: IndicatorValue, read_at: datetime, filters: Filters) -> str:
    """As of when, how much is known, whether it was revised or estimated."""
    words = filters.words
    marks = (
        told.as_of_day(value.as_of or read_at, filters.zone, words),
        words.say("data coverage {share}", share=percent(value.coverage)) if value.coverage is not None else "",
        words.say("revised") if value.revised_at else "",
        words.say("estimate") if value.estimate else "",
        words.say("without {exclusions}", exclusions=told.exclusions(value, words)) if value.exclusions else "",
    )
    return words.say(", ").join(filter(None, marks))


def records(
    titles: Sequence[str], answers: Sequence[Found], rows: Sequence[str], read_at: datetime, filters: Filters
) -> Records:
    """One row per question: plain numbers, with their units beside them; ``rows`` are behind them."""
    words = filters.words
    fields = (
        text("topic", words.say("Topic")),
        text("indicator", words.say("Figure")),
        text("scope", words.say("Of what")),
        text("period", words.say("Period")),
        text("basis", words.say("Basis")),
        _number("value", words.say("Value")),
        text("unit", words.say("Unit")),
        _number("target", words.say("Target")),
        text("base", words.say("Base")),
        share("coverage", words.say("Data coverage")),
        _moment("as_of", words.say("As of"), filters),
        text("remarks", words.say("Remarks")),
    )
    told_of = tuple(_row(title, found, read_at, filters) for title, found in zip(titles, answers, strict=True))
    return Records("overview", words.say("The five figures with their bases"), fields, told_of, tuple(rows))


def _number(key: str, name: str) -> Field:
    return Field(key, name, "", lambda value: f"{value:,.10g}".replace("-", "−"), number=True)


def _moment(key: str, name: str, filters: Filters) -> Field:
    return Field(key, name, "", lambda at: f"{at.astimezone(filters.zone):%-m/%-d %H:%M}")


def _row(title: str, found: Found, read_at: datetime, filters: Filters) -> tuple[Cell, ...]:
    words, entry, value = filters.words, found.entry, found.newest
    remarks = (told.why(value, words), words.say("estimate") if value.estimate else "", told.exclusions(value, words))
    return (
        title,
        told.title(entry, words),
        scope_name(value.scope, filters, {}),
        told.when(value.period, words),
        told.basis_name(value.basis, words),
        None if value.value is None else round(value.value, entry.decimals),
        told.unit(entry, words),
        value.target,
        told.base(entry, value, words) if value.base else None,
        value.coverage,
        None if value.value is None else (value.as_of or read_at).astimezone(filters.zone),
        words.say(", ").join(filter(None, remarks)) or None,
    )
