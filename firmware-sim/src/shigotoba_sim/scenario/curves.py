"""The published curves along which paper and fax fall, shipped as ``curves.csv`` with their sources.

Two figures of an organisation make a curve: its base year and the last year published. Between them the same share
goes each year; after the last nothing changes, for nothing more is known.

Responsible for a factor at a time. Refuses to extrapolate.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from functools import cache
from importlib.resources import files

import msgspec


class Point(msgspec.Struct, frozen=True):
    """``factor`` of the base, ``years`` after it."""

    years: float
    factor: float


@cache
def curves() -> dict[str, tuple[Point, ...]]:
    """Every curve by its name, its points in order of time."""
    text = files("shigotoba_sim.scenario").joinpath("curves.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[Point, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        point = Point(float(row["years"]), float(row["factor"]))
        found[row["curve"]] = (*found.get(row["curve"], ()), point)
    return found


def factor_at(curve: str, years: float) -> float:
    """What is left of the base ``years`` after it, 0 to 1."""
    points = curves()[curve]
    position = bisect_right([point.years for point in points], years)
    if position == 0:
        return points[0].factor
    if position == len(points):
        return points[-1].factor
    before, after = points[position - 1], points[position]
    way = (years - before.years) / (after.years - before.years)
    return before.factor * (after.factor / before.factor) ** way
