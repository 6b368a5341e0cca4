"""Sites, floors, seats and other places: named and added; where they stand is on the floor plan.

Responsible for this part. Refuses to take places away: what they were used for stays told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.arranging.places import PlaceKept, add_place, change_place, places, put_floor, rename_site
from shigotoba_dashboard.changes import Change, ChangeRefusedError
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.forms import change_form, chosen, typed
from shigotoba_dashboard.pages.floor_plan.editor import kind_name
from shigotoba_dashboard.pages.settings.part import Part, managed, number_in
from shigotoba_dashboard.parts import folded_table, section
from shigotoba_dashboard.records import Records, as_table, number, text
from shigotoba_dashboard.words import message

_KINDS: Final = ("seat", "booth", "room", "studio", "lounge", "equipment")
#: No type of seat is called so.
_AS_IT_IS: Final = "="
SEAT_TYPES: Final = {
    "": message("none"),
    "focus": message("Focus"),
    "window": message("Window"),
    "big_table": message("Big table"),
    "family_booth": message("Family booth"),
}


def _read(conn: psycopg.Connection, filters: Filters) -> list[PlaceKept]:
    return places(conn, filters.site)


def _draw(found: list[PlaceKept], filters: Filters) -> list[Component]:
    words = filters.words
    return [
        section("site", words.say("Site and floors"), [_site_form(filters), *_floor_forms(filters)]),
        section(
            "places",
            words.say("Seats and other places"),
            [
                folded_table(words.say("All places as a list"), as_table(_table(found, filters))),
                html.H3(words.say("Change a place")),
                _change_form(found, filters),
                html.H3(words.say("Add a place")),
                _add_form(filters),
            ],
        ),
    ]


def _site_form(filters: Filters) -> Component:
    words, site = filters.words, filters.places.site
    fields = [
        typed("name", words.say("Name in Japanese"), site.name),
        typed("name_en", words.say("Name in English"), site.name_en),
    ]
    return change_form("settings", "site", filters, fields, words.say("Save the site's name"))


def _floor_forms(filters: Filters) -> list[Component]:
    words = filters.words
    shown: list[Component] = []
    for floor in filters.places.floors:
        there = replace(filters, floor=floor.code).address("floor-plan", part=None)
        plan = html.A(words.say("Edit the floor plan"), href=there)
        fields = [
            typed("name", words.say("Name in Japanese"), floor.name),
            typed("name_en", words.say("Name in English"), floor.name_en),
            typed("level", words.say("Storey"), str(floor.level)),
        ]
        form = change_form("settings", "floor", filters, fields, words.say("Save the floor"), (("code", floor.code),))
        shown += [html.H3(words.say("Floor {floor}", floor=name_of(floor, words))), form, html.P(plan)]
    new = [
        typed("code", words.say("Code")),
        typed("name", words.say("Name in Japanese")),
        typed("name_en", words.say("Name in English")),
        typed("level", words.say("Storey")),
    ]
    add = change_form("settings", "floor", filters, new, words.say("Add the floor"))
    return [*shown, html.Details([html.Summary(words.say("Add a floor")), add], className="folded")]


def _change_form(found: Sequence[PlaceKept], filters: Filters) -> Component:
    words = filters.words
    fields = [
        chosen("code", words.say("Place"), [(each.code, f"{each.name} ({each.code})") for each in found]),
        typed("name", words.say("Name"), hint=words.say("Left empty, it stays as it is.")),
        _seat_types(filters, (_AS_IT_IS, words.say("as it is"))),
        typed("capacity", words.say("People"), hint=words.say("Left empty, it stays as it is.")),
    ]
    return change_form("settings", "place", filters, fields, words.say("Save the place"))


def _add_form(filters: Filters) -> Component:
    words = filters.words
    fields = [
        typed("code", words.say("Code"), hint=words.say("For example 3f-s21; it never changes.")),
        chosen("floor", words.say("Floor"), [(each.code, name_of(each, words)) for each in filters.places.floors]),
        chosen("kind", words.say("Kind"), [(kind, kind_name(kind, words)) for kind in _KINDS]),
        typed("name", words.say("Name")),
        _seat_types(filters),
        typed("capacity", words.say("People"), "1"),
    ]
    return change_form("settings", "new-place", filters, fields, words.say("Add the place"))


def _seat_types(filters: Filters, *more: tuple[str, str]) -> Component:
    words = filters.words
    offered = [*more, *((key, words.say(name)) for key, name in SEAT_TYPES.items())]
    return chosen("seat_type", words.say("Type of seat"), offered, offered[0][0])


def _table(found: Sequence[PlaceKept], filters: Filters) -> Records:
    words = filters.words
    fields = (
        text("name", words.say("Place")),
        text("code", words.say("Code")),
        text("floor", words.say("Floor")),
        text("kind", words.say("Kind")),
        text("seat_type", words.say("Type of seat")),
        number("capacity", words.say("People"), "people"),
    )
    rows = tuple(
        (each.name, each.code, each.floor, kind_name(each.kind, words), each.seat_type, each.capacity) for each in found
    )
    return Records("places", words.say("Places of the site"), fields, rows)


def _rename(conn: psycopg.Connection, change: Change) -> None:
    rename_site(conn, change.site, (change.get("name"), change.get("name_en")), change.actor)


def _floor(conn: psycopg.Connection, change: Change) -> None:
    names = change.get("name"), change.get("name_en")
    put_floor(conn, change.site, change.get("code"), names, number_in(change, "level", -10, 200), change.actor)


def _change(conn: psycopg.Connection, change: Change) -> None:
    code, said = change.get("code"), change.get("seat_type")
    known = next((each for each in places(conn, change.site) if each.code == code), None)
    if known is None:
        raise ChangeRefusedError(change.say("There is no place “{code}” any more.", code=code))
    seat_type = known.seat_type if said == _AS_IT_IS else said or None
    capacity = number_in(change, "capacity", 0, 1000) if change.get("capacity") else known.capacity
    name = change.get("name") or known.name
    change_place(conn, change.site, code, name, (seat_type, capacity), change.actor)


def _add(conn: psycopg.Connection, change: Change) -> None:
    kind = change.get("kind") if change.get("kind") in _KINDS else "seat"
    seat_type = change.get("seat_type") or None
    capacity = number_in(change, "capacity", 0, 1000)
    new = PlaceKept(change.get("code"), change.get("name"), change.get("floor"), kind, seat_type, capacity)
    add_place(conn, change.site, new, change.actor)


def _records(found: Any, filters: Filters) -> Sequence[Records]:
    return (_table(found, filters),)


PART: Final = Part(
    "places",
    message("Sites, floors, seats"),
    _read,
    _draw,
    _records,
    {"site": managed(_rename), "floor": managed(_floor), "place": managed(_change), "new-place": managed(_add)},
)
