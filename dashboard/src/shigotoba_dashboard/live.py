"""Pages that follow the database.

A page asks by ``dcc.Interval`` rather than by WebSocket callback. The database is polled either way, for nothing
notifies; an interval holds no state, so it survives a restarted server, a sleeping laptop and any proxy, passes the
same checks as every request, and one shared answer (see ``feed``) makes it cheap. A beat usually carries a few
hundred bytes.

A beat becomes a question only when the last one has been answered (``assets/live.js``): Dash forgets a question that is
asked again before its answer, so on a slow line a plain interval would never be answered at all.

Responsible for the callbacks, which pass values between browser, feed and regions. They are coroutines that work in a
thread, because Dash's FastAPI backend runs plain functions on the event loop itself, where one slow query would stop
every page. Refuses to draw and to ask.
"""

# Dash does not say what its callbacks take and give back.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State

from shigotoba_dashboard import masthead
from shigotoba_dashboard.feed import Feed, NoAnswerError
from shigotoba_dashboard.regions import Painted, Region, paint, unchanged
from shigotoba_dashboard.snapshot import Now, Today
from shigotoba_dashboard.words import Words, language_of, words_in

View = TypeVar("View")
#: What the browser keeps between beats: the digest of each region, and the last beat that was answered.
Seen = dict[str, Any]
Answer = Callable[[int, Seen, Words], list[object]]


def follow_now(app: Dash, feed: Feed[Now], regions: Sequence[Region[Now]]) -> None:
    """Keeps the present and the status regions up to date, and has the browser notice when answers stay away."""
    _follow(
        app,
        "now",
        [*_outputs(masthead.STATUS), *_outputs(regions)],
        lambda beat, seen, words: answer_now(feed, regions, words, seen, beat),
    )
    app.clientside_callback(
        ClientsideFunction("shigotoba", "is_answered"),
        Output("connection-lost", "hidden"),
        Input("beat-now", "n_intervals"),
        Input("seen-now", "data"),
    )


def follow_today(app: Dash, feed: Feed[Today], regions: Sequence[Region[Today]]) -> None:
    """Keeps the day so far up to date."""
    _follow(
        app,
        "today",
        _outputs(regions),
        lambda beat, seen, words: answer_today(feed, regions, words, seen, beat),
    )


def answer_now(feed: Feed[Now], regions: Sequence[Region[Now]], words: Words, seen: Seen, beat: int) -> list[object]:
    """One value per output of the status regions and of ``regions``, then what the browser has seen by now."""
    answer = _ask(feed)
    status = paint(masthead.STATUS, answer, words, seen)
    drawn = _paint_answer(regions, answer, words, seen)
    return [*status.values, *drawn.values, {**seen, **status.seen, **drawn.seen, "answered": beat}]


def answer_today(
    feed: Feed[Today], regions: Sequence[Region[Today]], words: Words, seen: Seen, beat: int
) -> list[object]:
    """One value per output of ``regions``, then what the browser has seen by now."""
    drawn = _paint_answer(regions, _ask(feed), words, seen)
    return [*drawn.values, {**seen, **drawn.seen, "answered": beat}]


def _follow(app: Dash, pace: str, outputs: Sequence[Output], answer: Answer) -> None:
    """Connects the clock ``beat-<pace>`` to questions and the questions to ``answer``."""

    async def answer_in_thread(beat: int, seen: Seen, language: str) -> list[object]:
        return await asyncio.to_thread(answer, beat, seen, words_in(language_of(language)))

    asked, seen = f"asked-{pace}", f"seen-{pace}"
    app.clientside_callback(
        ClientsideFunction("shigotoba", "next_question"),
        Output(asked, "data"),
        Input(f"beat-{pace}", "n_intervals"),
        State(asked, "data"),
        State(seen, "data"),
    )
    question = (Input(asked, "data"), State(seen, "data"), State("language", "data"))
    app.callback([*outputs, Output(seen, "data")], *question)(answer_in_thread)


def _ask(feed: Feed[View]) -> View | NoAnswerError:
    try:
        return feed.get()
    except NoAnswerError as problem:
        return problem


def _paint_answer(regions: Sequence[Region[View]], answer: View | NoAnswerError, words: Words, seen: Seen) -> Painted:
    if isinstance(answer, NoAnswerError):
        return Painted(unchanged(regions), {})
    return paint(regions, answer, words, seen)


def _outputs(regions: Sequence[Region[Any]]) -> list[Output]:
    return [Output(component, prop) for region in regions for component, prop in region.outputs]
