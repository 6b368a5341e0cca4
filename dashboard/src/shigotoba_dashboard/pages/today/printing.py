"""Printing and fax, per day.

Responsible for the section's frame and regions; the charts are in ``figures.printing``. Refuses a paperless rate:
there is no base year yet to hold it against.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.figures.printing import HEIGHT_PX, fax_chart, impressions_chart
from shigotoba_dashboard.parts import chart_frame, drawn_chart, section
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Today
from shigotoba_dashboard.words import Words


def frame(words: Words) -> Component:
    """The empty section."""
    return section(
        "printing",
        words.say("Printing and fax"),
        [
            html.P(
                words.say(
                    "Impressions are sides printed: a duplex sheet counts as two. Fax pages sent are a different unit "
                    "and have their own chart."
                )
            ),
            html.Div(
                [
                    chart_frame("impressions", words),
                    chart_frame("fax", words),
                ],
                className="pair",
            ),
        ],
    )


def _impressions(today: Today, words: Words) -> Component:
    title = words.say("Impressions per day (sides)")
    return drawn_chart("impressions", title, impressions_chart(today.printing, words), HEIGHT_PX, words)


def _fax(today: Today, words: Words) -> Component:
    title = words.say("Fax sent per day (pages)")
    return drawn_chart("fax", title, fax_chart(today.printing, words), HEIGHT_PX, words)


TODAY: Final[tuple[Region[Today], ...]] = (
    text_region("impressions", lambda today: today.printing, _impressions),
    text_region("fax", lambda today: today.printing, _fax),
)
