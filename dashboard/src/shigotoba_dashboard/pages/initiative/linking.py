"""What a card is linked to: indicators that show whether it works, where it took effect, and what it is held against.

Each is a row of fields to choose from, so that it needs no mouse; an empty one takes away. Responsible for these fields
and for reading them. Refuses what is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.cards import Card
from shigotoba_backend.read.sites import SectionInfo
from shigotoba_dashboard import told
from shigotoba_dashboard.changes import Change, ChangeRefusedError
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.forms import chosen
from shigotoba_dashboard.scopes import scope_name
from shigotoba_dashboard.words import Words, message

#: Empty fields behind those that are filled in.
_MORE: Final = 2
_MOST: Final = 100
_NOT_OFFERED: Final = message("“{text}” is not among what can be chosen. Load the page again.")


def places_offered(filters: Filters, organisation: str, sections: Sequence[SectionInfo]) -> dict[str, str]:
    """Where an initiative may take effect: names by scope."""
    scopes = (
        Scope("organisation", organisation),
        *(Scope("site", site.code) for site in filters.places.sites),
        *(Scope("floor", f"{filters.site}/{floor.code}") for floor in filters.places.floors),
        *(Scope("section", f"{organisation}/{each.code}") for each in sections),
    )
    names = {each.code: name_of(each, filters.words) for each in sections}
    return {str(scope): scope_name(scope, filters, names) for scope in scopes}


def fields(card: Card, places: Mapping[str, str], words: Words) -> list[Component]:
    """The three rows of a card's form."""
    indicators = {
        key: told.title(entry, words)
        for key, entry in REGISTRY.items()
        if "single_month" in entry.bases or key in card.indicators
    }
    rows = [
        _row("indicators", words.say("Indicators"), card.indicators, indicators, words),
        _row("places", words.say("Places"), card.places, places, words),
        _row("compared_with", words.say("Compared with"), card.compared_with, places, words),
    ]
    return [html.Div(rows, className="linked-rows")]


def _row(name: str, title: str, links: Sequence[str], offered: Mapping[str, str], words: Words) -> Component:
    options = {"": words.say("(none)"), **{each: each for each in links}, **offered}
    labelled = (f"{title} {number + 1}" for number in range(len(links) + _MORE))
    parts = [
        chosen(f"{name}_{number}", label, options.items(), links[number] if number < len(links) else "")
        for number, label in enumerate(labelled)
    ]
    return html.Fieldset([html.Legend(title), *parts], className="linked")


def linked(change: Change, card: Card, places: Mapping[str, str]) -> dict[str, list[str]]:
    """What the card is linked to by what was sent; a row that was not sent stays as it is.

    Raises:
        ChangeRefusedError: Something is not offered.
    """
    return {
        "indicators": _read(change, "indicators", card.indicators, REGISTRY),
        "places": _read(change, "places", card.places, places),
        "compared_with": _read(change, "compared_with", card.compared_with, places),
    }


def _read(change: Change, name: str, former: Sequence[str], offered: Mapping[str, object]) -> list[str]:
    names = [f"{name}_{number}" for number in range(_MOST)]
    sent = [change.get(each) for each in names if each in change.fields]
    if not sent:
        return list(former)
    found = [each for each in dict.fromkeys(sent) if each]
    for each in found:
        if each not in offered and each not in former:
            raise ChangeRefusedError(change.say(_NOT_OFFERED, text=each))
    return found
