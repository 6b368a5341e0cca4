"""The page of the day: what goes on now, and how the day has been so far.

Responsible for the order of its sections and for the list of its regions at each pace. Refuses to draw: each section
does.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard import masthead
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.page import Page, nothing
from shigotoba_dashboard.pages.today import booths, coverage, devices, printing, seats, tiles
from shigotoba_dashboard.parts import aria, clock
from shigotoba_dashboard.regions import Region
from shigotoba_dashboard.snapshot import Now, Today
from shigotoba_dashboard.words import message

NOW: Final[tuple[Region[Now], ...]] = (*tiles.NOW, *seats.NOW, *booths.NOW)
TODAY: Final[tuple[Region[Today], ...]] = (
    *tiles.TODAY,
    *seats.TODAY,
    *booths.TODAY,
    *printing.TODAY,
    *devices.TODAY,
    *coverage.TODAY,
)

_CONTENTS: Final = (
    ("seats", message("Seats")),
    ("booths", message("Booths")),
    ("printing", message("Printing and fax")),
    ("devices", message("Devices")),
    ("coverage", message("Data coverage")),
)


TODAY_EVERY_MS: Final = 5_000


def _draw(_view: None, filters: Filters) -> list[Component]:
    words = filters.words
    sections = (seats, booths, printing, devices, coverage)
    contents = html.Ul([html.Li(html.A(words.say(title), href=f"#{component}")) for component, title in _CONTENTS])
    return [
        html.Nav(contents, className="contents", **aria(label=words.say("On this page"))),
        tiles.frame(words),
        *(section.frame(words) for section in sections),
        *clock("today-now", masthead.NOW_EVERY_MS),
        *clock("today", TODAY_EVERY_MS),
    ]


PAGE: Final = Page("today", message("The office today"), nothing, _draw, needs=Action.SEE_PLACES)
