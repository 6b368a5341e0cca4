"""ペーパーレス: paper, copies, fax and electronic decisions over a fiscal year.

Responsible for which figure is shown, against which base, and in which order: the change since the base year and the
way to the target, month by month, who uses how much, special factors, and what others have published. ペーパーレス率
never stands without its formula. Refuses to mix units: one figure at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.months import HEIGHT_PX, year_chart, year_records
from shigotoba_dashboard.figures.trajectory import way_records
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name
from shigotoba_dashboard.pages.behind.number import rows_behind
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.paper import change, choice, others, parts, variants
from shigotoba_dashboard.pages.paper.view import PaperView, read
from shigotoba_dashboard.parts import drawn_chart, section
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import message


def _read(conn: psycopg.Connection, filters: Filters) -> PaperView:
    return read(conn, filters)


def _draw(view: PaperView, filters: Filters) -> list[Component]:
    words = filters.words
    name = told.title(view.year.entry, words)
    title = words.say("{rate}, {period}", rate=name, period=fiscal_year_name(view.fiscal_year, words))
    return [
        choice.bar(view, filters),
        change.section_of(view, filters),
        section(
            "months",
            title,
            [
                html.P(words.say("Of {scope}", scope=scope_name(view.scope, filters, {}))),
                html.P(told.definition(view.year.entry, words)),
                *variants.both(view.year, words),
                drawn_chart(
                    "paper-months",
                    words.say("Month by month"),
                    year_chart(view.year, filters.today, _months(view, filters), words, view.published),
                    HEIGHT_PX,
                    words,
                ),
            ],
        ),
        parts.section_of(view, filters),
        others.section_of(view, filters),
    ]


def _months(view: PaperView, filters: Filters) -> Records:
    """One row per month; a brought figure leads to its rows, a counted one to the printers it was counted by."""
    entry = view.year.entry

    def behind(month: IndicatorValue) -> str | None:
        if month.value is None:
            return None
        return rows_behind("paper", entry, month, filters) if entry.source == "import" else "#parts"

    return year_records("paper-by-month", view.year, filters.words.say("Month by month"), filters.words, behind)


def _records(view: PaperView, filters: Filters) -> Sequence[Records]:
    words = filters.words
    return (
        _months(view, filters),
        change.records(view, filters),
        *([way_records(view.way, words.say("The way to the target, year by year"), words)] if view.way else []),
        *([change.factor_records(view, filters)] if view.factors else []),
        parts.records(view, filters),
        others.records(view, filters),
    )


PAGE: Final = Page(
    "paper",
    message("Paperless"),
    _read,
    _draw,
    _records,
    filters=frozenset({"year"}),
    more=frozenset({"figure", "base", "basis"}),
    fresh_for_s=30.0,
    charted=True,
)
