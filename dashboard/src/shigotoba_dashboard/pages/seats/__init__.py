"""フリーアドレス: where there is room now, how the seats were used, and how many would have been enough.

Responsible for the order of its sections and what they are asked. Refuses to let 座席利用率, which counts seats, pass
for 在席率, which counts people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.read.seat_types import OpenType, open_types
from shigotoba_backend.read.seating import Simultaneous, as_told, open_days, open_spaces, simultaneous, weekday_hours
from shigotoba_dashboard.figures.daily import rate_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.monthly import monthly
from shigotoba_dashboard.pages.facts import facts
from shigotoba_dashboard.pages.page import Lasting, Page
from shigotoba_dashboard.pages.seats import enough, plan, types
from shigotoba_dashboard.pages.seats.enough import LEVELS
from shigotoba_dashboard.pages.use import Use, UseWords, asked_of, records, section_of
from shigotoba_dashboard.parts import folded_table, section
from shigotoba_dashboard.questions import Found, Question, ask_all
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import Words, message


@dataclass(frozen=True)
class SeatsView:
    """What the page knows.

    Attributes:
        use: How the seats were used.
        together: How many were taken at the same time.
        people: Month by month, seats beside people.
        types: The seats by type.
    """

    use: Use
    together: Simultaneous
    people: tuple[Found, ...]
    types: tuple[OpenType, ...]


#: Side by side with the formula of each, since they are taken for one another.
PEOPLE: Final = (
    Question("seat_utilisation", "single_month"),
    Question("presence_rate", "single_month"),
    Question("seat_ratio", "single_month"),
    Question("seat_turnover", "single_month"),
    Question("seat_dwell", "single_month"),
)


def _read(conn: psycopg.Connection, filters: Filters) -> SeatsView:
    asked = as_told(conn, asked_of(filters, "seat"))
    use = Use(tuple(open_days(conn, asked)), tuple(open_spaces(conn, asked)), tuple(weekday_hours(conn, asked)))
    together = simultaneous(conn, asked, tuple(level / 100 for level in LEVELS))
    return SeatsView(use, together, (), tuple(open_types(conn, asked)))


def _people_by_month(conn: psycopg.Connection, filters: Filters) -> tuple[Found, ...]:
    return ask_all(conn, PEOPLE, filters.site, filters.today, filters.at)


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
    seats = len(view.use.spaces)
    return [
        plan.frame(filters),
        section_of(view.use, _names(view, filters.words), filters),
        enough.section_of(view.together, rate_of(view.use.days, seats), seats, filters),
        types.section_of(view.types, view.use.spaces, filters),
        _people(view.people, filters),
    ]


def _people(figures: Sequence[Found], filters: Filters) -> Component:
    words, table = filters.words, _by_month(figures, filters)
    told_of_it = message(
        "Seat utilisation counts seats, the presence rate counts people: the two are never the same figure. The whole "
        "site, whatever floor is chosen."
    )
    return section(
        "people",
        words.say("Seats and people, month by month"),
        [
            html.P(words.say(told_of_it)),
            facts("seats", figures, filters),
            folded_table(words.say("{title}: as a table", title=table.caption), as_table(table)),
        ],
    )


def _by_month(figures: Sequence[Found], filters: Filters) -> Records:
    return monthly("seats", "seats-by-month", filters.words.say("Seats month by month"), figures, filters)


def _records(view: SeatsView, filters: Filters) -> Sequence[Records]:
    return (
        *records(view.use, _names(view, filters.words), filters),
        enough.records(view.together, len(view.use.spaces), filters),
        *types.records(view.types, view.use.spaces, filters),
        _by_month(view.people, filters),
    )


PAGE: Final = Page(
    "seats",
    message("Free-address seats"),
    _read,
    _draw,
    _records,
    lasting=Lasting(_people_by_month, lambda view, people: replace(view, people=people)),
    filters=frozenset({"floor", "period"}),
    more=frozenset({"level"}),
    needs=Action.SEE_FIGURES,
)
