"""機器: what is broken, and what to do next.

Responsible for the order: what needs a person first, then rises that wait for a decision, then gateways, then what was
refused and what never came, then every device. Refuses repair: it says the next step in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.arranging.rises import HeldRise, held_rises
from shigotoba_backend.read.coverage import Coverage, coverage
from shigotoba_backend.read.devices import DeviceSeen, devices_seen
from shigotoba_backend.read.gateway_commands import Ability, Told, abilities, commands
from shigotoba_backend.read.trouble import Complaint, Hole, Refusal, complaints, holes, refusals
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import as_of, count, percent
from shigotoba_dashboard.pages.devices import gateways, held, tables, telling, todo
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import folded_table, scrolling, section, table_of
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import Words, message


@dataclass(frozen=True)
class DevicesView:
    """What the page knows.

    Attributes:
        devices: Every device of the floor, or of the site.
        coverage: How complete the data are.
        holes: What never came.
        refusals: What was refused.
        complaints: What gateways say is wrong.
        rises: Of counters, that wait for a person.
        abilities: What gateways could be told to do.
        told: What they were told lately.
    """

    devices: tuple[DeviceSeen, ...]
    coverage: Coverage
    holes: tuple[Hole, ...]
    refusals: tuple[Refusal, ...]
    complaints: tuple[Complaint, ...]
    rises: tuple[HeldRise, ...]
    abilities: tuple[Ability, ...]
    told: tuple[Told, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> DevicesView:
    site, floor = filters.site, filters.floor
    return DevicesView(
        tuple(device for device in devices_seen(conn, site, filters.at) if floor in {None, device.floor}),
        coverage(conn, site, filters.at),
        tuple(holes(conn, site)),
        tuple(refusals(conn, site)),
        tuple(complaints(conn, site)),
        tuple(held_rises(conn, site)),
        tuple(abilities(conn, site)),
        tuple(commands(conn, site)),
    )


def _draw(view: DevicesView, filters: Filters) -> list[Component]:
    words = filters.words
    needed, *_rest = _records(view, filters)
    return [
        section(
            "todo",
            words.say("What needs somebody"),
            [
                html.P(_headline(view, filters), className="headline"),
                html.P(words.say("As of {time} JST", time=as_of(filters.at, filters.zone, words))),
                *(
                    [scrolling(words.say("{title}: as a table", title=needed.caption), table_of(as_table(needed)))]
                    if needed.rows
                    else []
                ),
            ],
        ),
        *held.section_of(view.rises, filters),
        gateways.section_of(view.coverage, view.complaints, view.holes, filters),
        *telling.section_of(view.abilities, view.told, filters),
        section(
            "refused",
            words.say("Readings and messages set aside"),
            _or_nothing(tables.refusals(view.refusals, filters), words.say("Nothing has been set aside."), words),
        ),
        section(
            "all",
            words.say("All devices"),
            [folded_table(words.say("All devices as a list"), as_table(tables.devices(view.devices, filters)))],
        ),
    ]


def _or_nothing(records: Records, nothing_to_see: str, words: Words) -> list[Component]:
    if not records.rows:
        return [html.P(nothing_to_see)]
    return [scrolling(words.say("{title}: as a table", title=records.caption), table_of(as_table(records)))]


def _headline(view: DevicesView, filters: Filters) -> str:
    words, tasks = filters.words, _tasks(view, filters)
    known = percent(view.coverage.known_share_today)
    if not tasks:
        return words.say("Nothing needs attention. Known of today: {share}.", share=known)
    return words.say("{tasks} things to see to. Known of today: {share}.", tasks=count(len(tasks)), share=known)


def _tasks(view: DevicesView, filters: Filters) -> list[todo.Task]:
    return [
        *telling.tasks(view.abilities, filters),
        *todo.tasks(view.devices, view.coverage, view.holes, view.rises, filters),
    ]


def _records(view: DevicesView, filters: Filters) -> Sequence[Records]:
    return (
        todo.records(_tasks(view, filters), filters),
        gateways.records(view.coverage, filters),
        gateways.hole_records(view.holes, filters),
        tables.refusals(view.refusals, filters),
        tables.devices(view.devices, filters),
        held.records(view.rises, filters),
    )


PAGE: Final = Page(
    "devices",
    message("Devices"),
    _read,
    _draw,
    _records,
    filters=frozenset({"floor"}),
    needs=Action.SEE_FIGURES,
    changes={**held.CHANGES, **telling.CHANGES},
    fresh_for_s=5.0,
)
