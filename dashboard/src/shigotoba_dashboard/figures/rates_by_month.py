"""Rates side by side, month by month: what was booked, what was used, what stood empty.

Responsible for one chart of lines that differ in dash and mark as well as in shade. A month without a value is a gap.
Refuses figures that are not per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from shigotoba_dashboard import told
from shigotoba_dashboard.figures.chart import Chart, axis, layout
from shigotoba_dashboard.palette import BLUE_500, BLUE_900, GRAY_600, GRAY_900
from shigotoba_dashboard.questions import Found
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import Words

HEIGHT_PX: Final = 260
_LOOKS: Final = (
    (BLUE_900, "solid", "circle"),
    (BLUE_500, "dash", "square"),
    (GRAY_900, "dot", "diamond"),
    (GRAY_600, "dashdot", "triangle-up"),
)


def rates_chart(figures: Sequence[Found], table: Records, words: Words) -> Chart:
    """At most four rates, asked for the same months; ``table`` is their twin."""
    return Chart(_figure(figures, words), rates_sentence(figures, words), as_table(table))


def rates_sentence(figures: Sequence[Found], words: Words) -> str:
    """The newest month of each."""
    said = [
        words.say(
            "{name} {value} ({month})",
            name=told.title(found.entry, words),
            value=told.figure(found.entry, found.newest.value, words),
            month=told.when(found.newest.period, words),
        )
        for found in figures
        if found.newest.value is not None
    ]
    return words.say(", ").join(said) if said else words.say("No month has a value yet.")


def _figure(figures: Sequence[Found], words: Words) -> go.Figure:
    lines = [
        go.Scatter(
            name=told.title(found.entry, words),
            x=[str(value.period) for value in found.values],
            y=[value.value for value in found.values],
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"symbol": symbol, "size": 8},
            connectgaps=False,
            hovertemplate="%{y:.1f}%",
        )
        for found, (colour, dash, symbol) in zip(figures, _LOOKS, strict=False)
    ]
    return go.Figure(
        data=lines,
        layout=layout(
            height=HEIGHT_PX,
            xaxis=axis(type="category"),
            yaxis=axis(ticksuffix="%", nticks=6, rangemode="tozero"),
        ),
    )
