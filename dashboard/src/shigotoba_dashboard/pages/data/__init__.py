"""データ: files to take home, figures to bring with a look before they are kept, and every correction since.

Responsible for the order of the sections and what they are asked. Refuses to make files and to keep figures: both are
the backend's, and this page shows the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash.development.base_component import Component

from shigotoba_backend.imports.catalogue import Series
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.desk import Understood
from shigotoba_backend.imports.few import told_to_all
from shigotoba_backend.imports.held import Held, SeriesHeld, corrected_figures, held_figures, series_held
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.sites import SectionInfo, organisation_of, sections
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.data import asking, behind, held, preview, taking
from shigotoba_dashboard.pages.data.bringing import CHANGES, understood
from shigotoba_dashboard.pages.data.choosing import chosen_scope, chosen_series, may_bring, scopes_offered
from shigotoba_dashboard.pages.data.shelf import SHELF
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import message


@dataclass(frozen=True)
class DataView:
    """What the page knows.

    Attributes:
        series: Which figures are shown and may be brought.
        scope: Of what.
        offered: Of what else.
        sections: The organisation's.
        overview: How much is held, of every series and scope that is offered.
        held: What holds now.
        corrected: What held once.
        shown: What would change; None where nothing is being brought.
    """

    series: Series
    scope: Scope
    offered: tuple[Scope, ...]
    sections: tuple[SectionInfo, ...]
    overview: tuple[SeriesHeld, ...]
    held: tuple[Held, ...]
    corrected: tuple[Held, ...]
    shown: Understood | None


def _read(conn: psycopg.Connection, filters: Filters) -> DataView:
    its_sections = tuple(sections(conn, filters.site))
    offered = scopes_offered(filters, organisation_of(conn, filters.site), its_sections)
    every, series = series_held(conn), chosen_series(filters)
    scope = chosen_scope(filters, offered, {each.scope for each in every if each.series == series.key})
    open_to_them = {str(each) for each in offered}
    return DataView(
        series=series,
        scope=scope,
        offered=tuple(offered),
        sections=its_sections,
        overview=tuple(each for each in every if each.scope in open_to_them),
        held=_seen(conn, series, scope, filters, held_figures(conn, series.key, scope)),
        corrected=_seen(conn, series, scope, filters, corrected_figures(conn, series.key, scope)),
        shown=_shown(conn, filters),
    )


def _seen(
    conn: psycopg.Connection, series: Series, scope: Scope, filters: Filters, figures: Sequence[Held]
) -> tuple[Held, ...]:
    return tuple(figures if may_bring(scope, filters) else told_to_all(conn, series.key, scope, figures))


def _shown(conn: psycopg.Connection, filters: Filters) -> Understood | None:
    parcel = SHELF.get(filters.get("shown") or "", filters.visitor.person_id, filters.site, filters.at)
    if parcel is None:
        return None
    try:
        return understood(conn, parcel, filters)
    except ComplaintError:
        return None


def _draw(view: DataView, filters: Filters) -> list[Component]:
    return [
        *preview.sections_of(view.shown, filters),
        *behind.sections_of((view.series, view.scope), view.held, filters),
        taking.section_of(filters),
        asking.section_of(view.series, view.scope, view.offered, view.sections, filters),
        held.section_of(view.series, (view.held, view.corrected), filters),
        held.overview_section(view.overview, view.sections, filters),
    ]


def _records(view: DataView, filters: Filters) -> Sequence[Records]:
    return (
        held.records(view.series, view.held, filters),
        held.corrections(view.series, (view.held, view.corrected), filters),
        held.overview(view.overview, view.sections, filters),
    )


PAGE: Final = Page(
    "data",
    message("Data"),
    _read,
    _draw,
    _records,
    filters=frozenset({"period"}),
    more=frozenset({"series", "scope", "shown", "rows"}),
    personal=True,
    changes=CHANGES,
)
