"""The plans of a floor: which is valid when, what stands where on it, and the picture behind it.

Responsible for reading them. Refuses to change them (see ``keeping``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import psycopg

from shigotoba_backend.floorplans.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

QUERIES: Final[Mapping[str, bytes]] = load("plans.sql", package="shigotoba_backend.floorplans")


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """A plan without what stands on it.

    Attributes:
        plan_id: Its number.
        site: Code of the site.
        floor: Code of the floor.
        first: Its first day, in the site's zone.
        beyond: The first day on which it is no longer valid; None while no later plan is known.
        width_m: What its picture shows, from left to right.
        height_m: From top to bottom.
        media_type: Of its picture; None where it has none.
        made_at: When it was saved.
        made_by: Number of the person who saved it, if it was one.
    """

    plan_id: int
    site: str
    floor: str
    first: date
    beyond: date | None
    width_m: float
    height_m: float
    media_type: str | None
    made_at: datetime
    made_by: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Something on a plan.

    Attributes:
        code: Of a space or a device.
        x: Metres from the left edge.
        y: Metres from the upper edge.
    """

    code: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with what stands on it.

    Attributes:
        info: Without it.
        places: Seats, booths and other spaces.
        devices: Sensors, buttons, printers.
    """

    info: PlanInfo
    places: tuple[Placed, ...]
    devices: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Furniture:
    """A place of a floor, whether it is on the plan or not.

    Attributes:
        code: Its identity.
        name: For people.
        kind: Such as ``seat``.
        x: Where the map of the day shows it, metres from the left edge.
        y: From the upper edge.
    """

    code: str
    name: str
    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """A device of a floor.

    Attributes:
        code: Its identity.
        kind: Such as ``seat_sensor``.
        space: Code of the place that it serves.
    """

    code: str
    kind: str
    space: str


def versions(conn: psycopg.Connection, site: str, floor: str | None = None) -> list[PlanInfo]:
    """Every plan of a floor, or of all floors of a site, the newest of each floor first."""
    return _found(conn, site, floor=floor)


def plans_on(conn: psycopg.Connection, site: str, day: date) -> list[PlanInfo]:
    """The plans that are valid on a day, lowest floor first; a floor may have none."""
    return _found(conn, site, day=day)


def plan(conn: psycopg.Connection, site: str, plan_id: int) -> Plan:
    """One plan.

    Raises:
        ProblemError: ``no_such_plan``.
    """
    found = _found(conn, site, plan_id=plan_id)
    if not found:
        raise refuse("no_such_plan", plan_id=plan_id)
    asked = {"plan_id": plan_id}
    places, devices = (tuple(rows_of(conn, Placed, QUERIES[name], asked)) for name in ("places", "devices"))
    return Plan(found[0], places, devices)


def picture(conn: psycopg.Connection, site: str, plan_id: int) -> tuple[str, bytes]:
    """Media type and file of a plan's picture.

    Raises:
        ProblemError: ``no_such_plan``, also where it has no picture.
    """
    row = conn.execute(QUERIES["picture"], {"site": site, "plan_id": plan_id}).fetchone()
    if row is None:
        raise refuse("no_such_plan", plan_id=plan_id)
    return str(row[0]), bytes(row[1])


def furniture(conn: psycopg.Connection, site: str, floor: str, at: datetime) -> list[Furniture]:
    """Everything people use on a floor, where the map of that moment shows it."""
    return rows_of(conn, Furniture, QUERIES["furniture"], {"site": site, "floor": floor, "now": at})


def fittings(conn: psycopg.Connection, site: str, floor: str, at: datetime) -> list[Fitting]:
    """The devices that serve places of a floor at that moment."""
    return rows_of(conn, Fitting, QUERIES["fittings"], {"site": site, "floor": floor, "now": at})


def _found(
    conn: psycopg.Connection, site: str, floor: str | None = None, plan_id: int | None = None, day: date | None = None
) -> list[PlanInfo]:
    asked = {"site": site, "floor": floor, "plan_id": plan_id, "day": day}
    return rows_of(conn, PlanInfo, QUERIES["versions"], asked)
