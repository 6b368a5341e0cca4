"""Booths: how each is now, and how it was used today.

Responsible for the section's frame and regions. A count of uses never stands without its rate. Refuses bookings:
those are on the page of the booths.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.now import SpaceNow
from shigotoba_backend.read.use import SpaceUse
from shigotoba_dashboard import states
from shigotoba_dashboard.formats import clock, count, moment, percent, span
from shigotoba_dashboard.pages.behind.ways import to_space
from shigotoba_dashboard.parts import live, scrolling, section, table_of
from shigotoba_dashboard.rates import Utilisation, utilisation
from shigotoba_dashboard.records import Cell, Records, as_table, number, share, text
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Now, Today
from shigotoba_dashboard.words import Words


def frame(words: Words) -> Component:
    """The empty section."""
    waiting = words.say("Loading…")
    today = words.say("Use of the booths today")
    return section(
        "booths",
        words.say("Booths"),
        [
            live("booth-counts", waiting, "headline"),
            live("booth-cards", waiting, "cards"),
            html.H3(words.say("Booth utilisation today")),
            live("booth-utilisation", waiting),
            scrolling(today, live("booth-table", waiting)),
        ],
    )


def booth_utilisation(today: Today) -> Utilisation:
    """実利用率 of all booths since midnight."""
    booths = _booths(today)
    return utilisation(booths, len(booths), today.elapsed_s)


def _booths(today: Today) -> list[SpaceUse]:
    return [use for use in today.use if use.kind == "booth"]


def _uses(today: Today, booth: str) -> int:
    return sum(1 for use in today.booth_uses if use.space == booth)


def _counts(now: Now, words: Words) -> str:
    booths = now.of_kind("booth")
    return words.say("{counts} (of {booths} booths)", counts=states.counts(booths, words), booths=len(booths))


def _cards(now: Now, words: Words) -> list[Component]:
    return [_card(booth, now, words) for booth in now.of_kind("booth")]


def _cards_look(now: Now) -> object:
    booths = [(booth.space, booth.name, booth.state, booth.since) for booth in now.of_kind("booth")]
    return (booths, now.day)


def _card(booth: SpaceNow, now: Now, words: Words) -> Component:
    return html.Div(
        [
            html.H3(html.A(booth.name, href=to_space(now.site.code, booth.space, now.day, words))),
            states.badge(booth.state, words),
            html.P(_since(booth, now, words), className="tile-note"),
        ],
        className=f"card {booth.state}",
    )


def _since(booth: SpaceNow, now: Now, words: Words) -> str:
    if booth.since is None:
        return words.say("never heard")
    at = moment(booth.since, now.at, now.zone, words)
    if booth.state == "unknown":
        return words.say("last heard {time}", time=at)
    return words.say("since {time}", time=at)


def _utilisation(today: Today, words: Words) -> list[Component]:
    rate = booth_utilisation(today)
    return [
        html.P(html.Strong(percent(rate.share)), className="figure"),
        html.P(
            words.say(
                "Time in use ÷ time with a known state, all booths, from 0:00 to {time}: {occupied} ÷ {known}.",
                time=clock(today.at, today.zone),
                occupied=span(rate.occupied_s, words),
                known=span(rate.known_s, words),
            )
        ),
        html.P(words.say("Data coverage {share}.", share=percent(rate.coverage))),
        html.P(words.say("Walk-ins by button today: {uses}.", uses=count(len(today.booth_uses)))),
    ]


def booth_records(today: Today, words: Words) -> Records:
    """One row per booth, leading to its day."""
    booths = _booths(today)
    fields = (
        text("name", words.say("Booth")),
        number("occupied", words.say("In use (min)"), "min"),
        number("walk_ins", words.say("Walk-ins by button"), "times"),
        share("utilisation", words.say("Utilisation")),
        share("coverage", words.say("Data coverage")),
    )
    links = tuple(to_space(today.site.code, booth.space, today.day, words) for booth in booths)
    rows = tuple(_row(booth, today) for booth in booths)
    return Records("booths-today", words.say("Use of the booths today"), fields, rows, links)


def _row(booth: SpaceUse, today: Today) -> tuple[Cell, ...]:
    rate = utilisation([booth], 1, today.elapsed_s)
    return (
        booth.name,
        None if booth.occupied_s is None else round(booth.occupied_s / 60),
        None if booth.presses is None else _uses(today, booth.space),
        rate.share,
        rate.coverage,
    )


def _table(today: Today, words: Words) -> Component:
    return table_of(as_table(booth_records(today, words)))


def _look(today: Today) -> object:
    return (_booths(today), today.booth_uses, clock(today.at, today.zone))


NOW: Final[tuple[Region[Now], ...]] = (
    text_region("booth-counts", lambda now: [booth.state for booth in now.of_kind("booth")], _counts),
    text_region("booth-cards", _cards_look, _cards),
)
TODAY: Final[tuple[Region[Today], ...]] = (
    text_region("booth-utilisation", _look, _utilisation),
    text_region("booth-table", _look, _table),
)
