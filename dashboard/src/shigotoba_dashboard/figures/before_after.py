"""The months before and after an initiative took effect, with the places it is compared with.

Responsible for one chart: the place itself as a line, the mean of the places without the change as a dashed one, and a
mark at the day. Amounts are per day the site was open, as the effect is. Refuses to estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.effects.model import Observation, Question
from shigotoba_dashboard.figures.chart import axis, layout
from shigotoba_dashboard.palette import BLUE_900, CHART_ACCENT, GRAY_600
from shigotoba_dashboard.records import Cell, Field, Records, text
from shigotoba_dashboard.words import Words

HEIGHT_PX: Final = 280


def before_after_figure(question: Question, unit: str, words: Words) -> go.Figure:
    """The chart; a month that is not known breaks the lines."""
    rows = _rows(question)
    months = [month for month, _own, _others in rows]
    return go.Figure(
        data=[
            go.Scatter(
                name=words.say("Here"),
                x=months,
                y=[own for _month, own, _others in rows],
                mode="lines+markers",
                line={"color": BLUE_900, "width": 2},
                connectgaps=False,
                hovertemplate="%{y:,.1f}",
            ),
            *_compared(rows, words) * bool(question.comparisons),
        ],
        layout=layout(
            height=HEIGHT_PX,
            xaxis=axis(type="date", tickformat=words.say("%m/%Y"), nticks=12),
            yaxis=axis(tickformat=",", nticks=6, rangemode="tozero", title={"text": unit}),
            shapes=[_day(question.effective_from)],
            annotations=[_day_note(question.effective_from, words)],
        ),
    )


def before_after_records(key: str, caption: str, unit: str, question: Question, words: Words) -> Records:
    """The same month by month."""
    fields = (
        text("month", words.say("Month")),
        text("phase", words.say("Before or after")),
        _column("here", words.say("Here"), unit),
        _column("compared", words.say("Places without the change (mean)"), unit),
        text("remarks", words.say("Remarks")),
    )
    estimates = {each.first for each in question.treated if each.estimate}
    rows = tuple(
        (
            f"{month:%Y-%m}",
            words.say("Before") if month < question.effective_from.replace(day=1) else words.say("After"),
            own,
            others,
            words.say("estimate") if month in estimates else "",
        )
        for month, own, others in _rows(question)
    )
    return Records(key, caption, fields, rows)


def _column(key: str, name: str, unit: str) -> Field:
    return Field(key, f"{name} ({unit})" if unit else name, "", lambda value: f"{value:,.1f}", number=True)


def _rows(question: Question) -> list[tuple[date, Cell, Cell]]:
    """Every month from the first to the last of which anything is known."""
    own = _by_month(question.treated, question)
    others = [_by_month(series, question) for series in question.comparisons.values()]
    known = sorted({*own, *(month for each in others for month in each)})
    return [(month, own.get(month), _mean([each[month] for each in others if month in each])) for month in _all(known)]


def _by_month(series: Sequence[Observation], question: Question) -> dict[date, float]:
    found = {each.first: each.value for each in series if each.value is not None}
    if question.open_days is None:
        return {month: round(value, 3) for month, value in found.items()}
    days = question.open_days
    return {month: round(value / days[month], 3) for month, value in found.items() if days.get(month)}


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None


def _all(known: Sequence[date]) -> list[date]:
    if not known:
        return []
    first, last = known[0], known[-1]
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    places = (first.year * 12 + first.month - 1 + passed for passed in range(count))
    return [date(place // 12, place % 12 + 1, 1) for place in places]


def _compared(rows: Sequence[tuple[date, Cell, Cell]], words: Words) -> list[go.Scatter]:
    return [
        go.Scatter(
            name=words.say("Places without the change (mean)"),
            x=[month for month, _own, _others in rows],
            y=[others for _month, _own, others in rows],
            mode="lines",
            line={"color": GRAY_600, "width": 2, "dash": "dash"},
            connectgaps=False,
            hovertemplate="%{y:,.1f}",
        )
    ]


def _day(day: date) -> dict[str, object]:
    line = {"color": CHART_ACCENT, "width": 3, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _day_note(day: date, words: Words) -> dict[str, object]:
    text = words.say("in effect from {day}", day=f"{day:%Y/%m/%d}")
    place = {"x": day, "xanchor": "left", "xshift": 6, "yref": "paper", "y": 0, "yanchor": "bottom"}
    return {**place, "text": text, "showarrow": False}
