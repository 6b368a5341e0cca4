"""Who uses how much: by floor, by section, by printer, in the year to date.

Responsible for this section. What would show fewer than five people is hidden by the indicators themselves. Refuses
people, and to show a section to another one.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.paper.view import PaperView, Part
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, share, text
from shigotoba_dashboard.words import message

_KINDS: Final = {
    "organisation": message("Organisation"),
    "site": message("Site"),
    "floor": message("Floor"),
    "section": message("Section"),
    "device": message("Printer"),
}
KEPT_BACK: Final = message(
    "Sections and printers are shown to their own section, and to who looks after the figures of all."
)


def section_of(view: PaperView, filters: Filters) -> Component:
    """The section; says so where the figure is not told in parts."""
    words, table = filters.words, records(view, filters)
    title = words.say("By organisation, floor, section and printer")
    seen = _seen(view, filters)
    if all(part.value.value is None for part in seen):
        return section("parts", title, [html.P(words.say("No part of this figure is known for the year so far."))])
    label = words.say("{title}: as a table", title=title)
    hidden = len(seen) < len(view.parts)
    kept_back = [html.P(words.say(KEPT_BACK), className="hint")] if hidden else []
    return section("parts", title, [scrolling(label, table_of(as_table(table))), *kept_back])


def _seen(view: PaperView, filters: Filters) -> list[Part]:
    return [part for part in view.parts if filters.visitor.sees(part.scope, filters.site)]


def records(view: PaperView, filters: Filters) -> Records:
    """One row per part."""
    words, entry = filters.words, view.year.entry
    fields = (
        text("kind", words.say("Kind")),
        text("name", words.say("Name")),
        text("period", words.say("Period")),
        Field(
            "value",
            told.title(entry, words),
            "percent" if entry.unit == "%" else entry.unit.replace(" ", "_"),
            lambda value: told.figure(entry, value, words),
            number=True,
        ),
        share("coverage", words.say("Data coverage")),
        text("remarks", words.say("Remarks")),
    )
    rows = tuple(
        (
            words.say(_KINDS[part.scope.kind]),
            part.name,
            told.when(part.value.period, words),
            part.value.value,
            part.value.coverage,
            told.why(part.value, words),
        )
        for part in _seen(view, filters)
    )
    links = tuple(_readings(part, filters) for part in _seen(view, filters))
    return Records("paper-by-part", words.say("By organisation, floor, section and printer"), fields, rows, links)


def _readings(part: Part, filters: Filters) -> str | None:
    """A printer's figure leads to what it said; what several printers add up to, to their rows of this table."""
    if part.scope.kind != "device":
        return None
    return filters.address("device", device=part.scope.part, figure=None, base=None, basis=None)
