"""What the multifunction printers did, day by day.

Responsible for two charts, because the units differ: impressions (sides printed, whatever for) stacked by function,
and pages sent by fax. A day without data is hatched, never drawn as zero; days on which a counter fell, ran over, or
some printer was silent carry a mark. Refuses sheets: duplex printing is not counted yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from shigotoba_backend.read.printing import DayPrinting
from shigotoba_dashboard.figures.chart import NO_DATA_PATTERN, Chart, axis, layout
from shigotoba_dashboard.formats import NOTHING, count, short_day
from shigotoba_dashboard.palette import BLUE_900, CHART_BLUES, ERROR_2, GRAY_420, WHITE
from shigotoba_dashboard.records import Field, Records, as_table, number, text
from shigotoba_dashboard.words import Words, message

HEIGHT_PX: Final = 300
_HEADROOM: Final = 1.15
_MONDAY: Final = 0

Part = Callable[[DayPrinting], "int | None"]


def _remainder(day: DayPrinting) -> int | None:
    """Impressions that the printer counted but did not attribute to a function."""
    if day.impressions_total is None:
        return None
    parts = (day.impressions_print, day.impressions_copy, day.impressions_fax, day.impressions_other)
    return max(0, day.impressions_total - sum(part or 0 for part in parts))


_PARTS: Final[tuple[tuple[str, str, Part], ...]] = (
    (message("Print"), CHART_BLUES[0], lambda day: day.impressions_print),
    (message("Copy"), CHART_BLUES[1], lambda day: day.impressions_copy),
    (message("Fax received"), CHART_BLUES[2], lambda day: day.impressions_fax),
    (message("Other"), CHART_BLUES[3], lambda day: day.impressions_other),
)
#: What the parts are called in a file.
_KEYS: Final = ("print", "copy", "fax", "other", "not_itemised")
_REST: Final = (message("Not itemised"), GRAY_420, _remainder)


def _parts(days: Sequence[DayPrinting]) -> tuple[tuple[str, str, Part], ...]:
    """What the total divides into; the unattributed rest only where there is one."""
    return (*_PARTS, _REST) if any(map(_remainder, days)) else _PARTS


def total(day: DayPrinting) -> int | None:
    """All impressions of a day; the sum of the parts where no printer gives a total."""
    if day.impressions_total is not None:
        return day.impressions_total
    parts = (part(day) for _name, _colour, part in _PARTS)
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def fax_sent(day: DayPrinting) -> int | None:
    """Pages sent by fax."""
    return day.fax_sent


def impressions_chart(days: Sequence[DayPrinting], words: Words) -> Chart:
    """Impressions per day, stacked by function; the last day is today, so far."""
    top = _top(map(total, days))
    stacked = [_bars(days, part, words.say(name), colour) for name, colour, part in _parts(days)]
    return Chart(
        figure=_figure(days, [*stacked, _missing(days, total, top, words), *_marks(days, top, words)], top, words),
        sentence=_impressions_sentence(days, words),
        table=as_table(impressions_records(days, words)),
    )


def fax_chart(days: Sequence[DayPrinting], words: Words) -> Chart:
    """Pages sent by fax per day; the last day is today, so far."""
    top = _top(map(fax_sent, days))
    bars = _bars(days, fax_sent, words.say("Fax sent"), BLUE_900)
    return Chart(
        figure=_figure(days, [bars, _missing(days, fax_sent, top, words)], top, words),
        sentence=_fax_sentence(days, words),
        table=as_table(fax_records(days, words)),
    )


def _top(totals: Iterable[int | None]) -> float:
    """The upper end of the axis; at least 10, so that an idle month does not show fractions of a page."""
    return max(10.0, max((number or 0 for number in totals), default=0) * _HEADROOM)


def _figure(days: Sequence[DayPrinting], traces: Sequence[Any], top: float, words: Words) -> go.Figure:
    labelled = [day.day for day in days if day.day.weekday() == _MONDAY and (days[-1].day - day.day).days > 4]
    return go.Figure(
        data=traces,
        layout=layout(
            height=HEIGHT_PX,
            barmode="stack",
            bargap=0.25,
            xaxis=axis(
                type="category",
                tickvals=[_key(day) for day in labelled] + [_key(day.day) for day in days[-1:]],
                ticktext=[short_day(day, words) for day in labelled] + [words.say("Today")] * len(days[-1:]),
                tickangle=0,
            ),
            yaxis=axis(range=[0, top], tickformat=",d", nticks=6),
        ),
    )


def _key(day: date) -> str:
    """A day as a category; a date would be placed in the browser's zone."""
    return f"{day:%Y/%m/%d}"


def _bars(days: Sequence[DayPrinting], part: Part, name: str, colour: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=[_key(day.day) for day in days],
        y=[part(day) for day in days],
        marker={"color": colour, "line": {"color": WHITE, "width": 1}},
        hovertemplate="%{y:,d}",
        showlegend=True,
    )


def _missing(days: Sequence[DayPrinting], part: Part, top: float, words: Words) -> go.Bar:
    return go.Bar(
        name=words.say("No data"),
        x=[_key(day.day) for day in days],
        y=[top if part(day) is None else None for day in days],
        marker={"pattern": NO_DATA_PATTERN, "line": {"width": 0, "color": GRAY_420}},
        hovertemplate=NOTHING,
        showlegend=True,
    )


def _marks(days: Sequence[DayPrinting], top: float, words: Words) -> list[go.Scatter]:
    printers = max((day.devices for day in days), default=0)
    kinds: tuple[tuple[str, str, Callable[[DayPrinting], bool]], ...] = (
        (words.say("Counter reset"), "triangle-down", lambda day: bool(day.resets)),
        (words.say("Counter ran over"), "diamond", lambda day: bool(day.wraps)),
        (words.say("Some printers only"), "x-thin-open", lambda day: 0 < day.devices < printers),
    )
    return [
        _mark([day for day in days if applies(day)], name, symbol, top * 0.03)
        for name, symbol, applies in kinds
        if any(map(applies, days))
    ]


def _mark(days: Sequence[DayPrinting], name: str, symbol: str, above: float) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=[_key(day.day) for day in days],
        y=[(total(day) or 0) + above for day in days],
        mode="markers",
        marker={"symbol": symbol, "size": 11, "color": ERROR_2, "line": {"width": 2, "color": ERROR_2}},
        hovertemplate=name,
    )


def _sum(days: Sequence[DayPrinting], part: Part) -> str:
    known = [number for number in map(part, days) if number is not None]
    return count(sum(known)) if known else NOTHING


def _without(days: Sequence[DayPrinting], part: Part) -> str:
    return count(sum(1 for day in days if part(day) is None))


def _impressions_sentence(days: Sequence[DayPrinting], words: Words) -> str:
    known = [day for day in days if total(day) is not None]
    if not known:
        return words.say("No counter has been read in these {days} days.", days=len(days))
    most = max(known, key=lambda day: total(day) or 0)
    return words.say(
        "{total} impressions in {days} days, most on {day} ({most}). Days without data: {missing}. "
        "Counter resets: {resets}. Today is not over.",
        total=_sum(days, total),
        days=len(days),
        day=short_day(most.day, words),
        most=count(total(most)),
        missing=_without(days, total),
        resets=count(sum(day.resets or 0 for day in days)),
    )


def _fax_sentence(days: Sequence[DayPrinting], words: Words) -> str:
    return words.say(
        "{total} pages sent by fax in {days} days. Days without data: {missing}. Today is not over.",
        total=_sum(days, fax_sent),
        days=len(days),
        missing=_without(days, fax_sent),
    )


def impressions_records(days: Sequence[DayPrinting], words: Words) -> Records:
    """The first chart as rows, today first."""
    parts, printers = _parts(days), max((day.devices for day in days), default=0)
    fields = (
        _day_field(words),
        number("total", words.say("Total"), "sides"),
        *(number(key, words.say(name), "sides") for (name, *_rest), key in zip(parts, _KEYS, strict=False)),
        Field("printers", words.say("Printers"), "printers", lambda heard: f"{heard}/{printers}", number=True),
        text("remarks", words.say("Remarks")),
    )
    rows = tuple(
        (day.day, total(day), *(part(day) for _name, _colour, part in parts), day.devices, _remarks(day, words))
        for day in reversed(days)
    )
    return Records("impressions-by-day", words.say("Impressions per day (sides)"), fields, rows)


def _day_field(words: Words) -> Field:
    return Field("day", words.say("Day"), "", lambda day: short_day(day, words))


def _remarks(day: DayPrinting, words: Words) -> str:
    remarks = [
        words.say("No data") if total(day) is None else "",
        words.say("Counter reset × {times}", times=day.resets) if day.resets else "",
        words.say("Counter ran over × {times}", times=day.wraps) if day.wraps else "",
    ]
    return words.say(", ").join(filter(None, remarks))


def fax_records(days: Sequence[DayPrinting], words: Words) -> Records:
    """The second chart as rows, today first."""
    fields = (
        _day_field(words),
        number("sent", words.say("Sent (pages)"), "pages"),
        number("received", words.say("Received (sides printed)"), "sides"),
    )
    rows = tuple((day.day, day.fax_sent, day.impressions_fax) for day in reversed(days))
    return Records("fax-by-day", words.say("Fax per day"), fields, rows)
