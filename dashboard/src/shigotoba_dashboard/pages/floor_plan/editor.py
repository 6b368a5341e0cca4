"""The value from which the browser draws the editor.

Responsible for what is on the plan, what could be, and every word of the editor. Refuses to draw.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.floorplans.plans import Furniture, Placed, Plan
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.paths import CHANGES_PATH, PICTURES_PATH
from shigotoba_dashboard.words import Words, message

if TYPE_CHECKING:
    from shigotoba_dashboard.pages.floor_plan import PlanView

#: Around the outermost places of a floor that has no plan yet.
_MARGIN_M: Final = 2.0
_KINDS: Final = {
    "seat": message("Seat"),
    "booth": message("Booth"),
    "room": message("Room"),
    "studio": message("Studio"),
    "lounge": message("Lounge"),
    "equipment": message("Equipment"),
    "seat_sensor": message("Seat sensor"),
    "booth_sensor": message("Booth sensor"),
    "booth_button": message("Booth button"),
    "mfp": message("Multifunction printer"),
}


def kind_name(kind: str, words: Words) -> str:
    """A kind of place or device as people call it."""
    return words.say(_KINDS[kind]) if kind in _KINDS else kind


def editor(view: PlanView, filters: Filters) -> Component:
    """The place where the browser draws; its ``data-plan`` is what."""
    words = filters.words
    value = json.dumps(_value(view, filters), ensure_ascii=False)
    waiting = html.P(words.say("Loading…"))
    data: dict[str, Any] = {"data-plan": value}
    return html.Div(waiting, className="plan-editor", key=value, **data)


def _value(view: PlanView, filters: Filters) -> dict[str, Any]:
    chosen, words = view.chosen, filters.words
    width_m, height_m = _size(view)
    drawn = chosen is not None and chosen.info.media_type is not None
    number = chosen.info.plan_id if chosen is not None and drawn else None
    on_plan = _by_code(chosen.places if chosen else view.places)
    devices = _by_code(chosen.devices if chosen else ())
    where = {each.code: each for each in view.places}
    things = [
        _thing(each.code, "places", each.name, kind_name(each.kind, words), on_plan.get(each.code), (each.x, each.y))
        for each in view.places
    ] + [
        _thing(each.code, "devices", each.code, kind_name(each.kind, words), devices.get(each.code),
               (where[each.space].x, where[each.space].y))
        for each in view.devices
    ]  # fmt: skip
    return {
        "action": f"{CHANGES_PATH}floor-plan/save",
        "site": filters.site,
        "lang": filters.language,
        "floor": view.floor,
        "floor_name": next(floor.name for floor in filters.places.floors if floor.code == view.floor),
        "first": max(filters.today, chosen.info.first).isoformat() if chosen else filters.today.isoformat(),
        "width_m": width_m,
        "height_m": height_m,
        "picture": f"{PICTURES_PATH}{number}?site={filters.site}" if number is not None else None,
        "picture_of": number,
        "things": things,
        "words": {name: words.say(text) for name, text in _WORDS.items()},
    }


def _thing(
    code: str, list_name: str, name: str, kind: str, placed: Placed | Furniture | None, else_at: tuple[float, float]
) -> dict[str, Any]:
    x, y = (placed.x, placed.y) if placed else else_at
    return {"code": code, "list": list_name, "name": name, "kind": kind, "on": placed is not None, "x": x, "y": y}


def _by_code(placed: Sequence[Placed | Furniture]) -> Mapping[str, Placed | Furniture]:
    return {each.code: each for each in placed}


def _size(view: PlanView) -> tuple[float, float]:
    chosen: Plan | None = view.chosen
    if chosen is not None:
        return chosen.info.width_m, chosen.info.height_m
    across, down = ([getattr(each, side) for each in view.places] for side in ("x", "y"))
    return round(max(across, default=10.0) + _MARGIN_M, 1), round(max(down, default=6.0) + _MARGIN_M, 1)


_WORDS: Final = {
    "map": message("Map of the floor: choose a sign and move it with the mouse or the arrow keys"),
    "keys": message(
        "Mouse: drag a sign. Keyboard: Tab to a sign, arrow keys move it by 10 cm, with Shift by 1 m, Delete takes it "
        "off the plan. Or type the numbers in the list."
    ),
    "list": message("Everything on this floor"),
    "thing": message("Place or device"),
    "kind": message("Kind"),
    "on": message("On the plan"),
    "x": message("From the left (m)"),
    "y": message("From the top (m)"),
    "width": message("Width shown (m)"),
    "height": message("Height shown (m)"),
    "picture": message("Picture of the floor (SVG, PNG or JPEG)"),
    "picture_hint": message("Scripts, links and everything but the drawing are left out."),
    "first": message("Valid from"),
    "first_hint": message("For example 2026-11-20, 2026/11/20 or 令和8年11月20日."),
    "save": message("Save this plan"),
    "devices": message("Show devices on the map"),
    "unsaved": message("Not saved yet."),
}
