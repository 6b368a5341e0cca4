"""A pair of bars for each month, as rectangles: black for this year, white with a black edge for the base year.

Responsible for the geometry, which the page and the PDF share. Refuses colours: what prints in grey says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from shigotoba_backend.report.gathering import Chart

WIDTH: float = 760.0
HEIGHT: float = 110.0
_GAP: float = 0.2


class Bar(msgspec.Struct, frozen=True):
    """A rectangle; ``y`` counts upwards from the axis."""

    x: float
    width: float
    height: float
    filled: bool


class Slot(msgspec.Struct, frozen=True):
    """A month: the middle of its place, its name, and what is written where nothing is known."""

    x: float
    label: str
    unknown: bool


def bars(chart: Chart) -> Iterator[Bar]:
    """The rectangles, left to right."""
    step = WIDTH / len(chart.labels)
    for number in range(len(chart.labels)):
        for beside, values in enumerate((chart.base_year, chart.this_year)):
            value = values[number]
            if value is not None:
                width = step * (1 - 2 * _GAP) / 2
                yield Bar(
                    step * (number + _GAP) + beside * width, width, HEIGHT * value / chart.top, filled=bool(beside)
                )


def slots(chart: Chart) -> Iterator[Slot]:
    """The months, left to right."""
    step = WIDTH / len(chart.labels)
    for number, label in enumerate(chart.labels):
        yield Slot(step * (number + 0.5), label, chart.this_year[number] is None)
