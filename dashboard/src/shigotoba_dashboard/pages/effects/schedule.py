"""The programme's schedule: a bar per stage over fiscal years, as a table that is its own picture.

Each cell of a bar says so in words to who hears it, and is a block of ink to who sees it, in grey too. Responsible for
this section. Refuses finer steps than fiscal years: plans have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.plans.cards import Card
from shigotoba_backend.plans.schedule import Bar, bars, years_of
from shigotoba_dashboard.dates import era_of, fiscal_year
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.parts import aria, scrolling, section
from shigotoba_dashboard.records import Field, Records, text
from shigotoba_dashboard.words import Words


def section_of(cards: Sequence[Card], filters: Filters) -> Component:
    """The section; says so where no card names a year."""
    words, years, this_year = filters.words, years_of(cards), fiscal_year(filters.today)
    title = words.say("Schedule by fiscal year")
    found = bars(cards, years)
    titles = {card.code: card.title for card in cards}
    return section(
        "schedule",
        title,
        [
            html.P(sentence(found, years, this_year, words), className="sentence"),
            scrolling(words.say("{title}: as a table", title=title), _table(found, titles, years, this_year, words)),
        ],
    )


def sentence(found: Sequence[Bar], years: range, this_year: int, words: Words) -> str:
    """From when to when, and how much of it is this year's."""
    if not found:
        return words.say("No stage names a fiscal year.")
    now = sum(
        bar.first_year <= this_year <= bar.last_year or (bar.goes_on and bar.first_year <= this_year) for bar in found
    )
    return words.say(
        "{stages} stages from fiscal {first} to {last}; {now} of them run in the present fiscal year.",
        stages=len(found),
        first=str(years.start),
        last=str(years.stop - 1),
        now=now,
    )


def _table(found: Sequence[Bar], titles: dict[str, str], years: range, this_year: int, words: Words) -> Component:
    head = html.Tr(
        [
            html.Th(words.say("Initiative"), scope="col"),
            html.Th(words.say("Stage"), scope="col"),
            *(_year_head(year, now=year == this_year) for year in years),
        ]
    )
    lines = [
        _line(bar, titles[code] if place == 0 else "", len(group), years, words)
        for code, its in groupby(found, lambda bar: bar.code)
        for group in [list(its)]
        for place, bar in enumerate(group)
    ]
    caption = html.Caption(words.say("■ planned in this fiscal year, → goes on after it"))
    return html.Table([caption, html.Thead(head), html.Tbody(lines)], className="table schedule")


def _year_head(year: int, *, now: bool) -> Component:
    era = era_of(year)
    short = f"{era.romanised[0]}{era.year}"
    inner = [str(year), html.Br(), html.Span(short, className="tile-note")]
    return html.Th(inner, scope="col", className="this-year" if now else "", **(aria(current="date") if now else {}))


def _line(bar: Bar, title: str, stages: int, years: range, words: Words) -> Component:
    name = [html.Th(title, scope="rowgroup", rowSpan=stages)] if title else []
    stage = words.say("the whole period") if bar.name == title else bar.name
    return html.Tr([*name, html.Td(stage, className="prose"), *(_cell(bar, year, words) for year in years)])


def _cell(bar: Bar, year: int, words: Words) -> Component:
    if not bar.first_year <= year <= bar.last_year:
        return html.Td("")
    goes_on = bar.goes_on and year == bar.last_year
    said = words.say("planned, goes on") if goes_on else words.say("planned")
    sign = html.Span("■→" if goes_on else "■", **aria(hidden="true"))
    return html.Td([sign, html.Span(said, className="only-heard")], className="bar")


def records(cards: Sequence[Card], filters: Filters) -> Records:
    """One row per stage."""
    words = filters.words
    titles = {card.code: card.title for card in cards}
    fields = (
        text("code", words.say("Code")),
        text("title", words.say("Initiative")),
        text("stage", words.say("Stage")),
        Field("first_fiscal_year", words.say("First fiscal year"), number=True),
        Field("last_fiscal_year", words.say("Last fiscal year"), number=True),
    )
    rows = tuple(
        (bar.code, titles[bar.code], bar.name, bar.first_year, None if bar.goes_on else bar.last_year)
        for bar in bars(cards, years_of(cards))
    )
    return Records("schedule", words.say("Schedule by fiscal year"), fields, rows)
