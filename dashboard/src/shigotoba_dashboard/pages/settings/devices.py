"""Which device serves which place, from when on.

Responsible for this part. Refuses to rewrite where a device has been (see ``arranging.devices`` in the backend).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.arranging.devices import DeviceKept, add_device, devices, move_device
from shigotoba_backend.arranging.places import PlaceKept, places
from shigotoba_dashboard.changes import Change
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.forms import change_form, chosen, typed
from shigotoba_dashboard.pages.floor_plan.editor import kind_name
from shigotoba_dashboard.pages.settings.part import Part, managed, moment_in, number_in
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import message

_KINDS: Final = ("seat_sensor", "booth_sensor", "booth_button", "mfp")


@dataclass(frozen=True)
class DevicesKept:
    """What the part knows.

    Attributes:
        devices: By kind and code.
        places: Where they may go.
    """

    devices: tuple[DeviceKept, ...]
    places: tuple[PlaceKept, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> DevicesKept:
    return DevicesKept(tuple(devices(conn, filters.site, filters.at)), tuple(places(conn, filters.site)))


def _draw(view: DevicesKept, filters: Filters) -> list[Component]:
    words, title = filters.words, filters.words.say("Devices and the places they serve")
    return [
        section(
            "moving",
            words.say("Move a device"),
            [
                html.P(
                    words.say("What a device has told until then counts where it was: a move never changes the past.")
                ),
                _move_form(view, filters),
            ],
        ),
        section(
            "devices",
            title,
            [
                scrolling(
                    words.say("{title}: as a table", title=title), table_of(as_table(_table(view.devices, filters)))
                )
            ],
        ),
        section("adding", words.say("Add a device"), [_add_form(filters)]),
    ]


def _move_form(view: DevicesKept, filters: Filters) -> Component:
    words = filters.words
    offered = [(each.code, f"{each.code} ({each.space or '—'})") for each in view.devices]
    places_there = [(each.code, f"{each.name} ({each.code})") for each in view.places]
    targets = [*places_there, ("", words.say("nowhere: taken away"))]
    fields = [
        chosen("device", words.say("Device"), offered),
        chosen("space", words.say("To"), targets, targets[0][0]),
        typed("at", words.say("From when on"), hint=words.say("For example 2026-11-20 17:30; left empty, now.")),
    ]
    return change_form("settings", "move", filters, fields, words.say("Move the device"))


def _add_form(filters: Filters) -> Component:
    words = filters.words
    fields = [
        typed("device", words.say("Code"), hint=words.say("As the agent reports it, for example ble-5448e68f80a5.")),
        chosen("kind", words.say("Kind"), [(kind, kind_name(kind, words)) for kind in _KINDS]),
        typed("keep_alive_s", words.say("Longest silence (s)"), "60"),
    ]
    return change_form("settings", "new-device", filters, fields, words.say("Add the device"))


def _table(found: Sequence[DeviceKept], filters: Filters) -> Records:
    words = filters.words

    def moment(at: datetime) -> str:
        return f"{at.astimezone(filters.zone):%Y-%m-%d %H:%M}"

    fields = (
        text("device", words.say("Device")),
        text("kind", words.say("Kind")),
        text("place", words.say("Place")),
        Field("since", words.say("Since"), "", moment),
        text("next_place", words.say("Next place")),
        Field("next_at", words.say("From when on"), "", moment),
    )
    rows = tuple(
        (each.code, kind_name(each.kind, words), each.space, each.since, each.next_space, each.next_at)
        for each in found
    )
    return Records("device-places", words.say("Devices and the places they serve"), fields, rows)


def _move(conn: psycopg.Connection, change: Change) -> None:
    at = moment_in(change, "at") if change.get("at") else change.at
    place = change.site, change.get("device"), change.get("space") or None
    move_device(conn, place, at, change.actor, change.at)


def _add(conn: psycopg.Connection, change: Change) -> None:
    kind = change.get("kind") if change.get("kind") in _KINDS else _KINDS[0]
    silence_s = number_in(change, "keep_alive_s", 1, 90 * 86_400)
    add_device(conn, change.site, change.get("device"), kind, float(silence_s), change.actor)


PART: Final = Part(
    "devices",
    message("Devices and places"),
    _read,
    _draw,
    lambda view, filters: (_table(view.devices, filters),),
    {"move": managed(_move), "new-device": managed(_add)},
)
