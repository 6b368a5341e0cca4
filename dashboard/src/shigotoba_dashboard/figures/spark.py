"""A year of months as a small line, in plain SVG: it needs no chart library and prints as it stands.

The thin line is zero, the dashed one the target. Responsible for the drawing. A month without a value breaks the line.
Refuses axes: the table beside it has the numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.palette import BLUE_900, GRAY_420, GRAY_800

WIDTH: Final = 220
HEIGHT: Final = 48
_EDGE: Final = 5


def spark(values: Sequence[float | None], description: str, target: float | None = None) -> Component:
    """The values from left to right; what it shows is said by ``description``."""
    drawing = base64.b64encode(_svg(values, target).encode()).decode()
    return html.Img(src=f"data:image/svg+xml;base64,{drawing}", alt=description, className="spark")


def _svg(values: Sequence[float | None], target: float | None) -> str:
    known = [value for value in values if value is not None]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    if not known:
        return f"{head}{_across(HEIGHT - 1, GRAY_420)}</svg>"
    every = [*known, 0.0, *([] if target is None else [target])]
    low, high = min(every), max(every)
    step = (WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    rise = (HEIGHT - 2 * _EDGE) / ((high - low) or 1.0)

    def down(value: float) -> float:
        return HEIGHT - _EDGE - (value - low) * rise

    points = [None if value is None else (_EDGE + step * place, down(value)) for place, value in enumerate(values)]
    goal = "" if target is None else _across(down(target), GRAY_800, ' stroke-dasharray="5 4"')
    return f"{head}{_across(down(0.0), GRAY_420)}{goal}{_lines(points)}{_last(points)}</svg>"


def _across(down: float, colour: str, more: str = "") -> str:
    return f'<path d="M0 {down:.1f}H{WIDTH}" stroke="{colour}"{more}/>'


def _lines(points: Sequence[tuple[float, float] | None]) -> str:
    """One line per stretch of known months."""
    stretches = (list(stretch) for is_known, stretch in groupby(points, lambda point: point is not None) if is_known)
    paths = (" L".join(f"{point[0]:.1f} {point[1]:.1f}" for point in stretch if point) for stretch in stretches)
    return "".join(f'<path d="M{path}" fill="none" stroke="{BLUE_900}" stroke-width="2"/>' for path in paths)


def _last(points: Sequence[tuple[float, float] | None]) -> str:
    across, down = next(point for point in reversed(points) if point is not None)
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4" fill="{BLUE_900}"/>'
