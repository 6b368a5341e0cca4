"""A card is edited: what was seen, what is typed, and why; every version stays.

Responsible for the form and for reading it. Refuses what the card's own rules refuse, in words, and an edit of a
version that is not the newest any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.plans.cards import STATUSES, Card, CardError, Status, Year
from shigotoba_backend.plans.keeping import (
    EditedMeanwhileError,
    Kept,
    UnknownInitiativeError,
    Writing,
    initiative,
)
from shigotoba_backend.plans.keeping import edit as write
from shigotoba_backend.read.sites import organisation_of, sections
from shigotoba_backend.texts import texts_in
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.dates import NotADayError, fiscal_year, read_day
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name
from shigotoba_dashboard.forms import change_form, chosen, typed, typed_lines
from shigotoba_dashboard.pages.effects.cards import status_name
from shigotoba_dashboard.pages.initiative import linking
from shigotoba_dashboard.words import message

_FIRST_YEAR, _LAST_YEAR = 1989, 2999
_NOT_A_YEAR: Final = message("“{text}” is not a fiscal year. Write one as 2026.")


def form(kept: Kept, places: Mapping[str, str], filters: Filters) -> list[Component]:
    """The form, folded; nothing for who may not."""
    if not filters.may(Action.MANAGE_PLANS):
        return []
    words, card = filters.words, kept.card
    one_each, years = words.say("One on each line"), _years_told(card, fiscal_year(filters.today))
    fields: list[Any] = [
        typed("title", words.say("Title"), card.title),
        chosen("status", words.say("Status"), [(each, status_name(each, words)) for each in STATUSES], card.status),
        typed_lines("responsible", words.say("Responsible"), card.responsible, one_each),
        typed("first_year", words.say("First fiscal year"), str(card.first_year)),
        typed("last_year", words.say("Last fiscal year"), str(card.last_year or ""), words.say("Empty for no end")),
        typed(
            "effective_from",
            words.say("In effect since"),
            str(card.effective_from or ""),
            words.say("A day such as 2026-04-01 or 令和8年4月1日"),
        ),
        typed_lines("overview", words.say("What it is about"), [card.overview]),
        typed_lines("outputs", words.say("Outputs"), card.outputs, one_each),
        typed_lines("outcomes", words.say("Outcomes"), card.outcomes, one_each),
        *linking.fields(card, places, words),
        *(field for year in years for field in _year_fields(year, filters)),
        typed("reason", words.say("Why the card is changed")),
    ]
    hidden = (
        ("programme", filters.get("programme") or ""),
        ("initiative", card.code),
        ("seen_version", str(kept.version)),
        ("years", " ".join(str(year.fiscal_year) for year in years)),
    )
    sent = change_form("initiative", "edit", filters, fields, words.say("Keep as a new version"), hidden)
    return [html.Details([html.Summary(words.say("Edit this card")), sent], className="folded")]


def _years_told(card: Card, current: int) -> list[Year]:
    """The years that the card tells of, and the current one: each has fields of its own, so that none is typed over."""
    told = {year.fiscal_year: year for year in card.years}
    return [told.get(number, Year(number)) for number in sorted({*told, current})]


def _year_fields(year: Year, filters: Filters) -> list[Component]:
    words, number = filters.words, year.fiscal_year
    name, one_each = fiscal_year_name(number, words), words.say("One on each line")
    return [
        typed_lines(f"actuals_{number}", words.say("{year}: what was done", year=name), year.actuals, one_each),
        typed_lines(f"next_steps_{number}", words.say("{year}: next steps", year=name), year.next_steps, one_each),
    ]


def _edit(conn: psycopg.Connection, change: Change) -> Done:
    programme, code = change.get("programme"), change.get("initiative")
    organisation = organisation_of(conn, change.site)
    try:
        kept = initiative(conn, organisation, programme, code)
    except UnknownInitiativeError as error:
        raise ChangeRefusedError(change.say("There is no such initiative. Choose one from the list.")) from error
    if change.get("seen_version") != str(kept.version):
        raise _meanwhile(change)
    if not change.get("reason"):
        raise ChangeRefusedError(change.say("Say why the card is changed."))
    places = linking.places_offered(change.filters, organisation, sections(conn, change.site))
    card = _typed_card(kept.card, change, places)
    if card == kept.card:
        raise ChangeRefusedError(change.say("Nothing is different from what the card says."))
    try:
        version = write(conn, kept, programme, Writing(card, change.actor, change.get("reason"), change.at))
    except EditedMeanwhileError as error:
        raise _meanwhile(change) from error
    return Done(change.say("Kept as version {version}. Earlier versions stay.", version=version))


def _meanwhile(change: Change) -> ChangeRefusedError:
    return ChangeRefusedError(change.say("Somebody else has edited the card meanwhile. Load the page again."))


def _typed_card(card: Card, change: Change, places: Mapping[str, str]) -> Card:
    """The card with what was typed.

    Raises:
        ChangeRefusedError: It contradicts itself, or something cannot be read.
    """
    try:
        return replace(
            card,
            title=change.get("title") or card.title,
            status=_status(change, card),
            responsible=_lines(change, "responsible"),
            first_year=_year(change, "first_year"),
            last_year=_year(change, "last_year") if change.get("last_year") else None,
            effective_from=_day(change),
            overview="\n".join(change.get("overview").splitlines()),
            outputs=_lines(change, "outputs"),
            outcomes=_lines(change, "outcomes"),
            years=_typed_years(change),
            **linking.linked(change, card, places),
        )
    except CardError as error:
        complaint = error.said(texts_in(change.filters.language))
        raise ChangeRefusedError(change.say("The card contradicts itself: {complaint}", complaint=complaint)) from error


def _status(change: Change, card: Card) -> Status:
    asked = change.get("status")
    return asked if asked in STATUSES else card.status


def _typed_years(change: Change) -> list[Year]:
    """The years of the form; one of which nothing is told is left out."""
    numbers = [int(number) for number in change.get("years").split() if number.isdecimal()]
    told = [Year(each, _lines(change, f"actuals_{each}"), _lines(change, f"next_steps_{each}")) for each in numbers]
    return [year for year in told if year.actuals or year.next_steps]


def _lines(change: Change, name: str) -> list[str]:
    return [line.strip() for line in change.get(name).splitlines() if line.strip()]


def _year(change: Change, name: str) -> int:
    text = change.get(name)
    if not text.isdecimal() or not _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        raise ChangeRefusedError(change.say(_NOT_A_YEAR, text=text))
    return int(text)


def _day(change: Change) -> date | None:
    text = change.get("effective_from")
    try:
        return read_day(text) if text else None
    except NotADayError as error:
        said = message("“{text}” is not a day. Write it as 2026-11-20, 2026/11/20 or 令和8年11月20日.")
        raise ChangeRefusedError(change.say(said, text=text)) from error


CHANGES: Final = {"edit": Deal(Action.MANAGE_PLANS, _edit)}
