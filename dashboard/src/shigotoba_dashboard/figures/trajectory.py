"""How far a figure has come since its base year, year by year, beside the straight way to its targets.

Responsible for one chart: bars for the years that are over, a lighter one for the year so far, a dashed line from the
base year over the targets. Refuses forecasts: the line is the way that was promised, not the one that is likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_backend.indicators.targets import Target, trajectory
from shigotoba_backend.reference.published import PublishedFigure
from shigotoba_dashboard import told
from shigotoba_dashboard.figures.chart import Chart, axis, layout
from shigotoba_dashboard.figures.peers import peer_lines
from shigotoba_dashboard.formats import fiscal_year_name
from shigotoba_dashboard.palette import BLUE_500, BLUE_900, GRAY_900
from shigotoba_dashboard.records import Field, Records, as_table, text
from shigotoba_dashboard.words import Words, message

HEIGHT_PX: Final = 300


@dataclass(frozen=True)
class Way:
    """A change since a base year and where it is to go.

    Attributes:
        entry: The indicator of the change.
        base_year: Which fiscal year it starts from.
        years: Its value of each year from the one after the base year, the last one so far.
        running: Whether the last one is not over.
        goals: Targets by year.
    """

    entry: Indicator
    base_year: int
    years: tuple[IndicatorValue, ...]
    running: bool
    goals: tuple[Target, ...]

    def promised(self) -> dict[int, float]:
        """The straight way from the base year over the targets, by year; empty without a target after it."""
        goals = [goal for goal in self.goals if goal.fiscal_year > self.base_year]
        return dict(trajectory((self.base_year, 0.0), goals)) if goals else {}

    def span(self) -> range:
        """The years that are drawn."""
        last = max([year.period.fiscal_year for year in self.years] + [goal.fiscal_year for goal in self.goals])
        return range(self.base_year, last + 1)


def way_chart(way: Way, caption: str, words: Words, published: Sequence[PublishedFigure] = ()) -> Chart:
    """The chart with its sentence and its twin; what others have ``published`` as level lines."""
    return Chart(_figure(way, words, published), sentence(way, words), as_table(way_records(way, caption, words)))


def sentence(way: Way, words: Words) -> str:
    """Where it stands beside where it was to be."""
    newest = next((each for each in reversed(way.years) if each.value is not None), None)
    if newest is None or newest.value is None:
        return words.say("No year since the base year has a value.")
    year = newest.period.fiscal_year
    facts = {"year": fiscal_year_name(year, words), "value": told.figure(way.entry, newest.value, words)}
    meant = way.promised().get(year)
    if meant is None:
        return words.say("{year}: {value}. There is no target for that year or after it.", **facts)
    ahead = newest.value <= meant if way.entry.direction == "down" else newest.value >= meant
    text_ahead = message("{year}: {value}, at or ahead of the straight way to the target ({meant}).")
    text_behind = message("{year}: {value}, behind the straight way to the target ({meant}).")
    return words.say(text_ahead if ahead else text_behind, **facts, meant=told.figure(way.entry, meant, words))


def way_records(way: Way, caption: str, words: Words) -> Records:
    """One row per fiscal year."""
    fields = (
        text("fiscal_year", words.say("Fiscal year")),
        _per_cent("change", words.say("Change since the base year (%)")),
        _per_cent("on_the_way", words.say("On the straight way (%)")),
        _per_cent("target", words.say("Target (%)")),
        text("remarks", words.say("Remarks")),
    )
    values = {each.period.fiscal_year: each for each in way.years}
    promised, goals = way.promised(), {goal.fiscal_year: goal.value for goal in way.goals}
    rows = tuple(
        (
            str(year),
            _rounded(values[year].value) if year in values else (0.0 if year == way.base_year else None),
            _rounded(promised.get(year)),
            _rounded(goals.get(year)),
            _remarks(way, values.get(year), year, words) or None,
        )
        for year in way.span()
    )
    return Records("paper-way", caption, fields, rows)


def _remarks(way: Way, value: IndicatorValue | None, year: int, words: Words) -> str:
    if year == way.base_year:
        return words.say("base year")
    if value is None:
        return ""
    running = way.running and value is way.years[-1]
    parts = (
        words.say("so far") if running else "",
        told.why(value, words),
        words.say("estimate") if value.estimate else "",
    )
    return words.say(", ").join(filter(None, parts))


def _per_cent(key: str, name: str) -> Field:
    return Field(key, name, "percent", lambda value: f"{value:.1f}".replace("-", "−"), number=True)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _figure(way: Way, words: Words, published: Sequence[PublishedFigure]) -> go.Figure:
    names = {year: str(year) for year in way.span()}
    colours = [BLUE_500] * len(way.years)
    patterns = ["/" if way.running and each is way.years[-1] else "" for each in way.years]
    return go.Figure(
        data=[
            go.Bar(
                name=words.say("Change since the base year"),
                x=[names[each.period.fiscal_year] for each in way.years],
                y=[each.value for each in way.years],
                marker={"color": colours, "pattern": {"shape": patterns, "fgcolor": BLUE_900}},
                hovertemplate="%{y:.1f}%",
            ),
            *_promised(way, names, words),
            *peer_lines(published, way.entry.unit, list(names.values()), words),
        ],
        layout=layout(
            height=HEIGHT_PX,
            bargap=0.4,
            xaxis=axis(type="category", categoryorder="array", categoryarray=list(names.values())),
            yaxis=axis(ticksuffix="%", nticks=6, rangemode="tozero", zeroline=True, zerolinecolor=GRAY_900),
        ),
    )


def _promised(way: Way, names: dict[int, str], words: Words) -> Sequence[go.Scatter]:
    promised = way.promised()
    if not promised:
        return []
    goals = {goal.fiscal_year for goal in way.goals}
    return [
        go.Scatter(
            name=words.say("The straight way to the targets"),
            x=[names[year] for year in promised],
            y=list(promised.values()),
            mode="lines+markers",
            line={"color": GRAY_900, "width": 2, "dash": "dash"},
            marker={"symbol": ["diamond" if year in goals else "circle" for year in promised], "size": 9},
            hovertemplate="%{y:.1f}%",
        )
    ]
