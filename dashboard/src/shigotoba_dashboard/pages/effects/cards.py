"""A programme's initiatives as cards, grouped by the plan's pillars, with the status of each as symbol and word.

Responsible for the cards and for how many are in which status. Refuses to say what an initiative has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.plans.cards import STATUSES, Card, Status
from shigotoba_backend.plans.schedule import status_counts
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import full_day
from shigotoba_dashboard.parts import section
from shigotoba_dashboard.records import Field, Records, text
from shigotoba_dashboard.words import Words, message

_STATUS_WORDS: Final[dict[Status, str]] = {
    "done": message("Done"),
    "under_way": message("Under way"),
    "partly_under_way": message("Partly under way"),
    "planned": message("Planned"),
    "under_study": message("Under study"),
    "to_be_studied": message("To be studied"),
}
#: The fuller the circle, the further it has come; read without colour.
_SYMBOLS: Final[dict[Status, str]] = {
    "done": "●",
    "under_way": "◕",
    "partly_under_way": "◑",
    "planned": "◔",
    "under_study": "○",
    "to_be_studied": "－",
}
_UNDER_WAY: Final[frozenset[Status]] = frozenset({"done", "under_way", "partly_under_way"})


def status(card: Card, words: Words) -> str:
    """``◕ 実施中``."""
    return f"{_SYMBOLS[card.status]} {words.say(_STATUS_WORDS[card.status])}"


def status_name(code: Status, words: Words) -> str:
    """``実施中``."""
    return words.say(_STATUS_WORDS[code])


def status_badge(card: Card, words: Words) -> Component:
    """The same as a sign."""
    return html.Span(status(card, words), className=f"status {card.status}")


def period(card: Card, words: Words) -> str:
    """``2024～2027年度``; without an end it goes on."""
    if card.last_year is None:
        return words.say("from fiscal {first} on", first=str(card.first_year))
    if card.last_year == card.first_year:
        return words.say("fiscal {first}", first=str(card.first_year))
    return words.say("fiscal {first}–{last}", first=str(card.first_year), last=str(card.last_year))


def sentence(cards: Sequence[Card], words: Words) -> str:
    """How far the programme has come."""
    begun = sum(card.status in _UNDER_WAY for card in cards)
    return words.say(
        "{begun} of {all} initiatives are done or under way; the effect of {measured} can be asked.",
        begun=begun,
        all=len(cards),
        measured=sum(can_be_asked(card) for card in cards),
    )


def can_be_asked(card: Card) -> bool:
    """Whether the card names a day and indicators, without which there is no before and after."""
    return card.effective_from is not None and bool(card.indicators)


def counts(cards: Sequence[Card], words: Words) -> Component:
    """How many are in each of the six classes, zeros included."""
    found = status_counts(cards)
    return html.Dl(
        [
            html.Div([html.Dt(f"{_SYMBOLS[each]} {words.say(_STATUS_WORDS[each])}"), html.Dd(str(found[each]))])
            for each in STATUSES
        ],
        className="status-counts",
    )


def section_of(cards: Sequence[Card], programme: str, filters: Filters) -> Component:
    """The cards, pillar by pillar in the order of the plan."""
    parts: list[Component] = []
    for pillar in dict.fromkeys(card.pillar for card in cards):
        its = [card for card in cards if card.pillar == pillar]
        parts += [html.H3(pillar), html.Ul([_card(card, programme, filters) for card in its], className="initiatives")]
    return section("initiatives", filters.words.say("Initiatives"), parts)


def _card(card: Card, programme: str, filters: Filters) -> Component:
    words = filters.words
    address = filters.address("initiative", programme=programme, initiative=card.code)
    indicators = words.say(", ").join(told.title(REGISTRY[key], words) for key in card.indicators if key in REGISTRY)
    lines = (
        words.say("{sections}, {period}", sections=words.say(", ").join(card.responsible), period=period(card, words)),
        words.say("Shown by: {indicators}", indicators=indicators) if indicators else words.say("No indicator linked"),
        _effect_line(card, words),
    )
    return html.Li(
        [
            html.Div(html.A(card.title, href=address), className="initiative-title"),
            status_badge(card, words),
            *(html.P(line, className="tile-note") for line in lines),
        ],
        className="initiative",
    )


def _effect_line(card: Card, words: Words) -> str:
    if card.effective_from is None:
        return words.say("No day it took effect is entered, so there is no before and after.")
    return words.say("In effect since {day}", day=full_day(card.effective_from, words))


def records(cards: Sequence[Card], filters: Filters) -> Records:
    """One row per initiative."""
    words = filters.words
    fields = (
        text("code", words.say("Code")),
        text("title", words.say("Initiative")),
        text("pillar", words.say("Pillar")),
        text("status", words.say("Status")),
        text("responsible", words.say("Responsible")),
        Field("first_fiscal_year", words.say("First fiscal year"), number=True),
        Field("last_fiscal_year", words.say("Last fiscal year"), number=True),
        text("effective_from", words.say("In effect since")),
        text("indicators", words.say("Indicators")),
    )
    rows = tuple(
        (
            card.code,
            card.title,
            card.pillar,
            words.say(_STATUS_WORDS[card.status]),
            " ".join(card.responsible),
            card.first_year,
            card.last_year,
            card.effective_from,
            " ".join(card.indicators),
        )
        for card in cards
    )
    return Records("initiatives", words.say("Initiatives"), fields, rows)
