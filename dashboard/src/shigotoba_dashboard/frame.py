"""What is around every page: masthead, notices, contents, clocks, and the notes at its foot.

Responsible for landmarks and for the invisible parts that make a page live. Refuses to know any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import dcc, html
from dash.development.base_component import Component

from shigotoba_dashboard.masthead import masthead, notices
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.words import Words

#: The present is asked for every second, the day every five; how old an answer may be is the feeds' business.
NOW_EVERY_MS: Final = 1_000
TODAY_EVERY_MS: Final = 5_000


def page(words: Words, contents: Sequence[tuple[str, str]], children: Sequence[Component]) -> Component:
    """A page of ``children``, with links to the parts in ``contents`` (component id, title)."""
    return html.Div(
        [
            html.A(words.say("Skip to the content"), href="#main", className="skip"),
            masthead(words),
            html.Nav(_links(words, contents), className="contents", **aria(label=words.say("On this page"))),
            html.Main([notices(words), *children], id="main", tabIndex=-1),
            html.Footer(_foot(words)),
            *_clocks(words),
        ],
        className="page",
        lang=words.language,
    )


def _links(words: Words, contents: Sequence[tuple[str, str]]) -> Component:
    return html.Ul([html.Li(html.A(words.say(title), href=f"#{component}")) for component, title in contents])


def _foot(words: Words) -> list[Component]:
    return [
        html.P(words.say("Seat data say that a seat is taken, never by whom.")),
        html.P(words.say("Times are Japan Standard Time. “—” means not known, which is not zero.")),
    ]


def _clocks(words: Words) -> list[Component]:
    return [
        dcc.Store(id="language", data=words.language),
        *_clock("now", NOW_EVERY_MS),
        *_clock("today", TODAY_EVERY_MS),
    ]


def _clock(pace: str, every_ms: int) -> list[Component]:
    """A clock, the beat at which it last asked, and what has been seen so far; see ``live``."""
    return [
        dcc.Interval(id=f"beat-{pace}", interval=every_ms),
        dcc.Store(id=f"asked-{pace}"),
        dcc.Store(id=f"seen-{pace}", data={}),
    ]
