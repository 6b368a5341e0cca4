"""What one device said on one day, reading by reading.

Responsible for this page, the last step of the way down from a number. Refuses more than a day at a time, and to show
a printer's counters or one seat's states to who may not see such figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.devices import devices_seen
from shigotoba_backend.read.raw import RawReading, raw_readings
from shigotoba_dashboard.dates import NotADayError, midnight, read_day
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import count, full_day
from shigotoba_dashboard.pages.devices.kinds import point_word
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.pages.paper.parts import KEPT_BACK
from shigotoba_dashboard.parts import aria, scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import Words, message

#: On the screen; a file holds all of them.
_MOST_SHOWN: Final = 500
_DAY: Final = timedelta(days=1)
_OF_FEW: Final = frozenset({"mfp", "seat_sensor"})


@dataclass(frozen=True)
class DeviceView:
    """What the page knows.

    Attributes:
        readings: Of the day, in order.
        of_few: Whether it is a printer or a seat's sensor, whose readings are figures of few people.
    """

    readings: tuple[RawReading, ...]
    of_few: bool


def asked_day(filters: Filters) -> date:
    """The day in the address; today for anything else."""
    try:
        return read_day(filters.get("day") or "")
    except NotADayError:
        return filters.today


def _read(conn: psycopg.Connection, filters: Filters) -> DeviceView:
    day, zone, device = asked_day(filters), filters.zone, filters.get("device") or ""
    start, end = midnight(day, zone), midnight(day + _DAY, zone)
    kinds = {each.device: each.kind for each in devices_seen(conn, filters.site, filters.at)}
    return DeviceView(tuple(raw_readings(conn, filters.site, device, start, end)), kinds.get(device) in _OF_FEW)


def _is_kept_back(view: DeviceView, filters: Filters) -> bool:
    if not view.of_few:
        return False
    return not filters.visitor.sees(Scope("device", f"{filters.site}/{filters.get('device')}"), filters.site)


def _draw(view: DeviceView, filters: Filters) -> list[Component]:
    words, day = filters.words, asked_day(filters)
    if _is_kept_back(view, filters):
        return [html.P(words.say(KEPT_BACK), className="notice")]
    table = _table(view.readings[-_MOST_SHOWN:], filters)
    title = words.say("{device}, {day}", device=filters.get("device") or "—", day=full_day(day, words))
    return [
        section(
            "readings",
            title,
            [
                _days(day, filters),
                html.P(_shown(len(view.readings), words)),
                *([scrolling(title, table_of(as_table(table)))] if table.rows else []),
            ],
        )
    ]


def _shown(readings: int, words: Words) -> str:
    if readings <= _MOST_SHOWN:
        return words.say("{readings} readings that day.", readings=count(readings))
    return words.say(
        "{readings} readings that day; the last {most} are shown, the file has all of them.",
        readings=count(readings),
        most=_MOST_SHOWN,
    )


def _days(day: date, filters: Filters) -> Component:
    words = filters.words
    around = (day - _DAY, day + _DAY) if day < filters.today else (day - _DAY,)
    links = [html.Li(html.A(full_day(each, words), href=filters.address("device", day=str(each)))) for each in around]
    name = words.say("Other days")
    return html.Nav(html.Ul(links), className="choice", **aria(label=name))


def _records(view: DeviceView, filters: Filters) -> tuple[Records, ...]:
    return () if _is_kept_back(view, filters) else (_table(view.readings, filters),)


def _table(readings: tuple[RawReading, ...], filters: Filters) -> Records:
    words = filters.words

    def clock(at: datetime) -> str:
        return f"{at.astimezone(filters.zone):%H:%M:%S}"

    fields = (
        Field("at", words.say("Time"), "", clock),
        Field("point", words.say("Measuring point"), "", lambda point: point_word(point, words)),
        text("value", words.say("Value")),
        text("uncertain", words.say("Time uncertain")),
    )
    rows = tuple((each.at, each.point, _value(each), _yes(each.uncertain, words)) for each in readings)
    return Records("readings", words.say("Readings of one device"), fields, rows)


def _value(reading: RawReading) -> str:
    return reading.label if reading.label is not None else f"{reading.value:g}"


def _yes(uncertain: bool, words: Words) -> str:
    return words.say("yes") if uncertain else ""


PAGE: Final = Page(
    "device",
    message("One device"),
    _read,
    _draw,
    _records,
    more=frozenset({"device", "day"}),
    menu=False,
)
