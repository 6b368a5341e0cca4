"""The choices above a page: floor and period, as links for the common ones and a form for the rest.

Responsible for these controls and for saying what of the address could not be meant. Refuses scripts of its own: links
are addresses, and the form makes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_dashboard.dates import fiscal_year
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import fiscal_year_name, name_of
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.periods import Period, choices, name, year_of

if TYPE_CHECKING:
    from shigotoba_dashboard.pages.page import Page

#: As many fiscal years as a chart of days can hold, and the base year most have.
YEARS_OFFERED: Final = 5


def filter_bar(page: Page[Any], filters: Filters) -> list[Component]:
    """What is chosen, what else could be, and what went wrong with the address."""
    bars = [
        *([_floors(page, filters)] if "floor" in page.filters else []),
        *([_periods(page, filters)] if "period" in page.filters else []),
        *([_years(page, filters)] if "year" in page.filters else []),
    ]
    problems: list[Component] = [html.P(problem, className="notice", role="alert") for problem in filters.problems]
    return [*problems, html.Div(bars, className="filters")] if bars else problems


def _floors(page: Page[Any], filters: Filters) -> Component:
    words = filters.words
    floors = [(None, words.say("All floors")), *((each.code, name_of(each, words)) for each in filters.places.floors)]
    return choice_of(
        words.say("Floor"),
        ((label, replace(filters, floor=code).address(page.path), code == filters.floor) for code, label in floors),
    )


def _periods(page: Page[Any], filters: Filters) -> Component:
    words = filters.words
    offered = choices(filters.today, page.with_today)
    links = (
        (name(each, words), replace(filters, period=each).address(page.path), each == filters.period)
        for each in offered
    )
    return html.Div(
        [choice_of(words.say("Period"), links), _span_form(page, filters, opened=filters.period not in offered)],
        className="filter",
    )


def _years(page: Page[Any], filters: Filters) -> Component:
    words, shown = filters.words, fiscal_year(filters.elapsed.last)
    newest = fiscal_year(filters.today)
    return choice_of(
        words.say("Fiscal year"),
        (
            (fiscal_year_name(year, words), replace(filters, period=year_of(year)).address(page.path), year == shown)
            for year in range(newest, newest - YEARS_OFFERED, -1)
        ),
    )


def choice_of(label: str, links: Iterable[tuple[str, str, bool]]) -> Component:
    """A row of links of which one is the present."""
    return html.Nav(
        [
            html.Span(label, className="filter-name"),
            html.Ul([html.Li(html.A(text, href=href, **_current(here))) for text, href, here in links]),
        ],
        className="choice",
        **aria(label=label),
    )


def _current(here: bool) -> dict[str, Any]:
    return aria(current="true") if here else {}


def _span_form(page: Page[Any], filters: Filters, opened: bool) -> Component:
    """Two days, written in either calendar; the browser makes an address of them."""
    words, period = filters.words, filters.period
    kept = {key: value for key, value in _kept(filters).items() if value}
    return html.Details(
        [
            html.Summary(words.say("Other days")),
            html.Form(
                [
                    *(dcc.Input(type="hidden", name=key, value=value) for key, value in kept.items()),
                    _day("from", words.say("First day"), period.first.isoformat()),
                    _day("to", words.say("Last day"), period.last.isoformat()),
                    html.Button(words.say("Show"), type="submit", className="button"),
                    html.P(words.say("For example 2026-11-20, 2026/11/20 or 令和8年11月20日."), className="hint"),
                ],
                action=f"{BASE_PATH}{page.path}",
                method="GET",
                className="span-form",
            ),
        ],
        open=opened,
        className="folded",
        key=f"{page.path}-{period}",
    )


def _kept(filters: Filters) -> dict[str, str | None]:
    return {
        "site": filters.site if len(filters.places.sites) > 1 else None,
        "floor": filters.floor,
        "lang": filters.language if filters.language != "ja" else None,
        **dict(filters.more),
    }


def _day(name_of_input: str, label: str, value: str) -> Component:
    return html.Label(
        [label, dcc.Input(type="text", name=name_of_input, value=value, autoComplete="off", className="day-input")],
        className="day",
    )


def said(period: Period, filters: Filters) -> str:
    """The period as a heading says it, with where it stands when it is not over."""
    words = filters.words
    if period.last < filters.today:
        return name(period, words)
    return words.say("{period}, so far", period=name(period, words))
