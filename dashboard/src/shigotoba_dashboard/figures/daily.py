"""Utilisation day by day over a period.

Responsible for one chart: a bar per day on which the site was open, the period's rate as a line across. A day without
data is hatched, a day on which the site was closed stays empty, and neither is zero. Refuses hours outside opening
hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.read.seating import OpenDay
from shigotoba_dashboard.figures.chart import NO_DATA_PATTERN, Chart, axis, layout
from shigotoba_dashboard.formats import NOTHING, count, full_day, percent
from shigotoba_dashboard.palette import BLUE_500, BLUE_900, GRAY_420, GRAY_900
from shigotoba_dashboard.rates import Utilisation
from shigotoba_dashboard.records import Field, Records, amount, as_table, number, share, text
from shigotoba_dashboard.words import Words

HEIGHT_PX: Final = 280
_AXIS_STEPS: Final = (5, 10, 20, 25)
_MOST_TICKS: Final = 10


def day_rate(day: OpenDay, spaces: int) -> Utilisation:
    """The utilisation of one day."""
    return Utilisation(day.occupied_s or 0.0, day.known_s, day.open_s * spaces)


def rate_of(days: Sequence[OpenDay], spaces: int) -> Utilisation:
    """The utilisation of all days together: time over time, not a mean of rates."""
    return Utilisation(
        occupied_s=sum(day.occupied_s or 0.0 for day in days),
        known_s=sum(day.known_s for day in days),
        possible_s=sum(day.open_s for day in days) * spaces,
    )


def daily_chart(days: Sequence[OpenDay], spaces: int, caption: str, words: Words) -> Chart:
    """The days of a period that have come.

    Args:
        days: In order.
        spaces: How many seats or booths there are.
        caption: What is shown, for those who hear it.
        words: The reader's.
    """
    return Chart(
        figure=_figure(days, spaces, words),
        sentence=_sentence(days, spaces, words),
        table=as_table(daily_records("daily", days, spaces, caption, words)),
    )


def daily_records(key: str, days: Sequence[OpenDay], spaces: int, caption: str, words: Words) -> Records:
    """The same as rows."""
    fields = (
        Field("day", words.say("Day"), "", lambda day: full_day(day, words)),
        share("utilisation", words.say("Utilisation")),
        amount("occupied", words.say("In use (h)"), "h"),
        amount("known", words.say("Known (h)"), "h"),
        share("coverage", words.say("Data coverage")),
        number("sessions", words.say("Times taken"), "times"),
        text("remarks", words.say("Remarks")),
    )
    return Records(key, caption, fields, tuple(_row(day, spaces, words) for day in reversed(days)))


def _row(day: OpenDay, spaces: int, words: Words) -> tuple[date | float | str | None, ...]:
    rate = day_rate(day, spaces)
    known = day.occupied_s is not None
    return (
        day.day,
        rate.share,
        round(rate.occupied_s / 3600, 2) if known else None,
        round(rate.known_s / 3600, 2),
        rate.coverage,
        day.sessions if known else None,
        _remarks(day, words),
    )


def _remarks(day: OpenDay, words: Words) -> str:
    remarks = (
        words.say("Closed") if not day.open_s else "",
        words.say("No data") if day.open_s and day.occupied_s is None else "",
        words.say("Revised") if day.revised_at else "",
    )
    return words.say(", ").join(filter(None, remarks))


def _figure(days: Sequence[OpenDay], spaces: int, words: Words) -> go.Figure:
    shares = [day_rate(day, spaces).share for day in days]
    top = _top(shares)
    whole = rate_of(days, spaces).share
    return go.Figure(
        data=[
            _bars(days, shares, words.say("Utilisation")),
            *_revised(days, shares, top, words),
            _missing(days, top, words.say("No data")),
            *([_mean(days, whole, words)] if whole is not None else []),
        ],
        layout=layout(
            height=HEIGHT_PX,
            bargap=0.2 if len(days) < 100 else 0,
            barmode="overlay",
            xaxis=axis(type="category", **_ticks(days)),
            yaxis=axis(range=[0, top], dtick=_step(top), ticksuffix="%"),
        ),
    )


def _key(day: date) -> str:
    """A day as a category; a date would be placed in the browser's zone."""
    return f"{day:%Y/%m/%d}"


def _ticks(days: Sequence[OpenDay]) -> dict[str, object]:
    every = max(1, -(-len(days) // _MOST_TICKS))
    ticked = [day.day for day in days[::every]]
    return {"tickvals": [_key(day) for day in ticked], "ticktext": [f"{day:%-m/%-d}" for day in ticked], "tickangle": 0}


def _top(shares: Sequence[float | None]) -> float:
    """The upper end of the axis in per cent, a whole number of steps."""
    most = max((share or 0.0 for share in shares), default=0.0) * 100
    step = _step(most)
    return min(100.0, max(10.0, -(-most // step) * step))


def _step(top: float) -> int:
    return next((step for step in _AXIS_STEPS if top / step <= 5), _AXIS_STEPS[-1])


def _bars(days: Sequence[OpenDay], shares: Sequence[float | None], name: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=[_key(day.day) for day in days],
        y=[None if share is None else round(share * 100, 1) for share in shares],
        marker={"color": BLUE_500, "line": {"width": 0}},
        hovertemplate="%{y:.1f}%",
    )


def _missing(days: Sequence[OpenDay], top: float, name: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=[_key(day.day) for day in days],
        y=[top if day.open_s and day.occupied_s is None else None for day in days],
        marker={"pattern": NO_DATA_PATTERN, "line": {"width": 0, "color": GRAY_420}},
        hovertemplate=NOTHING,
        showlegend=True,
    )


def _revised(days: Sequence[OpenDay], shares: Sequence[float | None], top: float, words: Words) -> list[go.Scatter]:
    marked = [(day, share) for day, share in zip(days, shares, strict=True) if day.revised_at and share is not None]
    if not marked:
        return []
    return [
        go.Scatter(
            name=words.say("Revised"),
            x=[_key(day.day) for day, _share in marked],
            y=[share * 100 + top * 0.04 for _day, share in marked],
            mode="markers",
            marker={"symbol": "triangle-down", "size": 10, "color": GRAY_900},
            hovertemplate=words.say("Revised"),
        )
    ]


def _mean(days: Sequence[OpenDay], whole: float, words: Words) -> go.Scatter:
    return go.Scatter(
        name=words.say("Whole period"),
        x=[_key(day.day) for day in days],
        y=[round(whole * 100, 1)] * len(days),
        mode="lines",
        line={"color": BLUE_900, "width": 2, "dash": "dash"},
        hovertemplate="%{y:.1f}%",
    )


def _sentence(days: Sequence[OpenDay], spaces: int, words: Words) -> str:
    known = [day for day in days if day.occupied_s is not None and day.known_s > 0]
    if not known:
        return words.say("Nothing is known of this period.")
    most = max(known, key=lambda day: day_rate(day, spaces).share or 0.0)
    return words.say(
        "{share} over the period; the most on {day} ({most}). Open days without data: {missing}.",
        share=percent(rate_of(days, spaces).share),
        day=full_day(most.day, words),
        most=percent(day_rate(most, spaces).share),
        missing=count(sum(1 for day in days if day.open_s and day.occupied_s is None)),
    )
