"""Which series and of what: read from the address, offered as choices.

Whoever may bring figures everywhere may bring the organisation's and its sections'; others their site's. Whoever
belongs to a section sees its figures, wherever the role is for. Responsible for these choices. Refuses to look figures
up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.imports.catalogue import SERIES, Series
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.sites import SectionInfo
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.words import Words, message

NOT_YOURS_TO_BRING: Final = message(
    "Figures are brought by facility staff. Sign in, or ask for the role, to bring some here."
)


def chosen_series(filters: Filters) -> Series:
    """The series in the address; the first for anything else."""
    return SERIES.get(filters.get("series") or "") or next(iter(SERIES.values()))


def series_name(series: Series, words: Words) -> str:
    """What the series is called."""
    return series.name if words.language == "ja" else series.name_en


def may_see_organisation(filters: Filters) -> bool:
    """Whether who looks has the organisation's figures before them, not a site's alone."""
    return filters.visitor.may(Action.SEE_FIGURES, None)


def may_bring(scope: Scope, filters: Filters) -> bool:
    """Whether who looks may bring figures of it."""
    return filters.visitor.may(Action.IMPORT_FIGURES, filters.site if scope.kind == "site" else None)


def scopes_offered(filters: Filters, organisation: str, sections: Sequence[SectionInfo]) -> list[Scope]:
    """The site, and the sections that are one's own; for who may, the organisation before it and every section."""
    wide = may_see_organisation(filters)
    every = (Scope("section", f"{organisation}/{each.code}") for each in sections)
    visitor, site = filters.visitor, Scope("site", filters.site)
    seen = (scope for scope in every if visitor.owns(scope) or (wide and visitor.sees(scope, filters.site)))
    return [*([Scope("organisation", organisation)] if wide else []), site, *seen]


def chosen_scope(filters: Filters, offered: Sequence[Scope], held: Collection[str] = ()) -> Scope:
    """The scope in the address; for anything else the first that is offered and among ``held``, else the first."""
    asked = filters.get("scope")
    known = (scope for scope in offered if str(scope) in held)
    return next((scope for scope in offered if str(scope) == asked), next(known, offered[0]))


def section_names(sections: Sequence[SectionInfo], words: Words) -> Mapping[str, str]:
    """Names of sections by code."""
    return {each.code: name_of(each, words) for each in sections}
