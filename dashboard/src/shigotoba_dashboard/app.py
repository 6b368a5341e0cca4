"""The dashboard put together: FastAPI outside, Dash inside, pages, feeds.

Responsible for assembly. Refuses to read settings and to listen; that is ``__main__``.
"""

# Dash does not say what a page may be registered with.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.middleware import Numbered, SameOrigin
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.beginning import Beginner, add_beginning
from shigotoba_dashboard.datasets import add_datasets
from shigotoba_dashboard.desk import add_changes, add_leaving
from shigotoba_dashboard.doorway import Doorway, add_entrance, add_health
from shigotoba_dashboard.feed import Feed, connect, connect_to_change
from shigotoba_dashboard.frame import shell
from shigotoba_dashboard.guard import Admission, Guard
from shigotoba_dashboard.house import House
from shigotoba_dashboard.live import follow, follow_masthead
from shigotoba_dashboard.pages import PAGES, seats, today
from shigotoba_dashboard.pages.seats import plan
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.plan_pictures import add_pictures
from shigotoba_dashboard.routes import add_files, add_navigation
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.snapshot import Clock, Now, read_now, read_quarters, read_today
from shigotoba_dashboard.visitors import Visitor

_log = logging.getLogger(__name__)

View = TypeVar("View")

NOW_FRESH_FOR_S: Final = 0.25
TODAY_FRESH_FOR_S: Final = 15.0
_TITLE: Final = "しごとば Shigotoba"
#: Compression runs on the event loop; a higher level would hold up every page for a few bytes.
_GZIP_LEVEL: Final = 4


def build(settings: Settings, clock: Clock) -> FastAPI:
    """The server for one site.

    Args:
        settings: Where the database is and which site to show.
        clock: The present, aware.
    """
    app = _dash()
    answers = Answers(partial(connect, settings.database))
    desk = Answers(partial(connect_to_change, settings.database))
    hall = Answers(partial(connect_to_change, settings.database))
    house = House(settings.site, answers, desk, clock)
    # Pages and files may keep every connection busy; who asks, and the beats of open pages, never wait behind them.
    watch = replace(house, answers=hall)
    admission = Admission(settings, hall, clock)
    add_navigation(app, house)
    now, day, quarters = (
        _feeds(settings, clock, read_now, NOW_FRESH_FOR_S),
        _feeds(settings, clock, read_today, TODAY_FRESH_FOR_S),
        _feeds(settings, clock, read_quarters, TODAY_FRESH_FOR_S),
    )
    follow_masthead(app, now, watch.sees)
    follow(app, "today-now", now, today.NOW, _who_sees(watch, today.PAGE.needs))
    follow(app, "today", day, today.TODAY, _who_sees(watch, today.PAGE.needs))
    follow(app, "quarters", quarters, today.QUARTERS, _who_sees(watch, today.PAGE.needs))
    follow(app, plan.PACE, now, plan.NOW, _who_sees(watch, seats.PAGE.needs), Now.of_floor)
    server: FastAPI = app.server
    server.state.connections = (answers, desk, hall)
    add_entrance(server)
    add_beginning(server, app)
    add_health(server, settings)
    add_datasets(server, house)
    add_files(server, house)
    add_changes(server, house)
    add_pictures(server, house)
    add_leaving(server, admission)
    server.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=_GZIP_LEVEL)
    server.add_middleware(SameOrigin)
    server.add_middleware(Doorway)
    server.add_middleware(Guard, admission=admission)
    secure = settings.web_url.startswith("https://")
    server.add_middleware(Numbered, secure=secure, policy=_policy(app), place=lambda scope: scope["path"])
    return server


def _policy(app: Beginner) -> str:
    """What a page may load: our own scripts, and of inline ones the one with which Dash begins."""
    return (
        f"default-src 'none'; script-src 'self' {' '.join(app.csp_hashes())}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _dash() -> Beginner:
    here = Path(__file__).parent
    app = Beginner(
        "shigotoba_dashboard",
        backend="fastapi",
        url_base_pathname=BASE_PATH,
        assets_folder=str(here / "assets"),
        assets_ignore=r"plotly-.*",
        suppress_callback_exceptions=True,
        use_async=False,
        title=_TITLE,
        update_title="",
        index_string=(here / "index.html").read_text(encoding="utf-8"),
        on_error=_note_error,
    )
    # Pages ask over HTTP only; without this each would also keep a WebSocket open, past every HTTP check.
    app.backend.websocket_capability = False
    app.layout = shell([page.path for page in PAGES.values() if page.charted])
    return app


def _who_sees(house: House, needs: Action) -> Callable[[Visitor, str | None], bool]:
    return lambda visitor, site: house.sees(visitor, needs, site)


def _feeds(
    settings: Settings, clock: Clock, read: Callable[[psycopg.Connection, str, datetime], View], fresh_for_s: float
) -> Callable[[str | None], Feed[View]]:
    """One feed per site; a browser that names none gets the first site's."""
    open_connection = partial(connect, settings.database)

    @cache
    def feed_of(site: str) -> Feed[View]:
        return Feed(lambda conn: read(conn, site, clock()), open_connection, fresh_for_s)

    return lambda site: feed_of(site or settings.site)


def _note_error(error: Exception) -> None:
    """Dash answers a failed callback with "no change"; the log is where it can be found."""
    _log.error("a callback failed", exc_info=error)
