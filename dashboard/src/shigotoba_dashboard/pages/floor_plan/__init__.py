"""The floor plan editor: a picture, and where seats, booths and devices stand on it, from a day on.

It is drawn by ``assets/plan-editor.js`` from one value: a map for mouse and arrow keys, and beside it a list with the
same content whose numbers can be typed. Responsible for that value, for the versions and for what is sent back.
Refuses geometry and rules (see ``floorplans`` in the backend).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.floorplans.keeping import Draft, drop_plan, save_plan
from shigotoba_backend.floorplans.pictures import read_picture
from shigotoba_backend.floorplans.plans import (
    Fitting,
    Furniture,
    Placed,
    Plan,
    PlanInfo,
    fittings,
    furniture,
    plan,
    versions,
)
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.dates import NotADayError, read_day
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import full_day, name_of
from shigotoba_dashboard.forms import change_form
from shigotoba_dashboard.pages.floor_plan.editor import editor
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import aria, section
from shigotoba_dashboard.words import message


@dataclass(frozen=True)
class PlanView:
    """What the page knows.

    Attributes:
        floor: Code of the floor.
        versions: Its plans, newest first.
        chosen: The plan that is edited; None for the first one of a floor.
        places: Everything people use there.
        devices: Everything that serves them.
    """

    floor: str
    versions: tuple[PlanInfo, ...]
    chosen: Plan | None
    places: tuple[Furniture, ...]
    devices: tuple[Fitting, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> PlanView | None:
    floor = filters.floor or next((each.code for each in filters.places.floors), None)
    if floor is None:
        return None
    found = tuple(versions(conn, filters.site, floor))
    number = _chosen(found, filters)
    return PlanView(
        floor,
        found,
        plan(conn, filters.site, number) if number is not None else None,
        tuple(furniture(conn, filters.site, floor, filters.at)),
        tuple(fittings(conn, filters.site, floor, filters.at)),
    )


def _chosen(found: tuple[PlanInfo, ...], filters: Filters) -> int | None:
    """The version in the address, else the one that is valid today, else the oldest that is to come."""
    asked = [each.plan_id for each in found if str(each.plan_id) == filters.get("version")]
    begun = [each.plan_id for each in found if each.first <= filters.today]
    return next(iter([*asked, *begun, *(each.plan_id for each in found[::-1])]), None)


def _draw(view: PlanView | None, filters: Filters) -> list[Component]:
    words = filters.words
    if view is None:
        return [html.P(words.say("This site has no floors yet."))]
    floor = next(name_of(each, words) for each in filters.places.floors if each.code == view.floor)
    return [
        _versions(view, filters),
        section("plan-editing", words.say("Plan of {floor}", floor=floor), [editor(view, filters)]),
    ]


def _versions(view: PlanView, filters: Filters) -> Component:
    words = filters.words
    title = words.say("Versions")
    if not view.versions:
        text = words.say("This floor has no plan yet. The map shows its places where the site file puts them.")
        return section("versions", title, [html.P(text)])
    items = [html.Li(_version(each, view, filters)) for each in view.versions]
    return section("versions", title, [html.Ul(items, className="versions")])


def _version(info: PlanInfo, view: PlanView, filters: Filters) -> list[Any]:
    words, here = filters.words, view.chosen is not None and view.chosen.info.plan_id == info.plan_id
    days = words.say(
        "{first} – {last}",
        first=full_day(info.first, words),
        last=full_day(info.beyond, words) if info.beyond else words.say("until further notice"),
    )
    link = html.A(
        days,
        href=filters.address("floor-plan", version=str(info.plan_id)),
        **(aria(current="true") if here else {}),
    )
    if info.first <= filters.today:
        return [link]
    hidden = (("plan", str(info.plan_id)), ("floor", view.floor))
    return [link, change_form("floor-plan", "drop", filters, [], words.say("Take back"), hidden)]


class _Sent(msgspec.Struct, frozen=True):
    width_m: float
    height_m: float
    places: list[Placed]
    devices: list[Placed]
    picture_of: int | None = None


def _save(conn: psycopg.Connection, change: Change) -> Done:
    try:
        sent = msgspec.json.decode(change.get("plan"), type=_Sent)
    except msgspec.MsgspecError as error:
        raise ChangeRefusedError(change.say("A number is missing or is none: {what}", what=str(error))) from error
    picture = change.files.get("picture")
    draft = Draft(
        change.get("floor"),
        _day(change),
        sent.width_m,
        sent.height_m,
        tuple(sent.places),
        tuple(sent.devices),
        read_picture(picture) if picture else None,
        sent.picture_of,
    )
    number = save_plan(conn, change.site, draft, change.actor, change.at)
    told = change.say("Saved. The plan is valid from {day}.", day=full_day(draft.first, change.filters.words))
    return Done(told, change.filters.address("floor-plan", version=str(number)))


def _day(change: Change) -> date:
    try:
        return read_day(change.get("first"))
    except NotADayError as error:
        told = change.say(
            "“{text}” is not a day. Write it as 2026-11-20, 2026/11/20 or 令和8年11月20日.", text=change.get("first")
        )
        raise ChangeRefusedError(told) from error


def _drop(conn: psycopg.Connection, change: Change) -> Done:
    number = change.get("plan")
    drop_plan(conn, change.site, int(number) if number.isdecimal() else 0, change.actor, change.at)
    return Done(change.say("Taken back."), change.filters.address("floor-plan", version=None))


PAGE: Final = Page(
    "floor-plan",
    message("Floor plan"),
    _read,
    _draw,
    filters=frozenset({"floor"}),
    more=frozenset({"version"}),
    needs=Action.MANAGE_SITE,
    personal=True,
    menu=False,
    changes={"save": Deal(Action.MANAGE_SITE, _save), "drop": Deal(Action.MANAGE_SITE, _drop)},
)
