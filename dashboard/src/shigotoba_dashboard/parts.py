"""The page's building blocks.

Responsible for components whose semantics are right once and for all: sections with headings, tables with row
headers, charts with a sentence and a twin, lists that fold. Refuses data: blocks are empty frames or show what they
are handed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_dashboard.figures.chart import Chart, as_data
from shigotoba_dashboard.formats import percent, span
from shigotoba_dashboard.rates import Utilisation
from shigotoba_dashboard.tables import Column, Table
from shigotoba_dashboard.words import Words

LONG_ROWS: Final = 100


class Place(html.Div):
    """A place that a callback fills: it stays a component, whatever stands around it (see ``written``)."""


def section(component: str, title: str, children: Sequence[Any]) -> Component:
    """A part of the page under its own heading; ``component`` is the target of links."""
    heading = html.H2(title, id=f"{component}-heading")
    return html.Section(
        [heading, *children], id=component, className="section", **aria(labelledby=f"{component}-heading")
    )


def live(component: str, waiting: str, kind: str = "") -> Component:
    """An empty place that a region fills; shows ``waiting`` until then."""
    return Place(waiting, id=component, className=f"live {kind}".strip())


def clock(pace: str, every_ms: int, part: str | None = None) -> list[Component]:
    """A clock, the beat at which it last asked, what has been seen so far, and which part is followed; see ``live``."""
    return [
        dcc.Interval(id=f"beat-{pace}", interval=every_ms),
        dcc.Store(id=f"asked-{pace}"),
        dcc.Store(id=f"seen-{pace}", data={}),
        dcc.Store(id=f"part-{pace}", data=part),
    ]


def folded(summary: str, component: str, words: Words) -> Component:
    """A list that opens; what is inside may change without closing it."""
    return html.Details(
        [html.Summary(summary), scrolling(summary, live(component, words.say("Loading…")))], className="folded"
    )


def scrolling(label: str, child: Component) -> Component:
    """A frame in which a wide table scrolls, by keyboard too."""
    return html.Div(child, className="scrolling", tabIndex=0, role="region", **aria(label=label))


def chart_frame(name: str, words: Words) -> Component:
    """The place of a chart that a region draws."""
    return live(name, words.say("Loading…"), "chart-place")


def drawn_chart(name: str, title: str, chart: Chart, height_px: int, words: Words) -> Component:
    """A chart that is there at once: heading, sentence, figure, folded table."""
    data: dict[str, Any] = {"data-figure": as_data(chart.figure)}
    graph = html.Div(id=f"{name}-figure", className="plot", style={"height": f"{height_px}px"}, **data)
    return html.Div(
        [
            html.H3(title),
            html.P(chart.sentence, id=f"{name}-sentence", className="sentence"),
            html.Div(graph, role="img", **aria(labelledby=f"{name}-sentence")),
            folded_table(words.say("{title}: as a table", title=title), chart.table),
        ],
        className="chart",
    )


def drawn_week(title: str, sentence: str, table: Component) -> Component:
    """A week of hours, which is picture and table in one."""
    return html.Div(
        [html.H3(title), html.P(sentence, className="sentence"), scrolling(title, table)], className="chart"
    )


def folded_table(summary: str, table: Table) -> Component:
    """A table that opens; a long one is written by the browser once it is opened (``assets/long-tables.js``).

    A thousand seats as components took Dash twenty seconds to put on the page, whether anybody opened the list or not.
    """
    return html.Details([html.Summary(summary), scrolling(summary, table_in_fold(table))], className="folded")


def table_in_fold(table: Table) -> Component:
    """A table that nobody sees before its fold is opened."""
    return table_of(table) if len(table.rows) <= LONG_ROWS else _table_as_data(table)


def _table_as_data(table: Table) -> Component:
    held = {
        "caption": table.caption,
        "columns": [(column.name, _side(column)) for column in table.columns],
        "rows": table.rows,
        "marked": sorted(table.marked),
        "links": table.links,
    }
    attributes: dict[str, Any] = {"data-table": json.dumps(held, ensure_ascii=False)}
    return html.Div(**attributes)


def rate_lines(rate: Utilisation, formula: str, words: Words) -> list[Component]:
    """A rate with what was divided by what, and how much of it is known."""
    return [
        html.P(html.Strong(percent(rate.share)), className="figure"),
        html.P(
            words.say(
                "{formula}: {occupied} ÷ {known}. Data coverage {share}.",
                formula=formula,
                occupied=span(rate.occupied_s, words),
                known=span(rate.known_s, words),
                share=percent(rate.coverage),
            )
        ),
    ]


def table_of(table: Table) -> Component:
    """A table whose rows begin with a header."""
    head = html.Tr([html.Th(column.name, scope="col", className=_side(column)) for column in table.columns])
    return html.Table(
        [
            html.Caption(table.caption),
            html.Thead(head),
            html.Tbody([_row(table, number) for number in range(len(table.rows))]),
        ],
        className="table",
    )


def _row(table: Table, number: int) -> Component:
    name, *cells = table.rows[number]
    link = table.links[number] if table.links else None
    return html.Tr(
        [
            html.Th(html.A(name, href=link) if link else name, scope="row"),
            *(html.Td(cell, className=_side(column)) for cell, column in zip(cells, table.columns[1:], strict=True)),
        ],
        className="marked" if number in table.marked else "",
    )


def _side(column: Column) -> str:
    return "number" if column.number else "prose" if column.prose else ""


def tile(label: str, value: str, note: str, rows: str, words: Words) -> Component:
    """One answer at a glance: what it is, how much, and what to hold it against; ``rows`` is where its rows stand."""
    return html.Div(
        [
            html.Div(label, className="tile-label"),
            html.Div(linked_number(value, rows, words), className="tile-value"),
            html.Div(note, className="tile-note"),
        ],
        className="tile",
    )


def linked_number(said: str, rows: str, words: Words) -> Component:
    """A number that leads to the rows behind it."""
    return html.A(said, href=rows, **aria(label=words.say("{number}: the rows behind it", number=said)))


def aria(**names: str) -> dict[str, Any]:
    """Attributes for assistive technology: ``aria(label="x")`` is ``aria-label="x"``."""
    return {f"aria-{name}": value for name, value in names.items()}
