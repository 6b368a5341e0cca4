"""An effect with its 95 % interval on a line through zero, in plain SVG.

Whether the bar touches the zero line is what the reader looks for, so zero is always on the picture. Responsible for
the drawing. Refuses words: the sentence beside it has them.
"""

from __future__ import annotations

import base64
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.palette import BLUE_900, GRAY_600, GRAY_900, SMALLEST_PX

WIDTH: Final = 640
HEIGHT: Final = 74
_EDGE: Final = 60
_MIDDLE: Final = 30


def interval(low: float, value: float, high: float, labels: tuple[str, str, str], description: str) -> Component:
    """The bar from ``low`` to ``high`` with a mark at ``value``; ``labels`` are the three written."""
    drawing = base64.b64encode(_svg((low, value, high), labels).encode()).decode()
    source = f"data:image/svg+xml;base64,{drawing}"
    return html.Img(src=source, alt=description, className="interval", width=WIDTH, height=HEIGHT)


def _svg(numbers: tuple[float, float, float], labels: tuple[str, str, str]) -> str:
    least, most = min(0.0, *numbers), max(0.0, *numbers)
    scale = (WIDTH - 2 * _EDGE) / ((most - least) or 1.0)
    zero, low, value, high = (_EDGE + (number - least) * scale for number in (0.0, *numbers))
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f'<g font-family="sans-serif" font-size="{SMALLEST_PX}" fill="{GRAY_900}" text-anchor="middle">',
        f'<path d="M{zero:.1f} 6V{_MIDDLE + 18}" stroke="{GRAY_600}" stroke-width="2" stroke-dasharray="4 3"/>',
        f'<text x="{zero:.1f}" y="{HEIGHT - 2}">0</text>',
        f'<path d="M{low:.1f} {_MIDDLE}H{high:.1f}" stroke="{BLUE_900}" stroke-width="10"/>',
        f'<path d="M{value:.1f} {_MIDDLE - 11}V{_MIDDLE + 11}" stroke="{GRAY_900}" stroke-width="4"/>',
        f'<text x="{value:.1f}" y="14" font-weight="bold">{labels[1]}</text>',
        *_ends((low, high), (labels[0], labels[2])),
        "</g></svg>",
    )
    return "".join(parts)


def _ends(places: tuple[float, float], labels: tuple[str, str]) -> list[str]:
    """The written ends; side by side below the bar, apart even where the bar is short."""
    (low, high), below = places, _MIDDLE + 26
    return [
        f'<text x="{min(low, high - 40):.1f}" y="{below}">{labels[0]}</text>',
        f'<text x="{max(high, low + 40):.1f}" y="{below}">{labels[1]}</text>',
    ]
