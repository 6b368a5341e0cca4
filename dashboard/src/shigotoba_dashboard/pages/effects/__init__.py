"""施策効果: the reform programmes as cards, their schedule over fiscal years, and the way to what each has changed.

Responsible for which programme is shown and for the order of the sections. Refuses to judge an initiative here: its
effect, with its interval and its doubts, is on its own page (see ``initiative``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.plans.keeping import Kept, ProgrammeSeen, initiatives, programmes
from shigotoba_backend.read.sites import organisation_of
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.effects import cards, schedule
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import section
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import message


@dataclass(frozen=True)
class EffectsView:
    """What the page knows.

    Attributes:
        programmes: Every programme of the site's organisation.
        shown: The one that is shown; None where there is none.
        kept: Its cards.
    """

    programmes: tuple[ProgrammeSeen, ...]
    shown: ProgrammeSeen | None
    kept: tuple[Kept, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> EffectsView:
    organisation = organisation_of(conn, filters.site)
    every = tuple(programmes(conn, organisation))
    asked = filters.get("programme")
    shown = next((each for each in every if each.code == asked), every[0] if every else None)
    kept = tuple(initiatives(conn, organisation, shown.code)) if shown else ()
    return EffectsView(every, shown, kept)


def _draw(view: EffectsView, filters: Filters) -> list[Component]:
    words = filters.words
    if view.shown is None:
        return [_none(filters)]
    its_cards = [kept.card for kept in view.kept]
    return [
        html.Div([_choice(view, filters)], className="filters"),
        section(
            "programme",
            view.shown.name,
            [
                html.P(words.say("{owner}. Source: {source}", owner=view.shown.owner, source=view.shown.source)),
                html.P(cards.sentence(its_cards, words), className="sentence"),
                cards.counts(its_cards, words),
            ],
        ),
        cards.section_of(its_cards, view.shown.code, filters),
        schedule.section_of(its_cards, filters),
    ]


def _none(filters: Filters) -> Component:
    words = filters.words
    text = message(
        "No programme has been brought yet. Whoever may manage plans for the whole organisation brings one through the "
        "API (POST /api/v1/plans)."
    )
    return section("programme", words.say("Programmes"), [html.P(words.say(text))])


def _choice(view: EffectsView, filters: Filters) -> Component:
    links = (
        (each.name, filters.address("effects", programme=each.code), each is view.shown) for each in view.programmes
    )
    return choice_of(filters.words.say("Programme"), links)


def _records(view: EffectsView, filters: Filters) -> Sequence[Records]:
    if view.shown is None:
        return ()
    its_cards = [kept.card for kept in view.kept]
    return cards.records(its_cards, filters), schedule.records(its_cards, filters)


PAGE: Final = Page(
    "effects",
    message("Initiatives and effects"),
    _read,
    _draw,
    _records,
    more=frozenset({"programme"}),
    fresh_for_s=30.0,
)
