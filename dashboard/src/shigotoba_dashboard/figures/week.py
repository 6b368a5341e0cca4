"""Hour by weekday: a table that is its own picture.

Each cell says its rate in figures and in a shade of one hue, so it is read in grey, by touch of a screen reader, and
without colour. A cell of fewer than four such weekdays says "—": three Mondays are no pattern. Responsible for the
cells. Refuses other periods than those it is handed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from babel.dates import get_day_names
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.seating import WeekdayHour
from shigotoba_dashboard.formats import NOTHING, percent
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.records import Records, amount, number, share, text
from shigotoba_dashboard.words import Words

LEAST_DAYS: Final = 4
_SHADES: Final = 5


def cell_share(cell: WeekdayHour) -> float | None:
    """The rate of a cell; None where too few weekdays stand behind it."""
    return cell.occupied_s / cell.known_s if cell.days >= LEAST_DAYS and cell.known_s > 0 else None


def week_sentence(cells: Sequence[WeekdayHour], words: Words) -> str:
    """When it is busiest, and when it is calmest."""
    shown = [(rate, cell) for cell in cells if (rate := cell_share(cell)) is not None]
    if not shown:
        return words.say("A weekly pattern needs {weeks} weeks of data; this period has fewer.", weeks=LEAST_DAYS)
    most, busy = max(shown, key=lambda found: found[0])
    least, calm = min(shown, key=lambda found: found[0])
    return words.say(
        "Busiest on {busy_day} from {busy_hour}:00 ({most}), calmest on {calm_day} from {calm_hour}:00 ({least}).",
        busy_day=_day_name(busy.weekday, words, "wide"),
        busy_hour=busy.hour,
        most=percent(most),
        calm_day=_day_name(calm.weekday, words, "wide"),
        calm_hour=calm.hour,
        least=percent(least),
    )


def week_table(cells: Sequence[WeekdayHour], caption: str, words: Words) -> Component:
    """Weekdays down, hours across."""
    hours = sorted({cell.hour for cell in cells})
    weekdays = sorted({cell.weekday for cell in cells})
    found = {(cell.weekday, cell.hour): cell for cell in cells}
    top = max((cell_share(cell) or 0.0 for cell in cells), default=0.0)
    corner = html.Th(words.say("Weekday"), scope="col")
    head = html.Tr([corner, *(html.Th(f"{hour}:00", scope="col") for hour in hours)])
    body = [_line(weekday, hours, found, top, words) for weekday in weekdays]
    return html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)], className="table week")


def week_records(key: str, cells: Sequence[WeekdayHour], caption: str, words: Words) -> Records:
    """The cells in long form."""
    fields = (
        text("weekday", words.say("Weekday")),
        number("hour", words.say("Hour"), "h"),
        share("utilisation", words.say("Utilisation")),
        amount("occupied", words.say("In use (h)"), "h"),
        amount("known", words.say("Known (h)"), "h"),
        number("days", words.say("Days"), "days"),
    )
    rows = tuple(
        (
            _day_name(cell.weekday, words, "wide"),
            cell.hour,
            cell_share(cell),
            round(cell.occupied_s / 3600, 2),
            round(cell.known_s / 3600, 2),
            cell.days,
        )
        for cell in cells
    )
    return Records(key, caption, fields, rows)


def _line(
    weekday: int, hours: Sequence[int], found: Mapping[tuple[int, int], WeekdayHour], top: float, words: Words
) -> Component:
    name = html.Th(_day_name(weekday, words, "abbreviated"), scope="row")
    return html.Tr([name, *(_cell(found.get((weekday, hour)), top, words) for hour in hours)])


def _cell(cell: WeekdayHour | None, top: float, words: Words) -> Component:
    rate = cell_share(cell) if cell else None
    if rate is None:
        return html.Td(NOTHING, className="shade-none", **aria(label=words.say("not known")))
    step = min(_SHADES - 1, int(rate / top * _SHADES)) if top else 0
    return html.Td(percent(rate), className=f"shade-{step}")


def _day_name(weekday: int, words: Words, width: Literal["abbreviated", "wide"]) -> str:
    return get_day_names(width, locale=words.language)[weekday - 1]
