"""Saving a plan of a floor from a day on, and taking back one that has not begun.

A plan that was valid on a past day stays as it was: a later one shortens it. What is saved twice for the same day,
today or later, replaces what was saved first. Responsible for these changes and their entries in the audit log. Refuses
to ask whether whoever acts may.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.floorplans.pictures import Picture
from shigotoba_backend.floorplans.plans import QUERIES, Placed, picture, plan
from shigotoba_backend.floorplans.refusals import refuse

_SIDES_M: Final = (1.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that somebody wants.

    Attributes:
        floor: Code of the floor.
        first: The first day on which it is valid.
        width_m: What the picture shows from left to right.
        height_m: From top to bottom.
        places: Seats, booths and other spaces.
        devices: Sensors, buttons, printers.
        picture: A new picture.
        picture_of: Number of the plan whose picture it takes over, where there is no new one.
    """

    floor: str
    first: date
    width_m: float
    height_m: float
    places: tuple[Placed, ...] = ()
    devices: tuple[Placed, ...] = ()
    picture: Picture | None = None
    picture_of: int | None = None


def save_plan(conn: psycopg.Connection, site: str, draft: Draft, actor: Actor, now: datetime) -> int:
    """Saves a plan; its number.

    Raises:
        ProblemError: ``no_such_floor``, ``plan_in_the_past``, ``bad_size``, ``off_the_plan``, ``not_on_this_floor``,
            ``no_such_plan``.
    """
    _check_places(draft)
    with conn.transaction():
        floor_id = _floor_for(conn, site, draft, now)
        media_type, data = _picture_of(conn, site, draft)
        arguments = {"floor_id": floor_id, "first": draft.first, "now": now, "made_by": actor.person_id}
        conn.execute(QUERIES["forget_beginning"], arguments)
        conn.execute(QUERIES["shorten"], arguments)
        size = {"width_m": draft.width_m, "height_m": draft.height_m, "media_type": media_type, "picture": data}
        plan_id: int = conn.execute(QUERIES["add"], arguments | size).fetchall()[0][0]
        put = {"plan_id": plan_id, "floor_id": floor_id, "now": now}
        _put(conn, "put_places", put, draft.places)
        _put(conn, "put_devices", put, draft.devices)
        record(conn, actor, Deed("floor_plan.save", f"floor_plan:{plan_id}", site, after=_told(draft)))
    return plan_id


def drop_plan(conn: psycopg.Connection, site: str, plan_id: int, actor: Actor, now: datetime) -> None:
    """Takes back a plan that has not begun; the one before it stays valid instead.

    Raises:
        ProblemError: ``no_such_plan``; ``plan_in_force``: it has begun.
    """
    with conn.transaction():
        info = plan(conn, site, plan_id).info
        row = conn.execute(QUERIES["floor_for_change"], {"site": site, "floor": info.floor, "now": now}).fetchall()[0]
        if info.first <= row[1]:
            raise refuse("plan_in_force")
        conn.execute(QUERIES["drop"], {"plan_id": plan_id})
        arguments = {"floor_id": row[0], "first": info.first, "beyond": info.beyond}
        conn.execute(QUERIES["lengthen"], arguments)
        before = {"floor": info.floor, "first": info.first.isoformat()}
        record(conn, actor, Deed("floor_plan.drop", f"floor_plan:{plan_id}", site, before=before))


def _check_places(draft: Draft) -> None:
    least, most = _SIDES_M
    if not (least <= draft.width_m <= most and least <= draft.height_m <= most):
        raise refuse("bad_size")
    for each in (*draft.places, *draft.devices):
        if not (0 <= each.x <= draft.width_m and 0 <= each.y <= draft.height_m):
            raise refuse("off_the_plan", thing=each.code)


def _floor_for(conn: psycopg.Connection, site: str, draft: Draft, now: datetime) -> int:
    """Number of the floor, if a plan may begin there on that day."""
    asked = {"site": site, "floor": draft.floor, "now": now}
    row = conn.execute(QUERIES["floor_for_change"], asked).fetchone()
    if row is None:
        raise refuse("no_such_floor", floor=draft.floor)
    floor_id, today = row
    known = conn.execute(QUERIES["has_begun"], {"floor_id": floor_id}).fetchall()[0][0]
    if known and draft.first < today:
        raise refuse("plan_in_the_past", first=draft.first.isoformat())
    return int(floor_id)


def _picture_of(conn: psycopg.Connection, site: str, draft: Draft) -> tuple[str | None, bytes | None]:
    if draft.picture is not None:
        return draft.picture.media_type, draft.picture.data
    if draft.picture_of is not None:
        return picture(conn, site, draft.picture_of)
    return None, None


def _put(conn: psycopg.Connection, statement: str, put: Mapping[str, object], placed: tuple[Placed, ...]) -> None:
    wanted = {each.code: each for each in placed}
    columns = {
        "codes": list(wanted),
        "xs": [_to_centimetre(each.x) for each in wanted.values()],
        "ys": [_to_centimetre(each.y) for each in wanted.values()],
    }
    stored = {code for (code,) in conn.execute(QUERIES[statement], {**put, **columns})}
    stranger = next(iter(wanted.keys() - stored), None)
    if stranger is not None:
        raise refuse("not_on_this_floor", thing=stranger)


def _to_centimetre(metres: float) -> float:
    return math.floor(metres * 100 + 0.5) / 100


def _told(draft: Draft) -> dict[str, object]:
    """What the audit log keeps of it."""
    return {
        "floor": draft.floor,
        "first": draft.first.isoformat(),
        "size_m": [draft.width_m, draft.height_m],
        "places": len(draft.places),
        "devices": len(draft.devices),
        "picture": "new" if draft.picture else "kept" if draft.picture_of else "none",
    }
