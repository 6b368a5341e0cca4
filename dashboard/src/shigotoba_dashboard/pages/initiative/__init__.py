"""One initiative: its card in full, what it has changed as far as that can be told, and how the card was revised.

Responsible for the page and its questions. Refuses to round a doubt away: what cannot be concluded stands first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component
from msgspec.structs import replace

from shigotoba_backend.effects.questions import Answer, effects_of
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.keeping import Kept, Version, initiatives, versions
from shigotoba_backend.read.sites import organisation_of, sections
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.pages.initiative import card, editing, effect, linking
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import section
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import message


@dataclass(frozen=True)
class InitiativeView:
    """What the page knows; no card where there is none by that code.

    Attributes:
        kept: The card.
        versions: Of the card, newest first.
        answers: The effect on each indicator at each place.
        sections: Names of sections by code.
        places: Where it may take effect: names by scope.
    """

    kept: Kept | None = None
    versions: tuple[Version, ...] = ()
    answers: tuple[Answer, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict[str, str])
    places: Mapping[str, str] = field(default_factory=dict[str, str])


def _read(conn: psycopg.Connection, filters: Filters) -> InitiativeView:
    organisation = organisation_of(conn, filters.site)
    its = initiatives(conn, organisation, filters.get("programme") or "")
    kept = next((each for each in its if each.card.code == filters.get("initiative")), None)
    if kept is None:
        return InitiativeView()
    others = [each.card for each in its]
    answers = tuple(effects_of(conn, kept.card, filters.site, others, filters.at))
    its_sections = sections(conn, filters.site)
    names = {each.code: name_of(each, filters.words) for each in its_sections}
    places = linking.places_offered(filters, organisation, its_sections)
    return InitiativeView(kept, tuple(versions(conn, kept)), answers, names, places)


def _draw(view: InitiativeView, filters: Filters) -> list[Component]:
    words = filters.words
    back = html.P(html.A(words.say("← All initiatives"), href=filters.address("effects", initiative=None)))
    if view.kept is None:
        return [back, html.P(words.say("There is no such initiative. Choose one from the list."), className="notice")]
    its_card = view.kept.card
    return [
        back,
        section(
            "card",
            its_card.title,
            [*card.contents(its_card, view.sections, filters), *editing.form(view.kept, view.places, filters)],
        ),
        section("effect", words.say("What it has changed"), _effects(view, filters)),
        section("versions", words.say("How the card was revised"), [card.history(view.versions, filters)]),
    ]


def _effects(view: InitiativeView, filters: Filters) -> list[Component]:
    words = filters.words
    answers = _seen(view, filters)
    if answers:
        parts = (effect.part(answer, number, view.sections, filters) for number, answer in enumerate(answers))
        return [html.P(words.say(effect.HOW_TO_READ), className="tile-note"), *parts]
    text = message(
        "Nothing can be said of an effect: the card needs the day it took effect and an indicator that is told by "
        "month."
    )
    return [html.P(words.say(text))]


def _seen(view: InitiativeView, filters: Filters) -> tuple[Answer, ...]:
    """What may be told who looks: an effect at one section is for that section and for who sees all.

    The months of the places compared with are left out where one of these is another section.
    """
    seen = (answer for answer in view.answers if _sees(answer, [answer.scope], filters))
    return tuple(_as_seen(answer, filters) for answer in seen)


def _as_seen(answer: Answer, filters: Filters) -> Answer:
    if _sees(answer, map(Scope.parse, answer.question.comparisons), filters):
        return answer
    return replace(answer, question=replace(answer.question, comparisons={}))


def _sees(answer: Answer, scopes: Iterable[Scope], filters: Filters) -> bool:
    return all(filters.visitor.sees(answer.indicator.seen_as(scope), filters.site) for scope in scopes)


def _records(view: InitiativeView, filters: Filters) -> Sequence[Records]:
    if view.kept is None:
        return ()
    answers = _seen(view, filters)
    months = (effect.months(answer, number, view.sections, filters) for number, answer in enumerate(answers))
    return (
        *([effect.records(answers, view.sections, filters)] if answers else []),
        *months,
        card.history_records(view.versions, filters),
    )


PAGE: Final = Page(
    "initiative",
    message("Initiative"),
    _read,
    _draw,
    _records,
    more=frozenset({"programme", "initiative"}),
    changes=editing.CHANGES,
    menu=False,
    fresh_for_s=300.0,
)
