"""フリーアドレス: where there is room now, how the seats were used, and how many would have been enough.

Responsible for the order of its sections and what they are asked. Refuses presence rates: 座席利用率 counts seats,
never people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.read.seating import Simultaneous, open_days, open_spaces, simultaneous, weekday_hours
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.seats import enough, plan, types
from shigotoba_dashboard.pages.seats.enough import LEVELS
from shigotoba_dashboard.pages.use import Use, UseWords, asked_of, records, section_of
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import Words, message


@dataclass(frozen=True)
class SeatsView:
    """What the page knows.

    Attributes:
        use: How the seats were used.
        together: How many were taken at the same time.
    """

    use: Use
    together: Simultaneous


def _read(conn: psycopg.Connection, filters: Filters) -> SeatsView:
    asked = asked_of(filters, "seat")
    use = Use(tuple(open_days(conn, asked)), tuple(open_spaces(conn, asked)), tuple(weekday_hours(conn, asked)))
    return SeatsView(use, simultaneous(conn, asked, tuple(level / 100 for level in LEVELS)))


def _names(view: SeatsView, words: Words) -> UseWords:
    seats = len(view.use.spaces)
    return UseWords(
        "seats",
        words.say("Seat utilisation"),
        words.say("Time in use ÷ known time inside opening hours, {seats} seats", seats=seats),
        words.say("Seat utilisation per day"),
        words.say("Seat utilisation by hour and weekday"),
    )


def _draw(view: SeatsView, filters: Filters) -> list[Component]:
    return [
        plan.frame(filters),
        section_of(view.use, _names(view, filters.words), filters),
        enough.section_of(view.together, len(view.use.spaces), filters),
        types.section_of(view.use.spaces, filters),
    ]


def _records(view: SeatsView, filters: Filters) -> Sequence[Records]:
    return (
        *records(view.use, _names(view, filters.words), filters),
        enough.records(view.together, len(view.use.spaces), filters),
        *types.records(view.use.spaces, filters),
    )


PAGE: Final = Page(
    "seats",
    message("Free-address seats"),
    _read,
    _draw,
    _records,
    filters=frozenset({"floor", "period"}),
    more=frozenset({"level"}),
    needs=Action.SEE_FIGURES,
)
