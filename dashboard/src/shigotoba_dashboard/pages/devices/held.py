"""Rises of printers' counters that are not counted: what each would add, and a person's decision.

A new board or a long silence moves every counter of a printer at once, so one form decides about all of one stretch.
Responsible for this section. Refuses to tell what a printer printed to who may not see its figures, and to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.arranging.rises import Decision, HeldRise, Verdict, decide_rise
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import moment
from shigotoba_dashboard.forms import change_form, chosen, typed
from shigotoba_dashboard.pages.devices.kinds import point_word
from shigotoba_dashboard.pages.devices.tables import when
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Records, as_table, number, text
from shigotoba_dashboard.words import Words, message

NAME: Final = "held-rises"
CAUSES: Final = {
    "too_fast": message("faster than the device works"),
    "long_gap": message("nothing was heard for more than a day"),
}
DECISIONS: Final[dict[Decision, str]] = {
    "release": message("count a held rise after all"),
    "refuse": message("leave a held rise out for good"),
}
"""As the command line says it; see ``arranging.rises``."""

_ONE: Final = re.compile(r"(\d{1,15}):(\d{1,15})")


def seen(rises: Sequence[HeldRise], filters: Filters) -> list[HeldRise]:
    """Those that the visitor may see, printer by printer."""
    visitor, site = filters.visitor, filters.site
    shown = (rise for rise in rises if visitor.sees(Scope("device", f"{site}/{rise.device}"), site))
    return sorted(shown, key=_stretch)


def section_of(rises: Sequence[HeldRise], filters: Filters) -> list[Component]:
    """The section; none where nothing waits that the visitor may see."""
    words, found = filters.words, seen(rises, filters)
    if not found:
        return []
    table = records(rises, filters)
    name = words.say("{title}: as a table", title=table.caption)
    told = words.say(
        "These rises are in no figure. Compare them with the printer's own meter page. What is counted belongs to the "
        "hour of the later reading. A decision can be changed later, over the API or by command line."
    )
    return [
        section(
            "held",
            table.caption,
            [html.P(told), scrolling(name, table_of(as_table(table))), *_forms(found, filters)],
        )
    ]


def records(rises: Sequence[HeldRise], filters: Filters) -> Records:
    """One row for each rise."""
    words = filters.words
    fields = (
        text("device", words.say("Printer")),
        text("counter", words.say("Counter")),
        number("rise", words.say("Would add"), ""),
        number("from_value", words.say("Counter before"), ""),
        when("from_at", words.say("Read at"), filters),
        number("to_value", words.say("Counter after"), ""),
        when("to_at", words.say("Read at"), filters),
        text("cause", words.say("Why it is held")),
    )
    found = seen(rises, filters)
    rows = tuple(
        (
            rise.device,
            point_word(rise.counter, words),
            rise.rise,
            rise.from_value,
            rise.from_at,
            rise.to_value,
            rise.to_at,
            words.say(CAUSES[rise.cause]),
        )
        for rise in found
    )
    links = tuple(filters.address("device", device=rise.device) for rise in found)
    return Records(NAME, words.say("Rises that wait for a decision"), fields, rows, links)


def _forms(found: Sequence[HeldRise], filters: Filters) -> list[Component]:
    if not filters.visitor.may(Action.IMPORT_FIGURES, filters.site):
        return [html.P(filters.words.say("Whoever brings figures decides."), className="tile-note")]
    return [part for _, rises in groupby(found, key=_stretch) for part in _form(list(rises), filters)]


def _form(rises: Sequence[HeldRise], filters: Filters) -> list[Component]:
    """One stretch of one printer."""
    words, first = filters.words, rises[0]
    since, until = (moment(at, filters.at, filters.zone, words) for at in (first.from_at, first.to_at))
    title = words.say("{device}, {since} to {until}", device=first.device, since=since, until=until)
    fields = [
        chosen("decision", words.say("Decision"), [("", words.say("Choose")), *_offered(words)], ""),
        typed("reason", words.say("Reason"), hint=words.say("What was seen at the printer.")),
    ]
    which = " ".join(f"{rise.hold_id}:{rise.version}" for rise in rises)
    return [html.H3(title), change_form("devices", NAME, filters, fields, words.say("Decide"), [("rises", which)])]


def _offered(words: Words) -> list[tuple[str, str]]:
    return [(decision, words.say(said)) for decision, said in DECISIONS.items()]


def _stretch(rise: HeldRise) -> tuple[object, ...]:
    return rise.device, rise.from_at, rise.to_at


def _decide(conn: psycopg.Connection, change: Change) -> Done:
    decisions: dict[str, Decision] = {str(each): each for each in DECISIONS}
    decision = decisions.get(change.get("decision"))
    if decision is None:
        raise ChangeRefusedError(change.say("Choose what shall become of the rise."))
    for hold_id, version in _ONE.findall(change.get("rises")):
        verdict = Verdict(decision, change.get("reason"), seen_version=int(version))
        decide_rise(conn, change.site, int(hold_id), verdict, change.actor, change.at)
    return Done(change.say("Decided. The figures follow within a minute."))


CHANGES: Final = {NAME: Deal(Action.IMPORT_FIGURES, _decide)}
