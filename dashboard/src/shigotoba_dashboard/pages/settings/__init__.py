"""設定: the site and its floors, its places and whom they serve, devices, when it is open; and what is set elsewhere.

Responsible for the order of the parts, of which one is shown at a time. Refuses to know what a part holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import psycopg
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.settings import calendar, devices, elsewhere, places, sections
from shigotoba_dashboard.pages.settings.part import Part
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import message

_ALL: Final = (places.PART, devices.PART, sections.PART, calendar.PART, elsewhere.PART)
_PARTS: Final[Mapping[str, Part]] = {part.key: part for part in _ALL}


def _part(filters: Filters) -> Part:
    return _PARTS.get(filters.get("part") or "", places.PART)


def _read(conn: psycopg.Connection, filters: Filters) -> object:
    return _part(filters).read(conn, filters)


def _draw(view: object, filters: Filters) -> list[Component]:
    words, here = filters.words, _part(filters)
    links = (
        (words.say(each.title), filters.address("settings", part=each.key), each is here) for each in _PARTS.values()
    )
    return [choice_of(words.say("Part"), links), *here.draw(view, filters)]


def _records(view: object, filters: Filters) -> Sequence[Records]:
    return _part(filters).records(view, filters)


PAGE: Final = Page(
    "settings",
    message("Settings"),
    _read,
    _draw,
    _records,
    more=frozenset({"part"}),
    needs=Action.MANAGE_SITE,
    personal=True,
    changes={name: deal for part in _PARTS.values() for name, deal in part.changes.items()},
)
