"""A figure month by month over a fiscal year, against the year before and the base year.

Responsible for one chart: bars for this year, a line for the year before, marks for the base year's month. A month
without data is hatched up to the present; months to come stay empty. April stands to the left, as in every report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_backend.reference.published import PublishedFigure
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.chart import NO_DATA_PATTERN, Chart, axis, layout
from shigotoba_dashboard.figures.peers import peer_lines
from shigotoba_dashboard.formats import NOTHING, fiscal_year_name, short_month
from shigotoba_dashboard.palette import BLUE_500, CHART_ACCENT, GRAY_420, GRAY_900
from shigotoba_dashboard.records import Cell, Field, Records, as_table, number, text
from shigotoba_dashboard.words import Words

HEIGHT_PX: Final = 300


@dataclass(frozen=True)
class Year:
    """A figure over a fiscal year.

    Attributes:
        entry: The indicator.
        months: April to March.
        before: The same of the year before.
        base: The base year's amount of each month, where a base is set.
        base_year: Which year that is; None where none is set.
        without: A rate without special factors, April to March; empty where nobody tells it.
    """

    entry: Indicator
    months: tuple[IndicatorValue, ...]
    before: tuple[IndicatorValue, ...]
    base: tuple[float | None, ...]
    base_year: int | None
    without: tuple[IndicatorValue, ...] = ()


def year_chart(
    year: Year, today: date, table: Records, words: Words, published: Sequence[PublishedFigure] = ()
) -> Chart:
    """The chart as of ``today``, with its rows as twin; what others have ``published`` as level lines."""
    return Chart(_figure(year, today, words, published), _sentence(year, words), as_table(table))


def year_records(
    key: str, year: Year, caption: str, words: Words, behind: Callable[[IndicatorValue], str | None]
) -> Records:
    """The same as rows; ``behind`` says where the rows behind a month stand."""
    fields = (
        text("month", words.say("Month")),
        _column("this_year", words.say("This year"), year.entry, words),
        _column("year_before", words.say("Year before"), year.entry, words),
        _column("base_year", words.say("Base year"), year.entry, words),
        *_both_variants(year, words),
        text("remarks", words.say("Remarks")),
    )
    lines = zip(year.months, year.before, year.base, year.without or (None,) * len(year.months), strict=True)
    rows = tuple(
        (
            str(month.period),
            _number(month.value),
            _number(before.value),
            _number(base),
            *(_counts(month, without) if without else ()),
            _remarks(month, without or month, words),
        )
        for month, before, base, without in lines
    )
    return Records(key, caption, fields, rows, tuple(behind(month) for month in year.months))


def _both_variants(year: Year, words: Words) -> tuple[Field, ...]:
    if not year.without:
        return ()
    return (
        number("part", words.say("Of these"), "cases"),
        number("whole", words.say("Of all"), "cases"),
        _column("without", words.say("Without special factors"), year.entry, words),
        number("whole_without", words.say("Of all, without special factors"), "cases"),
    )


def _counts(month: IndicatorValue, without: IndicatorValue) -> tuple[Cell, ...]:
    """What was divided by what; a rate that is known as a percentage alone has no counts."""
    part = None if month.denominator is None else month.numerator
    return (_whole(part), _whole(month.denominator), _number(without.value), _whole(without.denominator))


def _whole(count: float | None) -> int | None:
    return None if count is None else round(count)


def _column(key: str, name: str, entry: Indicator, words: Words) -> Field:
    unit = "percent" if entry.unit == "%" else entry.unit.replace(" ", "_").replace("/", "_per_")
    return Field(key, name, unit, lambda value: told.figure(entry, value, words), number=True)


def _number(value: float | None) -> Cell:
    return None if value is None else round(value, 3)


def _remarks(month: IndicatorValue, leaving_out: IndicatorValue, words: Words) -> str:
    remarks = (
        told.why(month, words),
        words.say("estimate") if month.estimate else "",
        words.say("revised") if month.revised_at else "",
        told.exclusions(leaving_out, words),
    )
    return words.say(", ").join(filter(None, remarks))


def _figure(year: Year, today: date, words: Words, published: Sequence[PublishedFigure]) -> go.Figure:
    names = [short_month(month.period.first, words) for month in year.months]
    shown = [month.value for month in year.months]
    top = max(
        [abs(value) for value in (*shown, *(each.value for each in year.before), *year.base) if value], default=10
    )
    missing = [month.value is None and month.period.beyond <= today for month in year.months]
    return go.Figure(
        data=[
            go.Bar(
                name=words.say("This year"), x=names, y=shown, marker={"color": BLUE_500}, hovertemplate="%{y:,.1f}"
            ),
            _hatched(names, missing, top, words.say("No data")),
            go.Scatter(
                name=words.say("Year before"),
                x=names,
                y=[each.value for each in year.before],
                mode="lines+markers",
                line={"color": GRAY_900, "width": 2, "dash": "dash"},
                connectgaps=False,
                hovertemplate="%{y:,.1f}",
            ),
            *_base(year, names, words),
            *peer_lines(published, year.entry.unit, names, words),
        ],
        layout=layout(
            height=HEIGHT_PX,
            barmode="overlay",
            bargap=0.3,
            xaxis=axis(type="category"),
            yaxis=axis(tickformat=",", nticks=6, rangemode="tozero"),
        ),
    )


def _hatched(names: Sequence[str], missing: Sequence[bool], top: float, name: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=names,
        y=[top if each else None for each in missing],
        marker={"pattern": NO_DATA_PATTERN, "line": {"width": 0, "color": GRAY_420}},
        hovertemplate=NOTHING,
        showlegend=True,
    )


def _base(year: Year, names: Sequence[str], words: Words) -> list[go.Scatter]:
    if year.base_year is None:
        return []
    return [
        go.Scatter(
            name=words.say("Base year {year}", year=fiscal_year_name(year.base_year, words)),
            x=names,
            y=year.base,
            mode="markers",
            marker={"symbol": "line-ew-open", "size": 22, "color": CHART_ACCENT, "line": {"width": 3}},
            hovertemplate="%{y:,.1f}",
        )
    ]


def _sentence(year: Year, words: Words) -> str:
    known = [month for month in year.months if month.value is not None]
    if not known:
        return words.say("No month of this year has a value.")
    most = max(known, key=lambda month: month.value or 0.0)
    return words.say(
        "{known} of 12 months have a value; the highest is {month} ({most}).",
        known=len(known),
        month=told.when(most.period, words),
        most=told.figure(year.entry, most.value, words),
    )
