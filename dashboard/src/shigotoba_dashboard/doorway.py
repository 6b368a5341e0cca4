"""Paths outside the pages: the entrance, the health check, and nothing else.

Responsible for ``/``, ``/healthz``, ``/readyz`` and for a plain 404 elsewhere; without it Dash would answer every path
of the server with its index page and 200. Refuses to serve pages: that is Dash's.
"""

from __future__ import annotations

from typing import Final

import psycopg
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from shigotoba_backend.read.now import UnknownSiteError, latest_change, site_info
from shigotoba_dashboard.feed import connect, no_answer
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.paths import (
    BASE_PATH,
    CHANGES_PATH,
    FILES_PATH,
    HEALTH_PATH,
    PICTURES_PATH,
    READY_PATH,
    SIGN_OUT_PATH,
)
from shigotoba_dashboard.settings import Settings


class Doorway:
    """Lets through what this server has, refuses the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "reason": "This server answers HTTP only."})
        elif scope["type"] == "lifespan" or _is_served(scope["path"]):
            await self._app(scope, receive, send)
        elif _is_page(scope["path"]):
            # One document for all pages, and Dash makes itself ready for the base path only.
            await self._app({**scope, "path": BASE_PATH, "raw_path": BASE_PATH.encode()}, receive, send)
        else:
            text = f"Nothing at {scope['path']}. The dashboard is at {BASE_PATH}.\n"
            await PlainTextResponse(text, status_code=404)(scope, receive, send)


#: What Dash itself, its assets and our own routes have under the base path.
_SERVED: Final = (f"{BASE_PATH}_", f"{BASE_PATH}assets/", FILES_PATH, CHANGES_PATH, PICTURES_PATH, SIGN_OUT_PATH)


def _is_served(path: str) -> bool:
    return path in {"/", HEALTH_PATH, READY_PATH, BASE_PATH.rstrip("/")} or path.startswith(_SERVED)


def _is_page(path: str) -> bool:
    return path.startswith(BASE_PATH) and path.removeprefix(BASE_PATH).rstrip("/") in PAGES


def add_entrance(server: FastAPI) -> None:
    """``/`` and the base path without its slash lead to the first page."""

    async def enter() -> RedirectResponse:
        return RedirectResponse(BASE_PATH)

    for path in ("/", BASE_PATH.rstrip("/")):
        server.add_api_route(path, enter, methods=["GET", "HEAD"], include_in_schema=False)


def add_health(server: FastAPI, settings: Settings) -> None:
    """``/healthz``: the process answers. ``/readyz``: the database does too, asked over a connection of its own."""

    async def alive() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    def ready() -> JSONResponse:
        try:
            with connect(settings.database) as conn:
                site, changed_at = site_info(conn, settings.site), latest_change(conn, settings.site)
        except (psycopg.Error, UnknownSiteError) as error:
            return JSONResponse({"database": "no answer", "reason": str(no_answer(error))}, status_code=503)
        received_at = changed_at.isoformat() if changed_at else None
        return JSONResponse({"database": "answers", "site": site.code, "received_at": received_at})

    server.add_api_route(HEALTH_PATH, alive, methods=["GET"], include_in_schema=False)
    server.add_api_route(READY_PATH, ready, methods=["GET"], include_in_schema=False)
