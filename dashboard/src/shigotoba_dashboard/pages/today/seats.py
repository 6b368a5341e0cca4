"""Seats: who-less occupancy now, and the day so far.

Responsible for the section's frame and regions. Refuses presence rates: 座席利用率 counts seats, never people.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.now import SpaceNow
from shigotoba_dashboard import states
from shigotoba_dashboard.figures import occupancy
from shigotoba_dashboard.floorplan import floor_plan
from shigotoba_dashboard.formats import clock, moment, name_of, percent, span
from shigotoba_dashboard.parts import chart_frame, drawn_chart, folded, live, section, table_in_fold
from shigotoba_dashboard.rates import Utilisation, utilisation
from shigotoba_dashboard.records import Field, Records, text
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Now, Quarters, Today
from shigotoba_dashboard.tables import Column, Table
from shigotoba_dashboard.words import Words, message

_SEAT_TYPES: Final = {
    "window": message("Window"),
    "big_table": message("Big table"),
    "family_booth": message("Family booth"),
    "focus": message("Focus"),
}
_LIST: Final = (
    message("Seat"),
    message("Floor"),
    message("Type"),
    message("State"),
    message("Since"),
    message("Last heard"),
)


def frame(words: Words) -> Component:
    """The empty section."""
    waiting = words.say("Loading…")
    return section(
        "seats",
        words.say("Seats"),
        [
            html.Div(
                [html.Span(words.say("Key:")), *(states.badge(state, words) for state in states.STATES)],
                className="key",
            ),
            live("seat-counts", waiting, "headline"),
            live("seat-plans", waiting, "plans"),
            folded(words.say("All seats as a list"), "seat-list", words),
            html.H3(words.say("Seat utilisation today")),
            live("seat-utilisation", waiting),
            chart_frame("occupancy", words),
        ],
    )


def seat_utilisation(today: Today) -> Utilisation:
    """座席利用率 since midnight."""
    seats = [use for use in today.use if use.kind == "seat"]
    return utilisation(seats, len(seats), today.elapsed_s)


def seat_utilisation_yesterday(today: Today) -> Utilisation:
    """The same until this time of day yesterday."""
    seats = [use for use in today.use_yesterday if use.kind == "seat"]
    return utilisation(seats, len(seats), today.elapsed_s)


def counts_look(now: Now) -> object:
    """What ``draw_counts`` shows."""
    return [space.state for space in now.of_kind("seat")]


def plans_look(now: Now) -> object:
    """What ``draw_plans`` shows."""
    plans = [each.plan_id for each in now.plans]
    return (now.floors, plans, [(space.space, space.state, space.x, space.y) for space in now.spaces])


def list_look(now: Now) -> object:
    """What ``draw_list`` shows: sensors speak at any second, so when they last did is told anew once a minute."""
    seats = [(seat.space, seat.name, seat.state, seat.since) for seat in now.of_kind("seat")]
    return (seats, now.at.astimezone(now.zone).strftime("%Y-%m-%d %H:%M"))


def draw_counts(now: Now, words: Words) -> str:
    """How many seats are in which state."""
    seats = now.of_kind("seat")
    return words.say("{counts} (of {seats} seats)", counts=states.counts(seats, words), seats=len(seats))


def draw_plans(now: Now, words: Words) -> list[Component]:
    """Every floor as a plan."""
    plans = {plan.floor: plan for plan in now.plans}
    return [
        floor_plan(floor, [space for space in now.spaces if space.floor == floor.code], words, plans.get(floor.code))
        for floor in now.floors
    ]


def draw_list(now: Now, words: Words) -> Component:
    """Every seat as a list."""
    floors = {floor.code: name_of(floor, words) for floor in now.floors}
    return table_in_fold(
        Table(
            caption=words.say("Seats and their state"),
            columns=tuple(Column(words.say(name)) for name in _LIST),
            rows=tuple(_list_row(seat, floors[seat.floor], now, words) for seat in now.of_kind("seat")),
        )
    )


def _list_row(seat: SpaceNow, floor: str, now: Now, words: Words) -> tuple[str, ...]:
    since, heard = (moment(at, now.at, now.zone, words) for at in (seat.since, seat.heard_at))
    return (seat.name, floor, _type(seat, words), states.symbol_and_word(seat.state, words), since, heard)


def _utilisation(today: Today, words: Words) -> list[Component]:
    rate, before = seat_utilisation(today), seat_utilisation_yesterday(today)
    return [
        html.P(html.Strong(percent(rate.share)), className="figure"),
        html.P(
            words.say(
                "Time in use ÷ time with a known state, all seats, from 0:00 to {time}: {occupied} ÷ {known}.",
                time=clock(today.at, today.zone),
                occupied=span(rate.occupied_s, words),
                known=span(rate.known_s, words),
            )
        ),
        html.P(words.say("Data coverage {share}.", share=percent(rate.coverage))),
        html.P(
            words.say(
                "Yesterday until the same time: {share} (data coverage {coverage}).",
                share=percent(before.share),
                coverage=percent(before.coverage),
            )
        ),
    ]


def seat_records(now: Now, words: Words) -> Records:
    """How every seat is at this moment."""
    floors = {floor.code: name_of(floor, words) for floor in now.floors}
    moments = {"since": words.say("Since"), "heard_at": words.say("Last heard")}
    fields = (
        text("name", words.say("Seat")),
        text("space", words.say("Code")),
        text("floor", words.say("Floor")),
        text("type", words.say("Type")),
        text("state", words.say("State")),
        *(Field(key, title, "", lambda at: moment(at, now.at, now.zone, words)) for key, title in moments.items()),
    )
    rows = tuple(
        (
            seat.name,
            seat.space,
            floors[seat.floor],
            _type(seat, words),
            states.word(seat.state, words),
            *(at and at.astimezone(now.zone) for at in (seat.since, seat.heard_at)),
        )
        for seat in now.of_kind("seat")
    )
    return Records("seats-now", words.say("Seats and their state"), fields, rows)


def quarter_records_of(quarters: Quarters, words: Words) -> Records:
    """The quarter hours of the day so far."""
    return occupancy.quarter_records(_so_far(quarters), quarters.zone, words)


def _type(seat: SpaceNow, words: Words) -> str:
    return words.say(_SEAT_TYPES.get(seat.seat_type or "", seat.seat_type or "—"))


def _so_far(quarters: Quarters) -> tuple[occupancy.Quarter, ...]:
    return occupancy.quarters(quarters.today, quarters.start, quarters.at, quarters.seats)


def _occupancy(quarters: Quarters, words: Words) -> Component:
    before = occupancy.quarters(quarters.yesterday, quarters.start_yesterday, quarters.start, quarters.seats)
    chart = occupancy.occupancy_chart(_so_far(quarters), before, quarters.at, quarters.zone, words)
    title = words.say("Occupancy today, every 15 minutes")
    return drawn_chart("occupancy", title, chart, occupancy.HEIGHT_PX, words)


NOW: Final[tuple[Region[Now], ...]] = (
    text_region("seat-counts", counts_look, draw_counts),
    text_region("seat-plans", plans_look, draw_plans),
    text_region("seat-list", list_look, draw_list),
)
TODAY: Final[tuple[Region[Today], ...]] = (
    text_region(
        "seat-utilisation",
        lambda today: (seat_utilisation(today), seat_utilisation_yesterday(today), clock(today.at, today.zone)),
        _utilisation,
    ),
)
QUARTERS: Final[tuple[Region[Quarters], ...]] = (
    text_region(
        "occupancy",
        lambda quarters: (quarters.today, quarters.yesterday, clock(quarters.at, quarters.zone)),
        _occupancy,
    ),
)
