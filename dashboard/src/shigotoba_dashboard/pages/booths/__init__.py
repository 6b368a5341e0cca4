"""ブース: how much they were booked, how much they were really used, and who went without.

Responsible for the order of its sections. A count of uses never stands without its rate. Refuses whose bookings they
were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.booths import BookedBooth, bookings_by_booth
from shigotoba_backend.read.seating import open_days, open_spaces, weekday_hours
from shigotoba_dashboard.figures.rates_by_month import HEIGHT_PX, rates_chart
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.monthly import monthly
from shigotoba_dashboard.pages.behind import bookings
from shigotoba_dashboard.pages.facts import facts
from shigotoba_dashboard.pages.page import Lasting, Page
from shigotoba_dashboard.pages.seats.types import by_space
from shigotoba_dashboard.pages.use import Use, UseWords, asked_of, records, section_of
from shigotoba_dashboard.parts import drawn_chart, scrolling, section, table_of
from shigotoba_dashboard.questions import Found, Question, ask_all
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import Words, message

BOOKINGS: Final = (
    Question("booth_booked_rate", "single_month"),
    Question("booth_utilisation", "single_month"),
    Question("booth_booked_use", "single_month"),
    Question("booth_no_show_rate", "single_month"),
    Question("booth_walk_in_share", "single_month"),
    Question("booth_late_cancel_rate", "single_month"),
    Question("booth_recovered_hours", "single_month"),
    Question("booth_uses", "single_month"),
    Question("booth_reuse_rate", "single_month"),
    Question("booth_unmet_demand", "single_month"),
)
DRAWN: Final = ("booth_booked_rate", "booth_utilisation", "booth_no_show_rate")


@dataclass(frozen=True)
class BoothsView:
    """What the page knows.

    Attributes:
        use: How the booths were used, as their sensors saw it.
        bookings: Month by month, what became of bookings.
        booked: Booth by booth, what was booked in the period.
    """

    use: Use
    bookings: tuple[Found, ...]
    booked: tuple[BookedBooth, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> BoothsView:
    asked = asked_of(filters, "booth")
    use = Use(tuple(open_days(conn, asked)), tuple(open_spaces(conn, asked)), tuple(weekday_hours(conn, asked)))
    booked = bookings_by_booth(conn, asked.site, asked.floor, asked.first, asked.last)
    return BoothsView(use, (), tuple(booked))


def _months(conn: psycopg.Connection, filters: Filters) -> tuple[Found, ...]:
    return ask_all(conn, BOOKINGS, filters.site, filters.today, filters.at, filters.floor)


def _names(view: BoothsView, words: Words) -> UseWords:
    booths = len(view.use.spaces)
    return UseWords(
        "booths",
        words.say("Booth utilisation"),
        words.say("Time in use ÷ known time inside opening hours, {booths} booths", booths=booths),
        words.say("Booth utilisation per day"),
        words.say("Booth utilisation by hour and weekday"),
    )


def _draw(view: BoothsView, filters: Filters) -> list[Component]:
    words = filters.words
    *_use, by_booth, booked, by_month = _records(view, filters)
    return [
        _bookings(view.bookings, by_month, filters),
        section_of(view.use, _names(view, words), filters),
        section(
            "each",
            words.say("Booth by booth"),
            [
                scrolling(words.say("{title}: as a table", title=each.caption), table_of(as_table(each)))
                for each in (by_booth, booked)
            ],
        ),
    ]


def _bookings(figures: Sequence[Found], by_month: Records, filters: Filters) -> Component:
    words = filters.words
    drawn = [found for found in figures if found.entry.key in DRAWN]
    return section(
        "bookings",
        words.say("Bookings and real use, month by month"),
        [
            html.P(
                words.say(
                    "Booked is not used: the booked rate counts what was reserved, the utilisation what sensors saw, "
                    "both inside opening hours."
                )
            ),
            *_of_floor(filters),
            facts("booths", figures, filters),
            drawn_chart("booths-monthly", by_month.caption, rates_chart(drawn, by_month, words), HEIGHT_PX, words),
        ],
    )


def _of_floor(filters: Filters) -> list[Component]:
    if filters.floor is None:
        return []
    hint = filters.words.say("Who found no booth is known of the whole site alone: choose all floors to see it.")
    return [html.P(hint, className="hint")]


def _records(view: BoothsView, filters: Filters) -> Sequence[Records]:
    words = filters.words
    return (
        *records(view.use, _names(view, words), filters),
        by_space("booths-by-booth", view.use.spaces, filters),
        bookings.by_booth(view.booked, filters),
        monthly("booths", "booths-by-month", words.say("Booths month by month"), view.bookings, filters),
    )


PAGE: Final = Page(
    "booths",
    message("Booths"),
    _read,
    _draw,
    _records,
    lasting=Lasting(_months, lambda view, months: replace(view, bookings=months)),
    filters=frozenset({"floor", "period"}),
    fresh_for_s=30.0,
    charted=True,
)
