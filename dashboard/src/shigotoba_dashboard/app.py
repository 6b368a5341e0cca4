"""The dashboard put together: FastAPI outside, Dash inside, pages, feeds.

Responsible for assembly. Refuses to read settings and to listen; that is ``__main__``.
"""

# Dash does not say what a page may be registered with.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any, Final

import dash
import dash_mantine_components as dmc
from dash import Dash
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from shigotoba_dashboard.doorway import BASE_PATH, Doorway, add_entrance, add_health
from shigotoba_dashboard.feed import Feed, connect
from shigotoba_dashboard.live import follow_now, follow_today
from shigotoba_dashboard.pages import today
from shigotoba_dashboard.palette import BLUES, FONTS
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.snapshot import Clock, read_now, read_today

_log = logging.getLogger(__name__)

NOW_FRESH_FOR_S: Final = 0.25
TODAY_FRESH_FOR_S: Final = 15.0
_TITLE: Final = "しごとば Shigotoba"
#: Compression runs on the event loop; a higher level would hold up every page for a few bytes.
_GZIP_LEVEL: Final = 4

#: The component library's own type for themes wants colours as mappings; its JavaScript wants lists.
_THEME: Final[Any] = {
    "fontFamily": FONTS,
    "primaryColor": "dads",
    "colors": {"dads": list(BLUES)},
    "primaryShade": 8,
    "autoContrast": True,
}


def build(settings: Settings, clock: Clock) -> FastAPI:
    """The server for one site.

    Args:
        settings: Where the database is and which site to show.
        clock: The present, aware.
    """
    app = _dash()
    open_connection = partial(connect, settings.database)
    now = Feed(lambda conn: read_now(conn, settings.site, clock()), open_connection, NOW_FRESH_FOR_S)
    day = Feed(lambda conn: read_today(conn, settings.site, clock()), open_connection, TODAY_FRESH_FOR_S)
    follow_now(app, now, today.NOW)
    follow_today(app, day, today.TODAY)
    server: FastAPI = app.server
    add_entrance(server)
    add_health(server, settings)
    server.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=_GZIP_LEVEL)
    server.add_middleware(Doorway)
    return server


def _dash() -> Dash:
    here = Path(__file__).parent
    app = Dash(
        "shigotoba_dashboard",
        backend="fastapi",
        url_base_pathname=BASE_PATH,
        assets_folder=str(here / "assets"),
        use_pages=True,
        pages_folder="",
        include_pages_meta=False,
        suppress_callback_exceptions=True,
        use_async=False,
        title=_TITLE,
        update_title="",
        index_string=(here / "index.html").read_text(encoding="utf-8"),
        on_error=_note_error,
    )
    # Pages ask over HTTP only; without this each would also keep a WebSocket open, past every HTTP check.
    app.backend.websocket_capability = False
    dash.register_page("today", path="/", title=_TITLE, layout=today.layout)
    app.layout = dmc.MantineProvider(dash.page_container, theme=_THEME, forceColorScheme="light")
    return app


def _note_error(error: Exception) -> None:
    """Dash answers a failed callback with "no change"; the log is where it can be found."""
    _log.error("a callback failed", exc_info=error)
