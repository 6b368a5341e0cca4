"""Pages that follow the database.

A page asks by ``dcc.Interval`` rather than by WebSocket callback (docs/decisions/0057-open-pages-ask.md). The database
is polled either way, for nothing notifies; an interval holds no state, so it survives a restarted server, a sleeping
laptop and any proxy, passes the same checks as every request, and one shared answer (see ``feed``) makes it cheap. A
beat usually carries a few hundred bytes.

A beat becomes a question only when the last one has been answered (``assets/live.js``): Dash forgets a question that is
asked again before its answer, so on a slow line a plain interval would never be answered at all.

Responsible for the callbacks, which pass values between browser, feed and regions. They are coroutines that work in a
thread, because Dash's FastAPI backend runs plain functions on the event loop itself, where one slow query would stop
every page. Refuses to draw and to ask.
"""

# Dash does not say what its callbacks take and give back.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard import masthead
from shigotoba_dashboard.feed import Feed, NoAnswerError
from shigotoba_dashboard.regions import Painted, Region, paint, unchanged
from shigotoba_dashboard.snapshot import Now
from shigotoba_dashboard.threads import for_beat
from shigotoba_dashboard.visitors import Visitor, current_visitor
from shigotoba_dashboard.words import Words, language_of, words_in
from shigotoba_dashboard.written import written

View = TypeVar("View")
#: What the browser keeps between beats: the digest of each region, and the last beat that was answered.
Seen = dict[str, Any]
Feeds = Callable[["str | None"], Feed[View]]
#: Whether a visitor may follow what an action covers at a site.
Sees = Callable[[Visitor, Action, "str | None"], bool]
#: What of a view somebody follows who has chosen a part of it.
Narrow = Callable[[View, "str | None"], View]
#: What is followed: a site, and the part of it that was chosen.
Followed = tuple["str | None", "str | None"]
Answer = Callable[[Followed, int, Seen, Words], list[object]]
TurnedAway = Callable[[Words, Seen, int], list[object]]


def follow_masthead(app: Dash, feeds: Feeds[Now], sees: Sees) -> None:
    """Keeps the masthead and the notices up to date, and has the browser notice when answers stay away."""
    outputs = [*_outputs(masthead.STATUS), *_outputs(masthead.NOW)]

    def give(followed: Followed, beat: int, seen: Seen, words: Words) -> list[object]:
        return answer_masthead(feeds(followed[0]), words, seen, beat)

    def may(visitor: Visitor, site: str | None) -> bool:
        return sees(visitor, Action.SEE_PLACES, site)

    _follow(app, "now", outputs, give, may, turn_away)
    app.clientside_callback(
        ClientsideFunction("shigotoba", "is_answered"),
        Output("connection-lost", "hidden"),
        Input("beat-now", "n_intervals"),
        Input("seen-now", "data"),
    )


def follow(
    app: Dash,
    pace: str,
    feeds: Feeds[View],
    regions: Sequence[Region[View]],
    may: Callable[[Visitor, str | None], bool],
    narrow: Narrow[View] = lambda view, _part: view,
) -> None:
    """Keeps regions of a page that has the clock ``pace`` up to date, for whoever may see them."""

    def give(followed: Followed, beat: int, seen: Seen, words: Words) -> list[object]:
        site, part = followed
        return answer(feeds(site), regions, words, seen, beat, lambda view: narrow(view, part))

    def stay(_words: Words, seen: Seen, beat: int) -> list[object]:
        return [*unchanged(regions), {**seen, "answered": beat}]

    _follow(app, pace, _outputs(regions), give, may, stay)


def answer_masthead(feed: Feed[Now], words: Words, seen: Seen, beat: int) -> list[object]:
    """One value per output of the masthead, then what the browser has seen by now."""
    found = _ask(feed)
    status = paint(masthead.STATUS, found, words, seen)
    drawn = _paint_answer(masthead.NOW, found, words, seen)
    return [*status.values, *drawn.values, {**seen, **status.seen, **drawn.seen, "answered": beat}]


def turn_away(words: Words, seen: Seen, beat: int) -> list[object]:
    """What the masthead tells who has been signed out before an open page; the rest stays as it is."""
    status = paint(masthead.STATUS, masthead.TurnedAway(), words, seen)
    return [*status.values, *unchanged(masthead.NOW), {**seen, **status.seen, "answered": beat}]


def answer(
    feed: Feed[View],
    regions: Sequence[Region[View]],
    words: Words,
    seen: Seen,
    beat: int,
    narrowed: Callable[[View], View] = lambda view: view,
) -> list[object]:
    """One value per output of ``regions``, then what the browser has seen by now."""
    found = _ask(feed)
    drawn = _paint_answer(regions, found if isinstance(found, NoAnswerError) else narrowed(found), words, seen)
    return [*drawn.values, {**seen, **drawn.seen, "answered": beat}]


def _follow(
    app: Dash,
    pace: str,
    outputs: Sequence[Output],
    give: Answer,
    may: Callable[[Visitor, str | None], bool],
    turned_away: TurnedAway,
) -> None:
    """Connects the clock ``beat-<pace>`` to questions and the questions to ``give``, for who may ask them."""

    def answer_written(followed: Followed, beat: int, seen: Seen, words: Words) -> list[object]:
        return written(give(followed, beat, seen, words))

    async def answer_in_thread(
        beat: int, seen: Seen, language: str | None, site: str | None, part: str | None
    ) -> list[object]:
        words = words_in(language_of(language))
        if not await for_beat(may, current_visitor(), site):
            return written(turned_away(words, seen, beat))
        return await for_beat(answer_written, (site, part), beat, seen, words)

    asked, seen = f"asked-{pace}", f"seen-{pace}"
    app.clientside_callback(
        ClientsideFunction("shigotoba", "next_question"),
        Output(asked, "data"),
        Input(f"beat-{pace}", "n_intervals"),
        State(asked, "data"),
        State(seen, "data"),
    )
    stated = (State(name, "data") for name in (seen, "language", "site", f"part-{pace}"))
    app.callback([*outputs, Output(seen, "data")], Input(asked, "data"), *stated)(answer_in_thread)


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
