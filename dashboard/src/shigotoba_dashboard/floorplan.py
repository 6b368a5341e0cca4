"""A floor as positioned signs, from the spaces' coordinates.

Responsible for where each sign stands; how large signs and metres are is said in the style sheet, so that a narrow
screen shows the same plan with smaller signs. A floor that has a plan of the day shows its picture to scale; any other
is spread over the room there is. The plan is a picture for the eyes; beside it stands the list with the same content.
Signs are written as HTML: a thousand of them as components took the server half a second, every time one changed.
Refuses to be edited (see ``pages.floor_plan``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.floorplans.plans import PlanInfo
from shigotoba_backend.read.now import FloorInfo, SpaceNow
from shigotoba_dashboard import states
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.paths import PICTURES_PATH
from shigotoba_dashboard.words import Words
from shigotoba_dashboard.written import Written, markup, style_of


@dataclass(frozen=True)
class Extent:
    """The rectangle that holds every space of a floor, in metres.

    Attributes:
        left_m: Smallest x.
        top_m: Smallest y.
        width_m: At least one metre, so that a single row has a plan too.
        height_m: Largest y minus smallest; 0 for a single row.
    """

    left_m: float
    top_m: float
    width_m: float
    height_m: float

    def across(self, space: SpaceNow) -> float:
        """Where the space stands between the left edge, 0, and the right edge, 1."""
        return (space.x - self.left_m) / self.width_m

    def down(self, space: SpaceNow) -> float:
        """Where it stands between the upper edge, 0, and the lower edge, 1."""
        return (space.y - self.top_m) / self.height_m if self.height_m else 0.0


def extent(spaces: Sequence[SpaceNow]) -> Extent:
    """The extent of at least one space."""
    across, down = [space.x for space in spaces], [space.y for space in spaces]
    return Extent(min(across), min(down), max(1.0, max(across) - min(across)), max(down) - min(down))


def floor_plan(floor: FloorInfo, spaces: Sequence[SpaceNow], words: Words, plan: PlanInfo | None = None) -> Component:
    """One floor with a sign for each of its spaces, on its plan where it has one."""
    name = name_of(floor, words)
    counts = states.counts([space for space in spaces if space.kind == "seat"], words)
    summary = words.say("{floor}: {counts}", floor=name, counts=counts)
    signs = _on_plan(floor, spaces, words, plan) if plan else _spread(floor, spaces, words)
    attributes = {"class": "plan drawn" if plan else "plan", "role": "img", **aria(label=summary)}
    heading = html.H3([name, html.Span(counts, className="counts")])
    return html.Div([heading, Written("div", attributes, signs)], className="floor")


def _spread(floor: FloorInfo, spaces: Sequence[SpaceNow], words: Words) -> str:
    if not spaces:
        return ""
    ground = extent(spaces)
    height = f"calc(var(--sign-height) + {ground.height_m:.2f} * var(--metre))"
    spots = [
        (
            f"calc((100% - var(--sign-width)) * {ground.across(space):.4f})",
            f"calc((100% - var(--sign-height)) * {ground.down(space):.4f})",
        )
        for space in spaces
    ]
    return _signs(floor, spaces, spots, {"height": height}, words)


def _on_plan(floor: FloorInfo, spaces: Sequence[SpaceNow], words: Words, plan: PlanInfo) -> str:
    """The plan to scale; who may see the floor may see its picture."""
    ground = Extent(0.0, 0.0, plan.width_m, plan.height_m)
    style = {"width": f"calc({plan.width_m:.2f} * var(--metre))", "aspectRatio": f"{plan.width_m} / {plan.height_m}"}
    if plan.media_type is not None:
        style["backgroundImage"] = f'url("{PICTURES_PATH}{plan.plan_id}?site={plan.site}")'
    spots = [(_share(ground.across(space)), _share(ground.down(space))) for space in spaces]
    return _signs(floor, spaces, spots, style, words)


def _share(place: float) -> str:
    return f"{100 * min(1.0, max(0.0, place)):.2f}%"


def _signs(
    floor: FloorInfo,
    spaces: Sequence[SpaceNow],
    spots: Sequence[tuple[str, str]],
    style: Mapping[str, str],
    words: Words,
) -> str:
    badges = {state: markup(states.badge(state, words)) for state in states.STATES}
    signs = [
        f'<div class="sign {space.kind} {space.state}" style="left: {left}; top: {top};">'
        f'<div class="sign-name">{escape(space.name.removeprefix(floor.name))}</div>{badges[space.state]}</div>'
        for space, (left, top) in zip(spaces, spots, strict=True)
    ]
    return f'<div style="{escape(style_of(style))}">{"".join(signs)}</div>'
