"""How many seats would have been enough.

The seats that were taken at the same time, quarter by quarter, replayed against fewer seats: at a service level of 95 %
a seat would have been free in 95 of 100 quarters. It says nothing of people who stayed away because it was full, and
the page says so. Responsible for this section. Refuses forecasts.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.seating import Simultaneous
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import NOTHING, count, full_day, percent
from shigotoba_dashboard.parts import aria, section, table_of
from shigotoba_dashboard.rates import Utilisation
from shigotoba_dashboard.records import Records, amount, as_table, number
from shigotoba_dashboard.words import Words, message

LEVELS: Final = (90, 95, 99, 100)
_FIRST_LEVEL: Final = 95
_QUARTERS_PER_HOUR: Final = 4


def chosen_level(filters: Filters) -> int:
    """The service level in the address, in per cent; 95 for anything else."""
    asked = filters.get("level") or ""
    return int(asked) if asked in {str(level) for level in LEVELS} else _FIRST_LEVEL


def section_of(together: Simultaneous, whole: Utilisation, seats: int, filters: Filters) -> Component:
    """The section for a period, of which ``whole`` is known."""
    words = filters.words
    return section(
        "enough",
        words.say("Seats in use at the same time"),
        [
            html.P(_peak(together, seats, filters), className="headline"),
            html.P(_surplus(together, seats, words)),
            html.P(_unknown(whole, words)),
            html.H3(words.say("How many seats would have been enough?")),
            _levels(filters),
            html.P(_sentence(together, seats, filters), className="sentence"),
            table_of(as_table(records(together, seats, filters))),
            html.P(
                words.say(
                    "Replayed from the seats that were really taken, in quarters of an hour inside opening hours. "
                    "Whoever left because it was full is not in it."
                ),
                className="tile-note",
            ),
        ],
    )


def records(together: Simultaneous, seats: int, filters: Filters) -> Records:
    """One row per service level."""
    words = filters.words
    fields = (
        number("service_level", words.say("Service level (%)"), "percent"),
        number("seats_enough", words.say("Seats enough"), "seats"),
        number("seats_to_spare", words.say("To spare"), "seats"),
        amount("short_hours", words.say("Hours short in the period"), "h", 2),
    )
    rows = tuple(
        (level, enough, seats - enough, short / _QUARTERS_PER_HOUR)
        for level, enough, short in zip(LEVELS, together.enough, together.short, strict=False)
    )
    return Records("seats-enough", words.say("Seats that would have been enough"), fields, rows)


def _peak(together: Simultaneous, seats: int, filters: Filters) -> str:
    words = filters.words
    if together.peak is None or together.peak_at is None or together.peak_known is None:
        return words.say("Nothing is known of this period.")
    at = together.peak_at.astimezone(filters.zone)
    return words.say(
        "At most {peak} of {seats} seats, on {day} at {time} ({known} known then)",
        peak=f"{together.peak:.1f}",
        seats=seats,
        day=full_day(at.date(), words),
        time=f"{at:%H:%M}",
        known=f"{together.peak_known:.0f}",
    )


def _surplus(together: Simultaneous, seats: int, words: Words) -> str:
    if together.peak is None or together.average is None or together.busiest is None:
        return NOTHING
    return words.say(
        "On average {average} (time-weighted), in the busiest quarter of a day {busiest}. Least to spare: {spare}.",
        average=f"{together.average:.1f}",
        busiest=f"{together.busiest:.1f}",
        spare=f"{seats - together.peak:.1f}",
    )


def _unknown(whole: Utilisation, words: Words) -> str:
    """How much the three rest on; a seat that is not heard would have been counted if it were taken."""
    told = message(
        "Data coverage {share}. A seat whose sensor is silent is not counted as taken: the lower the coverage, the "
        "more seats were really in use, and the more would have been needed."
    )
    return words.say(told, share=percent(whole.coverage))


def _levels(filters: Filters) -> Component:
    words, chosen = filters.words, chosen_level(filters)
    links = [
        html.Li(
            html.A(
                f"{level}%",
                href=f"{filters.address('seats', level=str(level))}#enough",
                **(aria(current="true") if level == chosen else {}),
            )
        )
        for level in LEVELS
    ]
    name = words.say("Service level")
    return html.Nav([html.Span(name, className="filter-name"), html.Ul(links)], className="choice", **aria(label=name))


def _sentence(together: Simultaneous, seats: int, filters: Filters) -> str:
    words, level = filters.words, chosen_level(filters)
    if not together.enough:
        return words.say("Nothing is known of this period.")
    enough = together.enough[LEVELS.index(level)]
    return words.say(
        "In {level}% of the open time {enough} seats would have been enough; there are {seats}, so {spare} to spare.",
        level=level,
        enough=count(enough),
        seats=count(seats),
        spare=count(seats - enough),
    )
