"""The seats by type and one by one, down to what each sensor said.

Responsible for this section. Refuses who sat there: nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.seat_types import OpenType
from shigotoba_backend.read.seating import OpenSpace
from shigotoba_dashboard import told
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.parts import folded_table, section, table_of
from shigotoba_dashboard.records import Records, amount, as_table, number, share, text
from shigotoba_dashboard.words import Words, message

SEAT_TYPES: Final = {
    "window": message("Window"),
    "big_table": message("Big table"),
    "family_booth": message("Family booth"),
    "focus": message("Focus"),
}

SINGLE_SEATS: Final = message(
    "How one seat was used day by day is shown to who looks after the figures of all: it could tell of one person."
)


def seat_type(code: str | None, words: Words) -> str:
    """The type in the reader's language; its code where we have no word for it."""
    return words.say(SEAT_TYPES.get(code or "", code or "—"))


def section_of(kinds: Sequence[OpenType], seats: Sequence[OpenSpace], filters: Filters) -> Component:
    """The section for a period."""
    words = filters.words
    by_type, *by_seat = records(kinds, seats, filters)
    return section(
        "types",
        words.say("By type of seat"),
        [
            html.P(_sentence(kinds, words), className="sentence"),
            table_of(as_table(by_type)),
            *_of_floor(kinds, filters),
            *(folded_table(words.say("Seat by seat"), as_table(each)) for each in by_seat),
            *([] if by_seat else [html.P(words.say(SINGLE_SEATS), className="hint")]),
        ],
    )


def records(kinds: Sequence[OpenType], seats: Sequence[OpenSpace], filters: Filters) -> tuple[Records, ...]:
    """One row per type; and one per seat, for who may see them."""
    by_seat = (by_space("seats-by-seat", seats, filters),) if filters.may_see_single_seats else ()
    return _by_type(kinds, filters.words), *by_seat


def by_space(key: str, spaces: Sequence[OpenSpace], filters: Filters) -> Records:
    """One row per space, leading to what is behind it."""
    words = filters.words
    fields = (
        text("name", words.say("Name")),
        text("space", words.say("Code")),
        text("type", words.say("Type")),
        share("utilisation", words.say("Utilisation")),
        amount("occupied", words.say("In use (h)"), "h"),
        amount("known", words.say("Known (h)"), "h"),
        number("sessions", words.say("Times taken"), "times"),
        number("days", words.say("Days with data"), "days"),
    )
    rows = tuple(
        (
            each.name,
            each.space,
            seat_type(each.seat_type, words),
            _share(each.occupied_s, each.known_s),
            None if each.occupied_s is None else round(each.occupied_s / 3600, 2),
            round(each.known_s / 3600, 2),
            None if each.occupied_s is None else each.sessions,
            each.days,
        )
        for each in spaces
    )
    links = tuple(filters.address("space", space=each.space, level=None) for each in spaces)
    unheard = frozenset(number for number, each in enumerate(spaces) if each.occupied_s is None)
    return Records(key, words.say("One row per place"), fields, rows, links, unheard)


def _by_type(kinds: Sequence[OpenType], words: Words) -> Records:
    fields = (
        text("type", words.say("Type")),
        number("seats", words.say("Seats"), "seats"),
        share("utilisation", words.say("Utilisation")),
        amount("occupied", words.say("In use (h)"), "h"),
        amount("known", words.say("Known (h)"), "h"),
        number("sessions", words.say("Times taken"), "times"),
        text("remarks", words.say("Remarks")),
    )
    rows = tuple(
        (
            seat_type(kind.seat_type, words),
            kind.seats,
            _share(kind.occupied_s, kind.known_s),
            None if kind.occupied_s is None else round(kind.occupied_s / 3600, 2),
            None if kind.reason == "small_cell" else round(kind.known_s / 3600, 2),
            kind.sessions,
            told.reason(kind.reason, words),
        )
        for kind in kinds
    )
    return Records("seats-by-type", words.say("Seats by type"), fields, rows)


def _of_floor(kinds: Sequence[OpenType], filters: Filters) -> list[Component]:
    words = filters.words
    if filters.floor is None or all(kind.reason != "small_cell" for kind in kinds):
        return []
    hint = words.say(
        "A type with seats on several floors is told of the whole site alone: choose all floors to see it."
    )
    return [html.P(hint, className="hint")]


def _share(occupied_s: float | None, known_s: float) -> float | None:
    return occupied_s / known_s if occupied_s is not None and known_s else None


def _sentence(kinds: Sequence[OpenType], words: Words) -> str:
    shares = {kind.seat_type: _share(kind.occupied_s, kind.known_s) for kind in kinds}
    known = {code: share for code, share in shares.items() if share is not None}
    if not known:
        return words.say("Nothing is known of this period.")
    return words.say("The type used most is “{type}”.", type=seat_type(max(known, key=lambda code: known[code]), words))
