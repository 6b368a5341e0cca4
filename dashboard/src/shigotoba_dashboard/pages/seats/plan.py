"""Where there is room now: every floor as a plan and as a list, a few seconds old at most.

Responsible for the section's frame and its regions. Refuses the period: this is the present.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard import states
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.today import seats
from shigotoba_dashboard.parts import clock, folded, live, section
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Now

PACE: Final = "plan"
EVERY_MS: Final = 2_000


def frame(filters: Filters) -> Component:
    """The empty section with its clock."""
    words = filters.words
    waiting = words.say("Loading…")
    return section(
        "plan",
        words.say("Now"),
        [
            html.Div(
                [html.Span(words.say("Key:")), *(states.badge(state, words) for state in states.STATES)],
                className="key",
            ),
            live("plan-counts", waiting, "headline"),
            live("plan-floors", waiting, "plans"),
            folded(words.say("All seats as a list"), "plan-list", words),
            *clock(PACE, EVERY_MS, filters.floor),
        ],
    )


NOW: Final[tuple[Region[Now], ...]] = (
    text_region("plan-counts", seats.counts_look, seats.draw_counts),
    text_region("plan-floors", seats.plans_look, seats.draw_plans),
    text_region("plan-list", seats.list_look, seats.draw_list),
)
