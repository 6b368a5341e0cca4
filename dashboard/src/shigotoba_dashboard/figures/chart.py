"""What every chart is, and what every figure looks like.

Responsible for the common layout: fonts, grid, no zoom that a keyboard could not do. Refuses data.
"""

# Plotly does not say what it writes.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from shigotoba_dashboard.palette import FONTS, GRAY_200, GRAY_420, GRAY_800, SMALLEST_PX, WHITE
from shigotoba_dashboard.tables import Table

#: A hatched grey field means "no data" in every chart.
NO_DATA_PATTERN: Final[dict[str, Any]] = {
    "shape": "/",
    "fgcolor": GRAY_420,
    "bgcolor": WHITE,
    "size": 6,
    "solidity": 0.25,
}


@dataclass(frozen=True)
class Chart:
    """A chart, and the two other ways to read it.

    Attributes:
        figure: What is drawn.
        sentence: The same in one sentence.
        table: The same in numbers.
    """

    figure: go.Figure
    sentence: str
    table: Table


def as_data(figure: go.Figure) -> str:
    """What ``assets/charts.js`` draws."""
    return str(figure.to_json())


def axis(**more: Any) -> dict[str, Any]:
    """An axis in the house's style; its range stays as drawn."""
    return {
        "fixedrange": True,
        "gridcolor": GRAY_200,
        "linecolor": GRAY_420,
        "zeroline": False,
        "automargin": True,
        "title": {"standoff": 8},
        **more,
    }


def layout(**more: Any) -> go.Layout:
    """A figure's layout in the house's style."""
    return go.Layout(
        {
            "template": "none",
            "font": {"family": FONTS, "size": SMALLEST_PX, "color": GRAY_800},
            "paper_bgcolor": WHITE,
            "plot_bgcolor": WHITE,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "dragmode": False,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": WHITE, "font": {"family": FONTS, "size": SMALLEST_PX}},
            "legend": {
                "orientation": "h",
                "yanchor": "bottom",
                "y": 1.02,
                "x": 0,
                "traceorder": "normal",
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "uirevision": "keep",
            **more,
        }
    )
