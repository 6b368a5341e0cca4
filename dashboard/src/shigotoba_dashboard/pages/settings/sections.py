"""Which seats and printers serve one section, from which day on.

Responsible for this part. Refuses to make sections and headcounts: a site file describes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.arranging.serving import Serving, serve, servings
from shigotoba_backend.read.sites import SectionInfo, sections
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.forms import change_form, chosen, typed
from shigotoba_dashboard.pages.floor_plan.editor import kind_name
from shigotoba_dashboard.pages.settings.part import Part, day_in
from shigotoba_dashboard.parts import folded_table, section
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import message


@dataclass(frozen=True)
class SectionsKept:
    """What the part knows.

    Attributes:
        places: Seats and printers with the section they serve today.
        sections: Of the organisation.
    """

    places: tuple[Serving, ...]
    sections: tuple[SectionInfo, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> SectionsKept:
    today = filters.at.astimezone(filters.zone).date()
    return SectionsKept(tuple(servings(conn, filters.site, today)), tuple(sections(conn, filters.site)))


def _draw(view: SectionsKept, filters: Filters) -> list[Component]:
    words, table = filters.words, _table(view, filters)
    if not view.sections:
        nothing = words.say("No section is known yet: a site file describes sections and how many people they have.")
        return [section("serving", words.say("Places of a section"), [html.P(nothing)])]
    told = words.say(
        "Figures of a section are those of the seats and printers that serve it alone. A seat with free addresses and "
        "a printer for all serve none. Of a section of fewer than five people, or without a headcount, nothing is told."
    )
    return [
        section(
            "serving",
            words.say("Places of a section"),
            [html.P(told), _form(view, filters), folded_table(table.caption, as_table(table))],
        )
    ]


def _form(view: SectionsKept, filters: Filters) -> Component:
    words = filters.words
    offered = [(each.code, f"{name_of(each, words)} ({each.code})") for each in view.sections]
    hint = words.say("Codes with spaces between; 3f-s* stands for all that begin so.")
    fields = [
        typed("places", words.say("Seats and printers"), hint=hint),
        chosen("section", words.say("Belongs to"), [*offered, ("", words.say("none: for all"))], offered[0][0]),
        typed("first", words.say("From which day on"), hint=words.say("Past or not, such as 2026-04-01.")),
    ]
    return change_form("settings", "serve", filters, fields, words.say("Save the places"))


def _table(view: SectionsKept, filters: Filters) -> Records:
    words = filters.words
    names = {each.code: name_of(each, words) for each in view.sections}

    def day(first: date) -> str:
        return f"{first:%Y-%m-%d}"

    fields = (
        text("place", words.say("Place")),
        text("code", words.say("Code")),
        text("floor", words.say("Floor")),
        text("kind", words.say("Kind")),
        text("section", words.say("Belongs to")),
        Field("since", words.say("Since"), "", day),
    )
    rows = tuple(
        (each.name, each.code, each.floor, kind_name(each.kind, words), names.get(each.section or ""), each.first)
        for each in view.places
    )
    return Records("section-places", words.say("Seats and printers and the section they serve"), fields, rows)


def _serve(conn: psycopg.Connection, change: Change) -> Done:
    codes = change.get("places").split()
    if not codes:
        raise ChangeRefusedError(change.say("Name at least one seat or printer, such as 3f-p1."))
    changed = serve(conn, change.site, codes, change.get("section") or None, day_in(change, "first"), change.actor)
    return Done(change.say("Saved: {places} places.", places=len(changed)))


def _records(view: Any, filters: Filters) -> Sequence[Records]:
    return (_table(view, filters),)


PART: Final = Part(
    "sections",
    message("Sections and places"),
    _read,
    _draw,
    _records,
    {"serve": Deal(Action.MANAGE_SITE, _serve)},
)
