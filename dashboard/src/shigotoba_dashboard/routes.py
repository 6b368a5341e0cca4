"""The wiring between the address bar and the house, and the way out for files.

Responsible for the callbacks of navigation and for ``files/``. They are coroutines that work in a thread, because
Dash's FastAPI backend runs plain functions on the event loop itself. Refuses to draw and to ask.
"""

# Dash does not say what its callbacks take and give back.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import ClientsideFunction, Dash, Input, Output, State
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from shigotoba_dashboard.feed import NoAnswerError
from shigotoba_dashboard.files import KINDS
from shigotoba_dashboard.filters import Filters, asked_in
from shigotoba_dashboard.frame import FURNISHED, Drawn, furniture
from shigotoba_dashboard.house import House, NoSuchPageError, NotForYouError, find
from shigotoba_dashboard.paths import BASE_PATH, FILES_PATH
from shigotoba_dashboard.threads import for_page
from shigotoba_dashboard.visitors import Visitor, current_visitor
from shigotoba_dashboard.words import language_of, words_in
from shigotoba_dashboard.written import written


def add_navigation(app: Dash, house: House) -> None:
    """The address leads to a page."""

    async def enter(_entered: object, search: str | None) -> tuple[Any, ...]:
        language = language_of(asked_in(search).get("lang"))
        return *furniture(words_in(language)), language

    def show_written(pathname: str | None, search: str | None, visitor: Visitor) -> tuple[Drawn, Any, Any]:
        visitor.used()
        drawn = house.show(pathname, search, visitor)
        return drawn, written(drawn.menu), written(drawn.content)

    async def show(pathname: str | None, search: str | None, _again: int | None) -> tuple[Any, ...]:
        drawn, menu, content = await for_page(show_written, pathname, search, current_visitor())
        return menu, content, drawn.title, drawn.site, not drawn.again

    furnished = [Output(part, "children") for part in FURNISHED]
    app.callback(*furnished, Output("language", "data"), Input("entered", "data"), State("address", "search"))(enter)
    app.callback(
        Output("menu", "children"),
        Output("page", "children"),
        Output("document-title", "data"),
        Output("site", "data"),
        Output("again", "disabled"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("again", "n_intervals"),
        running=[(Output("waiting", "hidden"), False, True)],
    )(show)
    app.clientside_callback(
        ClientsideFunction("house", "follow"), Output("followed", "data"), Input("document-title", "data")
    )


def _days(path: str, filters: Filters) -> str:
    """What days a file is about: those of the period, today where the page is about the present."""
    if {"period", "year"}.isdisjoint(find(f"{BASE_PATH}{path}").filters):
        return (filters.get("day") or str(filters.today)).replace("-", "")
    return f"{filters.elapsed.first:%Y%m%d}-{filters.elapsed.last:%Y%m%d}"


def add_files(server: FastAPI, house: House) -> None:
    """``files/<page>/<table>.<kind>?<filters>`` is a table of a page as a file."""

    def give(page: str, name: str, request: Request) -> Response:
        key, _, kind = name.partition(".")
        path = "" if page == "overview" else page
        current_visitor().used()
        if kind not in KINDS:
            return PlainTextResponse(f"No kind of file is called {kind!r}. There are: {', '.join(KINDS)}.\n", 404)
        try:
            filters, records = house.records(path, request.url.query, key, current_visitor())
            house.note_export(f"{page}/{name}", filters, request.state.request_id)
        except NoSuchPageError:
            return PlainTextResponse(f"There is no table {key!r} on a page {page!r}.\n", 404)
        except NotForYouError:
            return PlainTextResponse("Your roles do not include taking figures home.\n", 403)
        except NoAnswerError as error:
            return PlainTextResponse(f"The database gives no answer: {error}.\n", 503)
        file_name = f"{filters.site}-{records.key}-{_days(path, filters)}.{kind.removeprefix('excel.')}"
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}",
            "Cache-Control": "no-store",
        }
        return Response(KINDS[kind].make(records), media_type=KINDS[kind].media_type, headers=headers)

    server.add_api_route(f"{FILES_PATH}{{page:path}}/{{name}}", give, methods=["GET"], include_in_schema=False)
