"""The page of the day: what goes on now, and how the day has been so far.

Responsible for the order of its sections and for the list of its regions at each pace. Refuses to draw: each section
does.
"""

from __future__ import annotations

from typing import Final

from dash.development.base_component import Component

from shigotoba_dashboard import masthead
from shigotoba_dashboard.frame import page
from shigotoba_dashboard.pages.today import booths, coverage, devices, printing, seats, tiles
from shigotoba_dashboard.regions import Region
from shigotoba_dashboard.snapshot import Now, Today
from shigotoba_dashboard.words import language_of, message, words_in

NOW: Final[tuple[Region[Now], ...]] = (*masthead.NOW, *tiles.NOW, *seats.NOW, *booths.NOW)
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


def layout(lang: str | None = None, **_other: str) -> Component:
    """The page in the language that ``?lang=`` asks for; whatever else stands in the address is ignored."""
    words = words_in(language_of(lang))
    sections = (seats, booths, printing, devices, coverage)
    return page(words, _CONTENTS, [tiles.frame(words), *(section.frame(words) for section in sections)])
