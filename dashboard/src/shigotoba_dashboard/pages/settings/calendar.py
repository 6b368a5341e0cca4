"""Opening hours, holidays and closures.

Responsible for this part. Refuses to say what a change does to the rates: they are counted again by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from babel.dates import get_day_names
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.arranging import calendar as kept
from shigotoba_backend.arranging.calendar import ClosureKept, HolidayKept, HoursKept
from shigotoba_backend.arranging.places import PlaceKept, places
from shigotoba_dashboard.changes import Change
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import full_day
from shigotoba_dashboard.forms import change_form, chosen, typed
from shigotoba_dashboard.pages.settings.part import Part, day_in, managed, minutes_in, moment_in
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import Words, message

_DAYS: Final = {"1,2,3,4,5": message("Monday to Friday"), "1,2,3,4,5,6,7": message("Every day")}


@dataclass(frozen=True)
class CalendarKept:
    """What the part knows.

    Attributes:
        hours: Of today and later.
        holidays: Likewise.
        closures: That are not over.
        places: What may be closed.
    """

    hours: tuple[HoursKept, ...]
    holidays: tuple[HolidayKept, ...]
    closures: tuple[ClosureKept, ...]
    places: tuple[PlaceKept, ...]


def _read(conn: psycopg.Connection, filters: Filters) -> CalendarKept:
    site, today = filters.site, filters.today
    return CalendarKept(
        tuple(kept.hours(conn, site, today)),
        tuple(kept.holidays(conn, site, today)),
        tuple(kept.closures(conn, site, filters.at)),
        tuple(each for each in places(conn, site) if each.kind != "booth"),
    )


def _draw(view: CalendarKept, filters: Filters) -> list[Component]:
    words = filters.words
    hours, holidays, closures = _records(view, filters)
    return [
        section("hours", words.say("Opening hours"), [*_shown(hours, words), _hours_form(filters)]),
        section(
            "holidays",
            words.say("Holidays"),
            [*_shown(holidays, words), _holiday_form(filters), *_back_forms(view.holidays, filters)],
        ),
        section(
            "closures",
            words.say("Closures"),
            [
                *_shown(closures, words),
                html.P(words.say("A booth is closed in the web app: whoever had booked it is moved or told there.")),
                _closure_form(view, filters),
                *_end_forms(view.closures, filters),
            ],
        ),
    ]


def _shown(records: Records, words: Words) -> list[Component]:
    if not records.rows:
        return [html.P(words.say("Nothing is entered."))]
    return [scrolling(words.say("{title}: as a table", title=records.caption), table_of(as_table(records)))]


def _hours_form(filters: Filters) -> Component:
    words = filters.words
    single = [(str(day), weekday_name(day, filters)) for day in range(1, 8)]
    fields = [
        chosen("weekdays", words.say("Weekdays"), [*((key, words.say(name)) for key, name in _DAYS.items()), *single]),
        typed("opens", words.say("Opens"), "8:30", words.say("Left empty, it is not open.")),
        typed("closes", words.say("Closes"), "17:15"),
        typed("first", words.say("From which day on"), str(filters.today)),
    ]
    return change_form("settings", "hours", filters, fields, words.say("Save the hours"))


def _holiday_form(filters: Filters) -> Component:
    words = filters.words
    fields = [
        typed("first", words.say("First day")),
        typed("last", words.say("Last day"), hint=words.say("Left empty, one day.")),
        typed("name", words.say("Name in Japanese")),
        typed("name_en", words.say("Name in English")),
    ]
    return change_form("settings", "holiday", filters, fields, words.say("Add the holiday"))


def _back_forms(found: Sequence[HolidayKept], filters: Filters) -> list[Component]:
    words = filters.words
    if not found:
        return []
    offered = [(str(each.first), f"{full_day(each.first, words)} {each.name}") for each in found]
    field = chosen("first", words.say("Holiday"), offered)
    return [change_form("settings", "no-holiday", filters, [field], words.say("Take the holiday back"))]


def _closure_form(view: CalendarKept, filters: Filters) -> Component:
    words = filters.words
    offered = [("", words.say("the whole site")), *((each.code, f"{each.name} ({each.code})") for each in view.places)]
    hint = words.say("For example 2026-11-20 17:30")
    fields = [
        chosen("space", words.say("What"), offered),
        typed("since", words.say("From"), hint=hint),
        typed("until", words.say("Until"), hint=words.say("Left empty, until it is ended.")),
        typed("reason", words.say("Reason")),
    ]
    return change_form("settings", "closure", filters, fields, words.say("Add the closure"))


def _end_forms(found: Sequence[ClosureKept], filters: Filters) -> list[Component]:
    words = filters.words
    offered = [(str(each.closure_id), f"{each.space or words.say('the whole site')} {each.reason}") for each in found]
    if not offered:
        return []
    field = chosen("closure", words.say("Closure"), offered)
    return [change_form("settings", "no-closure", filters, [field], words.say("End the closure now"))]


def weekday_name(day: int, filters: Filters) -> str:
    """Name of a weekday; 1 is Monday."""
    return str(get_day_names("wide", locale=filters.language)[day - 1])


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _records(view: CalendarKept, filters: Filters) -> tuple[Records, Records, Records]:
    words = filters.words
    first, beyond = Field("first", words.say("From which day on")), Field("beyond", words.say("Up to, not including"))

    def moment(at: datetime) -> str:
        return f"{at.astimezone(filters.zone):%Y-%m-%d %H:%M}"

    hours = Records(
        "opening-hours",
        words.say("Opening hours"),
        (text("weekday", words.say("Weekday")), text("opens", words.say("Opens")), text("closes", words.say("Closes")),
         first, beyond),
        tuple((weekday_name(each.weekday, filters), _clock(each.opens_min), _clock(each.closes_min), each.first,
               each.beyond) for each in view.hours),
    )  # fmt: skip
    holidays = Records(
        "holidays",
        words.say("Holidays"),
        (Field("first", words.say("First day")), Field("last", words.say("Last day")), text("name", words.say("Name"))),
        tuple((each.first, each.last, each.name) for each in view.holidays),
    )
    closures = Records(
        "closures",
        words.say("Closures"),
        (text("what", words.say("What")), Field("since", words.say("From"), "", moment),
         Field("until", words.say("Until"), "", moment), text("reason", words.say("Reason"))),
        tuple((each.space or words.say("the whole site"), each.since, each.until, each.reason)
              for each in view.closures),
    )  # fmt: skip
    return hours, holidays, closures


def _set_hours(conn: psycopg.Connection, change: Change) -> None:
    weekdays = [int(day) for day in change.get("weekdays").split(",") if day in set("1234567")]
    minutes = (minutes_in(change, "opens"), minutes_in(change, "closes")) if change.get("opens") else None
    first = day_in(change, "first")
    kept.set_hours(conn, (change.site, weekdays), first, minutes, change.actor, change.filters.today)


def _add_holiday(conn: psycopg.Connection, change: Change) -> None:
    first = day_in(change, "first")
    last = day_in(change, "last") if change.get("last") else first
    name = change.get("name")
    kept.add_holiday(conn, change.site, HolidayKept(first, last, name, change.get("name_en") or name), change.actor)


def _drop_holiday(conn: psycopg.Connection, change: Change) -> None:
    kept.drop_holiday(conn, change.site, day_in(change, "first"), change.actor)


def _add_closure(conn: psycopg.Connection, change: Change) -> None:
    until = moment_in(change, "until") if change.get("until") else None
    during = moment_in(change, "since"), until
    place = change.site, change.get("space") or None
    kept.add_closure(conn, place, during, change.get("reason"), change.actor)


def _end_closure(conn: psycopg.Connection, change: Change) -> None:
    number = change.get("closure")
    kept.end_closure(conn, change.site, int(number) if number.isdecimal() else 0, change.actor, change.at)


PART: Final = Part(
    "calendar",
    message("Hours, holidays, closures"),
    _read,
    _draw,
    _records,
    {
        "hours": managed(_set_hours),
        "holiday": managed(_add_holiday),
        "no-holiday": managed(_drop_holiday),
        "closure": managed(_add_closure),
        "no-closure": managed(_end_closure),
    },
)
