"""What others have published of the same figure, each with its base, its basis and its source.

Responsible for this section. Figures on different bases stand beside each other, never in one line. Refuses to compute
with them.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.reference.published import in_japanese, sources
from shigotoba_dashboard.figures.peers import period_published
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.paper.view import PaperView
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, prose, text
from shigotoba_dashboard.told import basis_name


def section_of(view: PaperView, filters: Filters) -> Component:
    """The section; says so where nobody has published."""
    words, table = filters.words, records(view, filters)
    title = words.say("What others have published")
    if not table.rows:
        return section("others", title, [html.P(words.say("We know of no published figure to hold this against."))])
    label = words.say("{title}: as a table", title=title)
    hint = html.P(words.say("Bases and scopes differ: for orientation, not for ranking."))
    return section("others", title, [hint, scrolling(label, table_of(as_table(table)))])


def records(view: PaperView, filters: Filters) -> Records:
    """One row per published figure."""
    words, japanese = filters.words, filters.language == "ja"
    fields = (
        text("organisation", words.say("Organisation")),
        text("figure", words.say("Figure")),
        Field("value", words.say("Value"), "", lambda value: f"{value:,g}", number=True),
        text("unit", words.say("Unit")),
        text("period", words.say("Period")),
        text("basis", words.say("Basis")),
        text("base", words.say("Base")),
        prose("scope", words.say("Scope")),
        prose("source", words.say("Source")),
    )
    say = in_japanese if japanese else str
    rows = tuple(
        (
            each.organisation,
            each.indicator_ja if japanese else each.indicator_en,
            each.value,
            say(each.unit),
            period_published(each.period, words),
            basis_name(each.basis, words),
            period_published(each.base_period, words),
            say(each.scope_or_note),
            sources()[each.source].title if each.source in sources() else each.source,
        )
        for each in view.published
    )
    return Records("published", words.say("What others have published"), fields, rows)
