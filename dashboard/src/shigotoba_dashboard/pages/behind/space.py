"""One seat or booth, day by day, and the devices that said so.

Responsible for this page. Refuses who was there: nobody knows; a seat's days and a booth's single bookings to who may
not see single seats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.booths import Booked, bookings_of_booth
from shigotoba_backend.read.seating import OpenDay, PlacedDevice, space_days, space_devices, space_kind
from shigotoba_dashboard.figures.daily import HEIGHT_PX, daily_chart, daily_records, rate_of
from shigotoba_dashboard.filter_bar import said
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.behind import bookings
from shigotoba_dashboard.pages.devices.kinds import kind_word
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.seats.types import SINGLE_SEATS
from shigotoba_dashboard.parts import drawn_chart, folded_table, rate_lines, section
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import message

SINGLE_BOOKINGS: Final = message("One booking after the other is shown only to who sees every section.")


@dataclass(frozen=True)
class SpaceView:
    """What the page knows; no kind and no days where there is no such space, bookings where it can be booked."""

    kind: str | None
    days: tuple[OpenDay, ...]
    devices: tuple[PlacedDevice, ...]
    bookings: tuple[Booked, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> SpaceView:
    place = (filters.site, filters.get("space") or "", filters.elapsed.first, filters.elapsed.last)
    kind = space_kind(conn, filters.site, place[1])
    booked = tuple(bookings_of_booth(conn, *place)) if kind == "booth" else ()
    return SpaceView(kind, tuple(space_days(conn, *place)), tuple(space_devices(conn, *place)), booked)


def _is_kept_back(view: SpaceView, filters: Filters) -> bool:
    return view.kind == "seat" and not filters.may_see_single_seats


def _draw(view: SpaceView, filters: Filters) -> list[Component]:
    words, space = filters.words, filters.get("space") or ""
    if not view.days:
        text = words.say("There is no place “{space}” here. Choose one from a list of seats or booths.", space=space)
        return [html.P(text, className="notice")]
    if _is_kept_back(view, filters):
        return [html.P(words.say(SINGLE_SEATS), className="notice")]
    return [
        section(
            "days",
            words.say("{space}, {period}", space=space, period=said(filters.period, filters)),
            [
                *rate_lines(rate_of(view.days, 1), words.say("Time in use ÷ known time inside opening hours"), words),
                drawn_chart(
                    "space-daily",
                    words.say("Utilisation per day"),
                    daily_chart(view.days, 1, words.say("Utilisation per day"), words),
                    HEIGHT_PX,
                    words,
                ),
            ],
        ),
        *_bookings(view, filters),
        section("sources", words.say("What the devices said"), [_devices(view.devices, filters)]),
    ]


def _bookings(view: SpaceView, filters: Filters) -> list[Component]:
    if view.kind != "booth":
        return []
    words, table = filters.words, bookings.of_booth(view.bookings, filters)
    inside: Component = html.P(words.say("No booking began in the period."))
    if not filters.may_see_single_seats:
        inside = html.P(words.say(SINGLE_BOOKINGS), className="notice")
    elif table.rows:
        inside = folded_table(words.say("{title}: as a table", title=table.caption), as_table(table))
    return [section("bookings", words.say("Bookings"), [inside])]


def _devices(devices: Sequence[PlacedDevice], filters: Filters) -> Component:
    words = filters.words
    if not devices:
        return html.P(words.say("No device was assigned to this place in the period."))
    links = [
        html.Li(
            html.A(
                f"{kind_word(each.kind, words)} {each.device}",
                href=filters.address("device", device=each.device, space=None),
            )
        )
        for each in devices
    ]
    return html.Ul(links)


def _records(view: SpaceView, filters: Filters) -> tuple[Records, ...]:
    words = filters.words
    if _is_kept_back(view, filters):
        return ()
    by_day = daily_records("space-by-day", view.days, 1, words.say("Utilisation per day"), words)
    single = view.kind == "booth" and filters.may_see_single_seats
    return (by_day, bookings.of_booth(view.bookings, filters)) if single else (by_day,)


PAGE: Final = Page(
    "space",
    message("One place"),
    _read,
    _draw,
    _records,
    filters=frozenset({"period"}),
    more=frozenset({"space"}),
    menu=False,
)
