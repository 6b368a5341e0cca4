"""Targets by fiscal year; what a target was before stays in the table with its reason.

Responsible for keeping and finding them. Refuses to judge whether one is met.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import pairwise
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("targets.sql", package="shigotoba_backend.indicators")


class Target(msgspec.Struct, frozen=True):
    """What an indicator is to reach by the end of a fiscal year.

    Attributes:
        fiscal_year: By the end of which.
        value: In the indicator's unit; a reduction is negative, as its change is.
        reason: Why it was set, or changed.
        set_by: By whom.
        set_at: When.
    """

    fiscal_year: int
    value: float
    reason: str
    set_by: str
    set_at: datetime


def put_target(conn: psycopg.Connection, indicator: str, scope: str, target: Target) -> None:
    """Sets the target of a year, or another in its place."""
    told = msgspec.structs.asdict(target) | {"indicator": indicator, "scope": scope}
    conn.execute(_QUERIES["put"], told)


def targets(conn: psycopg.Connection, indicator: str, scope: str) -> list[Target]:
    """The targets in force, by year."""
    return targets_of_all(conn, [(indicator, scope)])[indicator, scope]


def targets_of_all(conn: psycopg.Connection, asked: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Target]]:
    """The targets in force of each indicator and scope, by year; one statement for all of them."""
    found: dict[tuple[str, str], list[Target]] = {each: [] for each in asked}
    told = {"indicators": [key for key, _scope in asked], "scopes": [scope for _key, scope in asked]}
    for indicator, scope, *target in conn.execute(_QUERIES["targets"], told):
        found[indicator, scope].append(Target(*target))
    return found


def trajectory(start: tuple[int, float], goals: list[Target]) -> list[tuple[int, float]]:
    """From where it stood in a year to the targets: a value for every year on the straight lines between them."""
    points = [start, *((goal.fiscal_year, goal.value) for goal in goals if goal.fiscal_year > start[0])]
    path = [start]
    for (year, value), (next_year, next_value) in pairwise(points):
        slope = (next_value - value) / (next_year - year)
        path += [(year + passed, value + slope * passed) for passed in range(1, next_year - year + 1)]
    return path
