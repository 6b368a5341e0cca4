"""What is around every page: masthead, menu, filters, title, contents, files to take home, and the notes at the foot.

Responsible for landmarks and their order. Refuses to know any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_dashboard.filter_bar import filter_bar
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.masthead import masthead, notices
from shigotoba_dashboard.menu import language_links, menu, site_links, visitor_links
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.paths import FILES_PATH
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.words import Words


@dataclass(frozen=True)
class Drawn:
    """A page, ready for the browser.

    Attributes:
        title: Of the document.
        site: Code of the site it shows; None where it shows none.
        menu: What goes into the menu; None leaves it empty.
        content: What goes into the main part.
        again: Whether to ask anew in a while, without being told to.
    """

    title: str
    site: str | None
    menu: list[Component]
    content: list[Component]
    again: bool = False


#: How long a page that could not be shown waits before it asks anew.
_AGAIN_MS: Final = 3_000


def shell(charted: Sequence[str]) -> Component:
    """The frame without a word in it: the language stands in the address, which the server hears later.

    While a page of ``charted``, which are paths, is awaited, the browser gets the library of charts (assets/charts.js).
    """
    awaited: dict[str, Any] = {"data-charted": " ".join(charted)}
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            *(dcc.Store(id=name) for name in ("language", "site", "document-title", "followed")),
            dcc.Store(id="entered", data=True),
            dcc.Interval(id="again", interval=_AGAIN_MS, disabled=True),
            html.A(id="skip", href="#main", className="skip"),
            html.Header(id="masthead", className="masthead"),
            html.Div(id="menu", className="menu"),
            html.Main(
                [
                    html.Div(id="notices", className="notices", role="status"),
                    html.Div(id="waiting", className="waiting", hidden=True, **awaited),
                    html.Div(id="page", className="page"),
                ],
                id="main",
                tabIndex=-1,
            ),
            html.Footer(id="foot"),
        ],
        className="house",
    )


#: What ``furniture`` fills, in its order.
FURNISHED: Final = ("skip", "masthead", "notices", "waiting", "foot")


def furniture(words: Words) -> tuple[Any, ...]:
    """What stands in the frame whatever the page, by ``FURNISHED``."""
    return (words.say("Skip to the content"), masthead(words), notices(words), words.say("Loading…"), _foot(words))


def page_frame(page: Page[Any], filters: Filters, content: Sequence[Any], records: Sequence[Records]) -> Drawn:
    """A page with what surrounds its contents."""
    words = filters.words
    title = words.say(page.title)
    return Drawn(
        title=words.say("{page} — Shigotoba", page=title),
        site=filters.site,
        menu=[
            menu(page, filters),
            site_links(page, filters),
            language_links(page, filters),
            *visitor_links(page, filters),
        ],
        content=[
            html.H1(title, id="title", tabIndex=-1),
            *filter_bar(page, filters),
            *content,
            *_files(page, filters, records),
        ],
    )


def plain_frame(title: str, content: Sequence[Component], words: Words) -> Drawn:
    """A page that shows no site."""
    heading = html.H1(title, id="title", tabIndex=-1)
    return Drawn(words.say("{page} — Shigotoba", page=title), None, [], [heading, *content])


def _files(page: Page[Any], filters: Filters, records: Sequence[Records]) -> list[Component]:
    if not records or not filters.may(page.takes):
        return []
    words = filters.words
    return [
        html.Section(
            [
                html.H2(words.say("Take these tables home"), id="files-heading"),
                html.P(
                    words.say(
                        "Files hold the values as they are: one header row, plain numbers, a blank where nothing is "
                        "known. “CSV for Excel” opens in Excel without garbled characters."
                    )
                ),
                html.Ul([_file(page, filters, table) for table in records], className="file-list"),
            ],
            className="section files",
            **aria(labelledby="files-heading"),
        )
    ]


def _file(page: Page[Any], filters: Filters, records: Records) -> Component:
    words, query = filters.words, filters.query()
    kinds = (("csv", "CSV"), ("excel.csv", words.say("CSV for Excel")), ("xlsx", "XLSX"))
    return html.Li(
        [
            html.Span(records.caption, className="file-name"),
            *(
                html.A(
                    label,
                    href=f"{FILES_PATH}{page.path or 'overview'}/{records.key}.{kind}?{query}",
                    download="",
                    **aria(label=f"{records.caption} {label}"),
                )
                for kind, label in kinds
            ),
        ]
    )


def _foot(words: Words) -> list[Component]:
    return [
        html.P(words.say("Seat data say that a seat is taken, never by whom.")),
        html.P(words.say("Times are Japan Standard Time. “—” means not known, which is not zero.")),
    ]
