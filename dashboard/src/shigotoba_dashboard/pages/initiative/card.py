"""A card in full: what is done, by whom, until when, what came of it each year, and its earlier versions.

Responsible for showing what the plan says. Refuses names of people: who revised a card is in the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.cards import Card, Year
from shigotoba_backend.plans.keeping import Version
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name, full_day, moment
from shigotoba_dashboard.pages.effects.cards import period, status_badge
from shigotoba_dashboard.parts import scrolling, table_of
from shigotoba_dashboard.records import Field, Records, as_table, prose
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import Words, message

#: What is told of a card's parts, by field.
_NAMES: Final = {
    "title": message("Title"),
    "status": message("Status"),
    "pillar": message("Pillar"),
    "responsible": message("Responsible"),
    "related": message("Takes part"),
    "first_year": message("First fiscal year"),
    "last_year": message("Last fiscal year"),
    "effective_from": message("In effect since"),
    "overview": message("What it is about"),
    "outputs": message("Outputs"),
    "outcomes": message("Outcomes"),
    "years": message("Year by year"),
    "stages": message("Stages"),
    "indicators": message("Indicators"),
    "places": message("Places"),
    "compared_with": message("Compared with"),
}


def contents(card: Card, sections: Mapping[str, str], filters: Filters) -> list[Component]:
    """The card; what it does not say is left out. ``sections`` are their names by code."""
    words = filters.words
    between = words.say(", ")
    effective = full_day(card.effective_from, words) if card.effective_from else words.say("not entered")
    facts: list[tuple[str, Any]] = [
        (words.say("Status"), status_badge(card, words)),
        (words.say("Pillar"), card.pillar),
        (words.say("Responsible"), between.join(card.responsible)),
        (words.say("Takes part"), between.join(card.related)),
        (words.say("Period"), period(card, words)),
        (words.say("In effect since"), effective),
        (words.say("What it is about"), card.overview),
        (words.say("Outputs"), _list(card.outputs)),
        (words.say("Outcomes"), _list(card.outcomes)),
        (
            words.say("Indicators"),
            _list([told.title(REGISTRY[key], words) for key in card.indicators if key in REGISTRY]),
        ),
        (words.say("Places"), between.join(_place_names(card.places, sections, filters))),
        (words.say("Compared with"), between.join(_place_names(card.compared_with, sections, filters))),
    ]
    rows = [part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]
    years = [html.H3(words.say("Year by year")), _years(card.years, words)] if card.years else []
    return [html.Dl(rows, className="facts"), *years]


def _place_names(scopes: Sequence[str], sections: Mapping[str, str], filters: Filters) -> list[str]:
    return [scope_name(Scope.parse(each), filters, sections) for each in scopes]


def _list(items: Sequence[str]) -> Component | None:
    return html.Ul([html.Li(item) for item in items], className="plain") if items else None


def _years(years: Sequence[Year], words: Words) -> Component:
    fields = (
        Field("year", words.say("Fiscal year")),
        prose("actuals", words.say("Done")),
        prose("next_steps", words.say("Next steps")),
    )
    rows = tuple(
        (
            fiscal_year_name(year.fiscal_year, words),
            " / ".join(year.actuals) or None,
            " / ".join(year.next_steps) or None,
        )
        for year in years
    )
    records = Records("years", words.say("Year by year"), fields, rows)
    return scrolling(records.caption, table_of(as_table(records)))


def changed(before: Card | None, after: Card, words: Words) -> str:
    """Names of what differs between two versions; empty for the first one."""
    if before is None:
        return ""
    return words.say(", ").join(
        words.say(name) for key, name in _NAMES.items() if getattr(before, key) != getattr(after, key)
    )


def history(versions: Sequence[Version], filters: Filters) -> Component:
    """The card's versions, newest first."""
    table = history_records(versions, filters)
    label = filters.words.say("{title}: as a table", title=table.caption)
    return scrolling(label, table_of(as_table(table)))


def history_records(versions: Sequence[Version], filters: Filters) -> Records:
    """One row per version."""
    words = filters.words
    fields = (
        Field("version", words.say("Version"), number=True),
        Field("at", words.say("When"), "", lambda at: moment(at, filters.at, filters.zone, words)),
        prose("changed", words.say("What was changed")),
        prose("reason", words.say("Reason")),
    )
    before = (*(each.card for each in versions[1:]), None)
    rows = tuple(
        (each.version, each.at, changed(earlier, each.card, words) or None, each.reason or None)
        for each, earlier in zip(versions, before, strict=False)
    )
    return Records("card-versions", words.say("How the card was revised"), fields, rows)
