"""What of each gateway has arrived, what it says of itself, and which numbers never came.

Responsible for this section. Refuses to judge: the list of tasks does.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.coverage import Coverage
from shigotoba_backend.read.trouble import Complaint, Hole
from shigotoba_backend.texts import retold
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.devices.tables import when
from shigotoba_dashboard.parts import folded_table, scrolling, section, table_of
from shigotoba_dashboard.records import Records, as_table, number, text


def section_of(
    coverage: Coverage, complaints: Sequence[Complaint], holes: Sequence[Hole], filters: Filters
) -> Component:
    """The section."""
    words = filters.words
    if not coverage.gateways:
        return section("gateways", words.say("Gateways"), [html.P(words.say("No gateway has sent anything yet."))])
    table, missing = records(coverage, filters), hole_records(holes, filters)
    return section(
        "gateways",
        words.say("Gateways"),
        [
            html.P(
                words.say(
                    "Every reading has a number. Missing are those that were numbered and are neither here nor waiting "
                    "at the gateway."
                )
            ),
            scrolling(table.caption, table_of(as_table(table))),
            *_never_reporting(coverage, filters),
            *([folded_table(missing.caption, as_table(missing))] if missing.rows else []),
            *_said(complaints, filters),
        ],
    )


def records(coverage: Coverage, filters: Filters) -> Records:
    """One row per gateway."""
    words = filters.words
    fields = (
        text("gateway", words.say("Gateway")),
        number("received", words.say("Received"), "readings"),
        number("missing", words.say("Missing"), "readings"),
        number("waiting", words.say("Waiting at the gateway"), "readings"),
        number("set_aside", words.say("Set aside at the gateway"), "readings"),
        number("restarts", words.say("Driver restarts"), "times"),
        when("received_at", words.say("Last data"), filters),
        when("health_at", words.say("Last report"), filters),
    )
    rows = tuple(
        (
            each.gateway,
            each.received,
            each.missing,
            each.waiting,
            each.set_aside,
            each.restarts,
            each.received_at,
            each.health_at,
        )
        for each in coverage.gateways
    )
    lacking = frozenset(line for line, each in enumerate(coverage.gateways) if each.missing)
    return Records("gateways", words.say("Readings by gateway"), fields, rows, marked=lacking)


def hole_records(holes: Sequence[Hole], filters: Filters) -> Records:
    """One row per hole."""
    words = filters.words
    fields = (
        text("gateway", words.say("Gateway")),
        text("epoch", words.say("Spool")),
        number("first", words.say("First number"), ""),
        number("last", words.say("Last number"), ""),
        number("missing", words.say("Missing"), "readings"),
    )
    rows = tuple((hole.gateway, hole.epoch, hole.first, hole.last, hole.last - hole.first + 1) for hole in holes)
    return Records("holes", words.say("Numbers that never arrived"), fields, rows)


def _never_reporting(coverage: Coverage, filters: Filters) -> list[Component]:
    """Who sent readings and never how it is, so that nobody waits for it; see ``todo``."""
    words = filters.words
    names = words.say(", ").join(each.gateway for each in coverage.gateways if each.health_at is None)
    if not names:
        return []
    told = words.say(
        "Never reported how it is, as is usual for past readings: {gateways}. This does not count as silent.",
        gateways=names,
    )
    return [html.P(told, className="tile-note")]


def _said(complaints: Sequence[Complaint], filters: Filters) -> list[Component]:
    if not complaints:
        return []
    said = [html.Li(f"{complaint.gateway}: {retold(complaint.text, filters.language)}") for complaint in complaints]
    return [html.H3(filters.words.say("What gateways say")), html.Ul(said)]
