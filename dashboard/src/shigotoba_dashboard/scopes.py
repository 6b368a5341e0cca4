"""What a figure is about, as people call it.

Responsible for naming scopes by the floors, sites and sections that are known. Refuses to look anything up.
"""

from __future__ import annotations

from collections.abc import Mapping

from shigotoba_backend.indicators.scopes import Scope
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of


def scope_name(scope: Scope, filters: Filters, sections: Mapping[str, str]) -> str:
    """The name; the code where nothing is known by it.

    Args:
        scope: What is named.
        filters: The site's places.
        sections: Names of sections by code.
    """
    words, places = filters.words, filters.places
    if scope.kind == "organisation":
        return words.say("the whole organisation")
    if scope.code == places.site.code:
        return name_of(places.site, words)
    if scope.kind == "floor":
        return next((name_of(each, words) for each in places.floors if each.code == scope.part), scope.part)
    return sections.get(scope.part, scope.part) if scope.kind == "section" else scope.code
