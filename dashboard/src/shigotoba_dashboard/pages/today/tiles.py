"""The first screen's answers: seats, booths, printing, devices, at a glance.

Responsible for one tile per question, each with what to hold it against. Refuses numbers that no section explains.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.printing import DayPrinting
from shigotoba_dashboard import states
from shigotoba_dashboard.figures.printing import total
from shigotoba_dashboard.formats import count, percent
from shigotoba_dashboard.pages.behind.ways import to_devices
from shigotoba_dashboard.pages.today.booths import booth_utilisation
from shigotoba_dashboard.pages.today.devices import silent
from shigotoba_dashboard.pages.today.seats import seat_utilisation, seat_utilisation_yesterday
from shigotoba_dashboard.parts import live, tile
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Now, Today
from shigotoba_dashboard.words import Words


def frame(words: Words) -> Component:
    """The empty row of tiles."""
    waiting = words.say("Loading…")
    names = ("tile-seats", "tile-seat-rate", "tile-booths", "tile-printing", "tile-devices")
    return html.Div([live(name, waiting) for name in names], className="tiles")


def _seats(now: Now, words: Words) -> Component:
    seats = now.of_kind("seat")
    return tile(
        words.say("Seats in use now"),
        f"{states.number_in(seats, 'occupied')}/{len(seats)}",
        words.say(
            "free {free}, unknown {unknown}",
            free=states.number_in(seats, "vacant"),
            unknown=states.number_in(seats, "unknown"),
        ),
        "#seats",
        words,
    )


def _booths(now: Now, words: Words) -> Component:
    booths = now.of_kind("booth")
    return tile(
        words.say("Booths in use now"),
        f"{states.number_in(booths, 'occupied')}/{len(booths)}",
        words.say(
            "free {free}, unknown {unknown}",
            free=states.number_in(booths, "vacant"),
            unknown=states.number_in(booths, "unknown"),
        ),
        "#booths",
        words,
    )


def _seat_rate(today: Today, words: Words) -> Component:
    return tile(
        words.say("Seat utilisation today"),
        percent(seat_utilisation(today).share),
        words.say(
            "yesterday until now {before}; booths today {booths}",
            before=percent(seat_utilisation_yesterday(today).share),
            booths=percent(booth_utilisation(today).share),
        ),
        "#occupancy",
        words,
    )


def _printing(today: Today, words: Words) -> Component:
    *before, last = today.printing
    return tile(
        words.say("Impressions today"),
        words.say("{number} sides", number=count(total(last))),
        words.say("yesterday, whole day: {before} sides", before=count(_last_total(before))),
        "#printing",
        words,
    )


def _last_total(days: list[DayPrinting]) -> int | None:
    return total(days[-1]) if days else None


def _devices(today: Today, words: Words) -> Component:
    return tile(
        words.say("Silent devices"),
        count(silent(today.devices)),
        words.say(
            "of {all}; data coverage today {share}",
            all=count(len(today.devices)),
            share=percent(today.coverage.known_share_today),
        ),
        to_devices(today.site.code, words, "todo"),
        words,
    )


NOW: Final[tuple[Region[Now], ...]] = (
    text_region("tile-seats", lambda now: [space.state for space in now.of_kind("seat")], _seats),
    text_region("tile-booths", lambda now: [space.state for space in now.of_kind("booth")], _booths),
)
TODAY: Final[tuple[Region[Today], ...]] = (
    text_region(
        "tile-seat-rate",
        lambda today: (seat_utilisation(today), seat_utilisation_yesterday(today), booth_utilisation(today)),
        _seat_rate,
    ),
    text_region("tile-printing", lambda today: today.printing[-2:], _printing),
    text_region(
        "tile-devices",
        lambda today: (silent(today.devices), len(today.devices), today.coverage.known_share_today),
        _devices,
    ),
)
