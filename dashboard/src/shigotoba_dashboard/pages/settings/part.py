"""What a part of the settings is: a question, a drawing of the answer, tables, and what may be changed.

Responsible for this shape and for what parts have in common: words for kinds, reading days and times. Refuses to know
any part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import psycopg

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.dates import NotADayError, read_day
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import message

_DAY_END_MIN = 24 * 60


@dataclass(frozen=True)
class Part:
    """A part of the page.

    Attributes:
        key: In the address.
        title: A message.
        read: Asks the database.
        draw: Draws the answer.
        records: Its tables.
        changes: What can be sent, by name.
    """

    key: str
    title: str
    read: Callable[[psycopg.Connection, Filters], Any]
    draw: Callable[[Any, Filters], Sequence[Any]]
    records: Callable[[Any, Filters], Sequence[Records]] = lambda _view, _filters: ()
    changes: Mapping[str, Deal] = field(default_factory=dict[str, Deal])


def managed(do: Callable[[psycopg.Connection, Change], None]) -> Deal:
    """A change for the site's administrators, of which nothing needs to be told but that it was made."""

    def change(conn: psycopg.Connection, sent: Change) -> Done:
        do(conn, sent)
        return Done(sent.say("Saved."))

    return Deal(Action.MANAGE_SITE, change)


def day_in(change: Change, name: str) -> date:
    """The day typed under ``name``, in either calendar.

    Raises:
        ChangeRefusedError: It is none.
    """
    text = change.get(name)
    try:
        return read_day(text)
    except NotADayError as error:
        said = message("“{text}” is not a day. Write it as 2026-11-20, 2026/11/20 or 令和8年11月20日.")
        raise ChangeRefusedError(change.say(said, text=text)) from error


def moment_in(change: Change, name: str) -> datetime:
    """The day and time typed under ``name``, such as ``2026-11-20 17:30``, in the site's zone.

    Raises:
        ChangeRefusedError: It is none.
    """
    text = change.get(name)
    try:
        day, _, clock = text.rpartition(" ")
        at = time.fromisoformat(clock.zfill(5)) if day else time()
        return datetime.combine(read_day(day or text), at, change.filters.zone)
    except (NotADayError, ValueError) as error:
        said = message("“{text}” is not a day and time. Write it as 2026-11-20 17:30.")
        raise ChangeRefusedError(change.say(said, text=text)) from error


def minutes_in(change: Change, name: str) -> int:
    """The time of day typed under ``name``, in minutes after midnight; 24:00 is the end of the day.

    Raises:
        ChangeRefusedError: It is none.
    """
    text = change.get(name)
    if text == "24:00":
        return _DAY_END_MIN
    try:
        at = time.fromisoformat(text.zfill(5))
    except ValueError as error:
        raise ChangeRefusedError(change.say("“{text}” is not a time of day. Write it as 8:30.", text=text)) from error
    return at.hour * 60 + at.minute


def number_in(change: Change, name: str, least: int, most: int) -> int:
    """The whole number typed under ``name``.

    Raises:
        ChangeRefusedError: It is none, or out of bounds.
    """
    text = change.get(name)
    if not text.removeprefix("-").isdecimal() or not least <= int(text) <= most:
        said = message("“{text}” is not a whole number from {least} to {most}.")
        raise ChangeRefusedError(change.say(said, text=text, least=least, most=most))
    return int(text)
