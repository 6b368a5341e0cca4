"""The head of every page: which site, as of when, which fiscal year, and whether data still arrive.

Responsible for the masthead's frame and regions, and for the notices when there is no answer. Refuses page content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.dates import fiscal_year_at
from shigotoba_dashboard.feed import DatabaseEmptyError, NoAnswerError
from shigotoba_dashboard.formats import as_of, fiscal_year_name, moment, name_of
from shigotoba_dashboard.parts import clock, live
from shigotoba_dashboard.regions import Region, text_region
from shigotoba_dashboard.snapshot import Now
from shigotoba_dashboard.words import Words

#: The present is asked for every second; how old an answer may be is the feed's business.
NOW_EVERY_MS: Final = 1_000


@dataclass(frozen=True)
class TurnedAway:
    """In place of an answer: who asks has been signed out meanwhile, or may not look any more."""


Heard: TypeAlias = Now | NoAnswerError | TurnedAway


def masthead(words: Words) -> list[Component]:
    """The empty head."""
    return [
        html.Div(
            [
                html.Div(words.say("Shigotoba"), className="product"),
                live("site-name", "", "site-name"),
            ]
        ),
        html.Div(
            [
                live("as-of", words.say("Loading…"), "as-of"),
                live("fiscal-year", "", "fiscal-year"),
                live("indicator", "", "indicator"),
            ],
            className="when",
        ),
        *clock("now", NOW_EVERY_MS),
    ]


def notices(words: Words) -> list[Component]:
    """Where trouble is told; spoken by screen readers when it appears."""
    lost = words.say(
        "This page has stopped: the server does not answer. What you see is the last state. It reconnects by itself."
    )
    return [
        html.Div(id="trouble", className="live"),
        html.Div(id="said", className="said"),
        html.Div(html.P(lost, className="notice"), id="connection-lost", hidden=True),
    ]


def _as_of(now: Now, words: Words) -> str:
    return words.say("As of {time} JST", time=as_of(now.at, now.zone, words))


def _site_name(now: Now, words: Words) -> str:
    return name_of(now.site, words)


def _fiscal_year(now: Now, words: Words) -> str:
    return fiscal_year_name(fiscal_year_at(now.at, now.zone), words)


def _trouble(answer: Heard, words: Words) -> object:
    if isinstance(answer, Now):
        return []
    if isinstance(answer, TurnedAway):
        return _way_back_in(words)
    if isinstance(answer, DatabaseEmptyError):
        text = words.say("The database is not ready: this site has not been set up in it yet. The page waits.")
    else:
        text = words.say("The database does not answer. What you see is the last state. It reconnects by itself.")
    return html.P(text, className="notice")


def _way_back_in(words: Words) -> Component:
    """The address of the link is the page itself: whoever is not signed in is led to the door and back."""
    text = words.say(
        "This page has stopped: you were signed out because nothing was done for long, or your roles no longer "
        "include it. What you see is the last state."
    )
    return html.P([text, " ", html.A(words.say("Sign in again"), href="", target="_self")], className="notice")


def _indicator(answer: Heard, words: Words) -> Component:
    if isinstance(answer, TurnedAway):
        return html.Span(words.say("▲ Stopped"), className="is-stale")
    if isinstance(answer, Now) and answer.is_live:
        return html.Span(words.say("● Live"), className="is-live")
    if isinstance(answer, Now) and answer.received_at:
        last = moment(answer.received_at, answer.at, answer.zone, words)
        return html.Span(words.say("▲ No new data (last {time})", time=last), className="is-stale")
    return html.Span(words.say("▲ No new data"), className="is-stale")


def _indicator_look(answer: Heard) -> object:
    if not isinstance(answer, Now):
        return type(answer).__name__
    return "live" if answer.is_live else (answer.received_at, answer.at.astimezone(answer.zone).date())


NOW: Final[tuple[Region[Now], ...]] = (
    text_region("as-of", lambda now: now.at, _as_of),
    text_region("site-name", lambda now: now.site, _site_name),
    text_region("fiscal-year", lambda now: fiscal_year_at(now.at, now.zone), _fiscal_year),
)
STATUS: Final[tuple[Region[Heard], ...]] = (
    text_region("trouble", lambda answer: type(answer).__name__, _trouble),
    text_region("indicator", _indicator_look, _indicator),
)
