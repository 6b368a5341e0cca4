"""監査: who did what when, by number; a name only for who may see it, one at a time, with a reason.

Responsible for reading, narrowing and taking home the log. Refuses to judge it and to show names in lists or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.audit import Entry, Sought, entries, topics
from shigotoba_backend.accounts.naming import name_behind
from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.dates import midnight
from shigotoba_dashboard.filter_bar import choice_of
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import count
from shigotoba_dashboard.forms import change_form, typed
from shigotoba_dashboard.pages.audit.deeds import action_name, difference, object_name, topic_name
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Field, Records, as_table, prose, text
from shigotoba_dashboard.words import message

#: In a file; the screen shows the newest.
_MOST: Final = 20_000
_MOST_SHOWN: Final = 200
_DAY: Final = timedelta(days=1)
_KINDS: Final = {
    "command": message("command on the server"),
    "job": message("periodic job"),
    "gateway": message("gateway"),
    "nobody": message("nobody known"),
}


@dataclass(frozen=True)
class AuditView:
    """What the page knows.

    Attributes:
        entries: Newest first.
        topics: What the entries of the period are about.
    """

    entries: tuple[Entry, ...]
    topics: tuple[str, ...]


def _sought(filters: Filters) -> Sought:
    actor, zone = filters.get("actor") or "", filters.zone
    return Sought(
        sites=frozenset({filters.site}),
        whole=filters.visitor.may(Action.READ_AUDIT, None),
        most=_MOST,
        since=midnight(filters.period.first, zone),
        until=midnight(filters.period.last + _DAY, zone),
        topic=filters.get("topic"),
        actor_id=int(actor) if _is_number(actor) else None,
        object=filters.get("object"),
    )


def _is_number(typed_in: str) -> bool:
    return typed_in.isascii() and typed_in.isdigit() and len(typed_in) < 10


def _read(conn: psycopg.Connection, filters: Filters) -> AuditView:
    sought = _sought(filters)
    return AuditView(tuple(entries(conn, sought)), tuple(topics(conn, sought)))


def _draw(view: AuditView, filters: Filters) -> list[Component]:
    words, title = filters.words, filters.words.say("The log")
    shown = _table(view.entries[:_MOST_SHOWN], filters)
    return [
        _topics(view, filters),
        section(
            "log",
            title,
            [
                html.P(_headline(view, filters), className="headline"),
                *_narrowed(filters),
                *(
                    [scrolling(words.say("{title}: as a table", title=title), table_of(as_table(shown)))]
                    if shown.rows
                    else []
                ),
                html.P(
                    words.say("People stand here by number; the log keeps no names and nobody can change it."),
                    className="tile-note",
                ),
            ],
        ),
        *_naming(filters),
    ]


def _topics(view: AuditView, filters: Filters) -> Component:
    words, here = filters.words, filters.get("topic")
    offered = [(None, words.say("Everything")), *((each, topic_name(each, words)) for each in view.topics)]
    links = ((name, filters.address("audit", topic=topic), topic == here) for topic, name in offered)
    return choice_of(words.say("About"), links)


def _headline(view: AuditView, filters: Filters) -> str:
    words, found = filters.words, len(view.entries)
    if found > _MOST_SHOWN:
        return words.say(
            "{entries} entries; the newest {most} are shown, the file has all of them.",
            entries=count(found),
            most=_MOST_SHOWN,
        )
    return words.say("{entries} entries.", entries=count(found))


def _narrowed(filters: Filters) -> list[Component]:
    """What the list has been narrowed to, each with a way back."""
    words = filters.words
    actor, thing = filters.get("actor"), filters.get("object")
    told = {
        "actor": words.say("Only person {value}", value=actor) if actor else "",
        "object": words.say("Only {value}", value=object_name(thing, words)) if thing else "",
    }
    return [
        html.P([text, " ", html.A(words.say("Show all"), href=filters.address("audit", **{name: None}))])
        for name, text in told.items()
        if text
    ]


def _naming(filters: Filters) -> list[Component]:
    words = filters.words
    if not filters.may(Action.LOOK_UP_PEOPLE):
        return []
    fields = [
        typed("person", words.say("Number of the person"), filters.get("actor") or ""),
        typed("reason", words.say("Reason"), hint=words.say("It is kept in the log, with your number.")),
    ]
    form = change_form("audit", "name", filters, fields, words.say("Show the name"))
    return [section("naming", words.say("Who is it?"), [form])]


def _name(conn: psycopg.Connection, change: Change) -> Done:
    number = change.get("person")
    if not _is_number(number):
        raise ChangeRefusedError(change.say("“{number}” is not the number of a person.", number=number))
    name = name_behind(conn, int(number), change.site, change.get("reason"), change.actor)
    return Done(change.say("Person {number} is {name}.", number=number, name=name))


def _table(found: Sequence[Entry], filters: Filters) -> Records:
    words = filters.words

    def clock(at: datetime) -> str:
        return f"{at.astimezone(filters.zone):%Y-%m-%d %H:%M:%S}"

    fields = (
        Field("at", words.say("Time"), "", clock),
        text("actor", words.say("By")),
        Field("action", words.say("Deed"), "", lambda action: action_name(action, words)),
        Field("object", words.say("To what"), "", lambda thing: object_name(thing, words)),
        prose("change", words.say("Change")),
        prose("reason", words.say("Reason")),
        text("request", words.say("Request")),
    )
    rows = tuple(
        (each.at, _actor(each, filters), each.action, each.object, difference(each.before, each.after), each.reason,
         each.request_id)
        for each in found
    )  # fmt: skip
    links = tuple(filters.address("audit", object=each.object) for each in found)
    return Records("audit-log", words.say("Audit log"), fields, rows, links)


def _actor(entry: Entry, filters: Filters) -> str:
    if entry.actor_id is None:
        return filters.words.say(_KINDS.get(entry.actor_kind, entry.actor_kind))
    return filters.words.say("person {number}", number=entry.actor_id)


PAGE: Final = Page(
    "audit",
    message("Audit"),
    _read,
    _draw,
    lambda view, filters: (_table(view.entries, filters),),
    filters=frozenset({"period"}),
    with_today=True,
    more=frozenset({"topic", "actor", "object"}),
    needs=Action.READ_AUDIT,
    takes=Action.READ_AUDIT,
    personal=True,
    changes={"name": Deal(Action.LOOK_UP_PEOPLE, _name)},
)
