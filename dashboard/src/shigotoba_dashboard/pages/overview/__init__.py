"""概況: five answers in five seconds, before the assembly asks.

Paper, fax, electronic decisions, booths, seats: each with its value, its target, its base and basis, as of when, how it
went over a year and what changed. Responsible for which figure answers which question. Refuses to compute them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.devices import DeviceSeen, devices_seen
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import count
from shigotoba_dashboard.pages.behind.number import rows_behind
from shigotoba_dashboard.pages.overview.answers import card, records
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.today.devices import silent
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.questions import Found, Question, first_answered
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import message

#: What is asked, where it leads, and which figures can answer it, the best first. Imported figures are the
#: organisation's; where nobody has brought any, they are the site's, and where there are none either, the machines' own
#: counters answer. Each answer says of what it is.
TOPICS: Final[tuple[tuple[str, str, tuple[Question, ...]], ...]] = (
    (
        message("Paper"),
        "paper",
        (
            Question("copy_paper_change", "fiscal_year_to_date", "organisation"),
            Question("copy_paper_change", "fiscal_year_to_date"),
            Question("impressions_change", "fiscal_year_to_date"),
            Question("impressions", "single_month"),
        ),
    ),
    (
        message("Fax"),
        "paper",
        (
            Question("fax_items_reported_change", "same_month", "organisation"),
            Question("fax_items_reported_change", "same_month"),
            Question("fax_change", "same_month"),
            Question("fax_pages", "single_month"),
        ),
    ),
    (
        message("Electronic decisions"),
        "paper",
        (
            Question("electronic_decision_rate", "single_month", "organisation"),
            Question("electronic_decision_rate", "single_month"),
        ),
    ),
    (message("Booths"), "booths", (Question("booth_utilisation", "single_month"),)),
    (message("Seats"), "seats", (Question("seat_utilisation", "single_month"),)),
)


@dataclass(frozen=True)
class OverviewView:
    """What the page knows.

    Attributes:
        answers: One per topic.
        devices: Every device.
        read_at: When that was asked.
    """

    answers: tuple[Found, ...]
    devices: tuple[DeviceSeen, ...]
    read_at: datetime


def _read(conn: psycopg.Connection, filters: Filters) -> OverviewView:
    topics = [questions for _title, _path, questions in TOPICS]
    answers = first_answered(conn, topics, filters.site, filters.today, filters.at)
    return OverviewView(answers, tuple(devices_seen(conn, filters.site, filters.at)), filters.at)


def _draw(view: OverviewView, filters: Filters) -> list[Component]:
    words = filters.words
    cards = [
        card(words.say(title), filters.address(path), rows, found, view.read_at, filters)
        for (title, path, _questions), found, rows in zip(TOPICS, view.answers, _behind(view, filters), strict=True)
    ]
    table = _records(view, filters)[0]
    return [
        html.Div(cards, className="answers"),
        _machines(view, filters),
        section(
            "figures",
            words.say("The five figures with their bases"),
            [scrolling(words.say("{title}: as a table", title=table.caption), table_of(as_table(table)))],
        ),
    ]


def _machines(view: OverviewView, filters: Filters) -> Component:
    words, quiet, every = filters.words, count(silent(view.devices)), count(len(view.devices))
    text = message("▲ {silent} of {all} devices are silent: some figures rest on less data.")
    if not silent(view.devices):
        text = message("○ All {all} devices are heard.")
    to_do = html.A(words.say("See what to do"), href=filters.address("devices"))
    return html.P([words.say(text, silent=quiet, all=every), " ", to_do], className="machines")


def _records(view: OverviewView, filters: Filters) -> Sequence[Records]:
    words = filters.words
    titles = [words.say(title) for title, _path, _questions in TOPICS]
    return (records(titles, view.answers, _behind(view, filters), view.read_at, filters),)


def _behind(view: OverviewView, filters: Filters) -> list[str]:
    """Where the rows behind each answer stand."""
    pages = (path for _title, path, _questions in TOPICS)
    return [
        rows_behind(path, found.entry, found.newest, filters) for path, found in zip(pages, view.answers, strict=True)
    ]


PAGE: Final = Page("", message("Overview"), _read, _draw, _records, fresh_for_s=30.0)
