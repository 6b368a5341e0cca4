"""One seat or booth, day by day, and the devices that said so.

Responsible for this page. Refuses who was there: nobody knows; a seat's days and a booth's single bookings to who may
not see single seats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.booths import Booked, BoothSession, bookings_of_booth, booth_sessions
from shigotoba_backend.read.seating import NamedSpace, OpenDay, PlacedDevice, named_space, space_days, space_devices
from shigotoba_dashboard.dates import midnight
from shigotoba_dashboard.figures.daily import HEIGHT_PX, daily_chart, daily_records, rate_of
from shigotoba_dashboard.filter_bar import said
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.behind import bookings
from shigotoba_dashboard.pages.devices.kinds import kind_word
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.seats.types import SINGLE_SEATS
from shigotoba_dashboard.parts import drawn_chart, folded_table, rate_lines, section
from shigotoba_dashboard.records import Records, as_table
from shigotoba_dashboard.words import Words, message

SINGLE_BOOKINGS: Final = message("One booking after the other is shown only to who sees every section.")


@dataclass(frozen=True)
class SpaceView:
    """What the page knows; no name and no days where there is no such space, bookings and uses of a booth alone."""

    place: NamedSpace | None
    days: tuple[OpenDay, ...]
    devices: tuple[PlacedDevice, ...]
    bookings: tuple[Booked, ...]
    uses: tuple[BoothSession, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> SpaceView:
    place = (filters.site, filters.get("space") or "", filters.elapsed.first, filters.elapsed.last)
    named = named_space(conn, filters.site, place[1])
    days, devices = tuple(space_days(conn, *place)), tuple(space_devices(conn, *place))
    if named is None or named.kind != "booth":
        return SpaceView(named, days, devices, (), ())
    start, end = (midnight(day, filters.zone) for day in (place[2], place[3] + timedelta(days=1)))
    uses = booth_sessions(conn, filters.site, start, end, place[1])
    return SpaceView(named, days, devices, tuple(bookings_of_booth(conn, *place)), tuple(uses))


def _kind(view: SpaceView) -> str:
    return view.place.kind if view.place else ""


def _is_kept_back(view: SpaceView, filters: Filters) -> bool:
    return _kind(view) == "seat" and not filters.may_see_single_seats


def _draw(view: SpaceView, filters: Filters) -> list[Component]:
    words, space = filters.words, filters.get("space") or ""
    if view.place is None:
        text = words.say("There is no place “{space}” here. Choose one from a list of seats or booths.", space=space)
        return [html.P(text, className="notice")]
    if _is_kept_back(view, filters):
        return [html.P(words.say(SINGLE_SEATS), className="notice")]
    return [
        section(
            "days",
            words.say("{space}, {period}", space=view.place.name, period=said(filters.period, filters)),
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
    if _kind(view) != "booth":
        return []
    words, tables = filters.words, _singly(view, filters)
    inside: list[Component] = [html.P(words.say(SINGLE_BOOKINGS), className="notice")]
    if filters.may_see_single_seats:
        inside = [_folded_or_none(table, words) for table in tables]
    return [section("bookings", words.say("Bookings and uses"), inside)]


def _singly(view: SpaceView, filters: Filters) -> tuple[Records, Records]:
    return bookings.of_booth(view.bookings, filters), bookings.uses_of_booth(view.uses, filters)


def _folded_or_none(table: Records, words: Words) -> Component:
    if not table.rows:
        return html.P(words.say("{title}: none.", title=table.caption))
    return folded_table(words.say("{title}: as a table", title=table.caption), as_table(table))


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
    single = _kind(view) == "booth" and filters.may_see_single_seats
    return (by_day, *_singly(view, filters)) if single else (by_day,)


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
