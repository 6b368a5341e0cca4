"""Figures to bring: which, of what, and two ways to send them, as a file or one at a time.

Responsible for these forms. Refuses to understand what is sent (see ``bringing``).
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_backend.imports.catalogue import SERIES, Series
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.sites import SectionInfo
from shigotoba_dashboard import told
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.forms import change_form, chosen, file_to_choose, typed
from shigotoba_dashboard.pages.data.choosing import NOT_YOURS_TO_BRING, may_bring, section_names, series_name
from shigotoba_dashboard.parts import section
from shigotoba_dashboard.paths import BASE_PATH, FORMS_PATH
from shigotoba_dashboard.scopes import scope_name


def section_of(
    series: Series, scope: Scope, offered: Sequence[Scope], sections: Sequence[SectionInfo], filters: Filters
) -> Component:
    """The section; without the role, the choice alone."""
    words = filters.words
    return section(
        "bring",
        words.say("Figures to bring"),
        [
            _series_form(series, filters),
            _scopes(scope, offered, sections, filters),
            html.P(series.definition if words.language == "ja" else series.definition_en),
            *_forms(series, scope, filters),
        ],
    )


def _series_form(series: Series, filters: Filters) -> Component:
    """Another series: a form that makes an address."""
    words = filters.words
    options = [(key, series_name(each, words)) for key, each in SERIES.items()]
    kept = {"site": filters.site, "scope": filters.get("scope"), "lang": filters.language}
    return html.Form(
        [
            *(
                dcc.Input(type="hidden", name=name, value=value, id=f"of-{name}")
                for name, value in kept.items()
                if value
            ),
            chosen("series", words.say("Figures"), options, series.key),
            html.Button(words.say("Show"), type="submit", className="button second"),
        ],
        action=f"{BASE_PATH}data",
        method="GET",
        className="change-form",
        key=f"series-{series.key}-{kept}",
    )


def _scopes(scope: Scope, offered: Sequence[Scope], sections: Sequence[SectionInfo], filters: Filters) -> Component:
    names = section_names(sections, filters.words)
    links = (
        (
            scope_name(each, filters, names),
            filters.address("data", scope=str(each), shown=None, rows=None),
            each == scope,
        )
        for each in offered
    )
    return choice_of(filters.words.say("Of what"), links)


def _forms(series: Series, scope: Scope, filters: Filters) -> list[Component]:
    words = filters.words
    if not may_bring(scope, filters):
        return [html.P(words.say(NOT_YOURS_TO_BRING), className="hint")]
    hidden = [("series", series.key), ("scope", str(scope))]
    form = html.A(words.say("A form to fill in (CSV)"), href=f"{FORMS_PATH}{series.key}", download="")
    return [
        html.H3(words.say("From a file")),
        html.P(
            [
                words.say("CSV (UTF-8 or Shift_JIS) or Excel, with a heading for the period and for the value."),
                " ",
                form,
            ]
        ),
        change_form("data", "show", filters, _file_fields(filters), words.say("Look at what would change"), hidden),
        html.H3(words.say("One figure")),
        change_form(
            "data",
            "show",
            filters,
            _typed_fields(series, filters),
            words.say("Look at what would change"),
            [*hidden, ("way", "typed")],
        ),
    ]


def _file_fields(filters: Filters) -> list[Component]:
    words = filters.words
    return [file_to_choose("file", words.say("File"), "brought-file"), _source(filters)]


def _source(filters: Filters) -> Component:
    words = filters.words
    return typed("source", words.say("Source"), hint=words.say("For example the name of the document."))


def _typed_fields(series: Series, filters: Filters) -> list[Component]:
    words = filters.words
    unit = words.say("Per cent") if series.in_per_cent else told.unit_name(series.unit, words)
    fields = [
        typed("period", words.say("Period"), hint=words.say("For example 2026-10, R8.10 or 令和8年度.")),
        typed(
            "value",
            words.say("Value ({unit})", unit=unit),
            hint=words.say("約12万3,400 and １２３４００ are understood."),
        ),
    ]
    if series.numerators:
        fields += [typed("numerator", series.numerators[0]), typed("denominator", series.denominators[0])]
    if series.special:
        fields += [
            typed("excluded", words.say("Special factors")),
            typed("excluded_reason", words.say("What they are")),
        ]
    return [
        *fields,
        chosen("estimate", words.say("Estimate"), [("", words.say("No")), ("推計", words.say("Yes, an estimate"))]),
        typed("note", words.say("Note")),
        _source(filters),
    ]
