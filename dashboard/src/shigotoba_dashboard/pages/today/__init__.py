"""The page of the day: what goes on now, and how the day has been so far.

Responsible for the order of its sections, for the list of its regions at each pace, and for what of it can be taken
home. Refuses to draw: each section does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard import masthead
from shigotoba_dashboard.figures.printing import fax_records, impressions_records
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.today import booths, coverage, devices, printing, seats, tiles
from shigotoba_dashboard.parts import aria, clock
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.regions import Region
from shigotoba_dashboard.snapshot import Now, Quarters, Today, read_now, read_quarters, read_today
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
QUARTERS: Final[tuple[Region[Quarters], ...]] = seats.QUARTERS

_CONTENTS: Final = (
    ("seats", message("Seats")),
    ("booths", message("Booths")),
    ("printing", message("Printing and fax")),
    ("devices", message("Devices")),
    ("coverage", message("Data coverage")),
)


TODAY_EVERY_MS: Final = 5_000

#: How one seat is right now, taken home again and again, would be how that seat is used; see ADR 52.
_SINGLE_SEATS: Final = "seats-now"
_FILES: Final = (
    (_SINGLE_SEATS, message("Seats and their state")),
    ("occupancy-today", message("Occupancy of the seats today, every 15 minutes")),
    ("booths-today", message("Use of the booths today")),
    ("impressions-by-day", message("Impressions per day (sides)")),
    ("fax-by-day", message("Fax per day")),
)


@dataclass(frozen=True)
class TodayTables:
    """What the files of the page are made of."""

    now: Now
    today: Today
    quarters: Quarters


def _tables(conn: psycopg.Connection, filters: Filters) -> TodayTables | None:
    asked = (conn, filters.site, filters.at)
    return TodayTables(read_now(*asked), read_today(*asked), read_quarters(*asked))


def _draw(_view: TodayTables | None, filters: Filters) -> list[Component]:
    words = filters.words
    sections = (seats, booths, printing, devices, coverage)
    contents = html.Ul([html.Li(html.A(words.say(title), href=f"#{component}")) for component, title in _CONTENTS])
    return [
        html.Nav(contents, className="contents", **aria(label=words.say("On this page"))),
        tiles.frame(words),
        *(section.frame(words) for section in sections),
        *clock("today-now", masthead.NOW_EVERY_MS),
        *clock("today", TODAY_EVERY_MS),
        *clock("quarters", TODAY_EVERY_MS),
    ]


def _records(view: TodayTables | None, filters: Filters) -> Sequence[Records]:
    """What each table holds; while the page is drawn only which there are, for its parts ask for themselves."""
    words, single_seats = filters.words, filters.may_see_single_seats
    if view is None:
        told = ((key, title) for key, title in _FILES if single_seats or key != _SINGLE_SEATS)
        return [Records(key, words.say(title), (), ()) for key, title in told]
    return [
        *([seats.seat_records(view.now, words)] if single_seats else []),
        seats.quarter_records_of(view.quarters, words),
        booths.booth_records(view.today, words),
        impressions_records(view.today.printing, words),
        fax_records(view.today.printing, words),
    ]


def _read(_conn: psycopg.Connection, _filters: Filters) -> TodayTables | None:
    """Nothing: each part asks for itself."""


PAGE: Final = Page(
    "today", message("The office today"), _read, _draw, _records, tables=_tables, needs=Action.SEE_PLACES
)
