"""Whole datasets as files, made by the backend's exports, for whoever may take figures home.

They are the API's own files: the same rows, the same dictionary, the same line in the audit log. Responsible for the
way out over HTTP. Refuses to make rows.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, get_args

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from shigotoba_backend.exports.datasets import DATASETS, Asked
from shigotoba_backend.exports.dictionary import Facts
from shigotoba_backend.exports.formats import Form
from shigotoba_backend.exports.making import TooLongError, dictionary, export
from shigotoba_backend.exports.workbook import TooManyRowsError
from shigotoba_backend.imports.catalogue import SERIES
from shigotoba_backend.imports.desk import blank_form
from shigotoba_backend.read.sites import organisation_of
from shigotoba_dashboard.changes import actor_of
from shigotoba_dashboard.feed import NoAnswerError
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.house import House, NotForYouError
from shigotoba_dashboard.paths import DATASETS_PATH, FORMS_PATH
from shigotoba_dashboard.visitors import current_visitor

_FORMS: Final[dict[str, Form]] = {form: form for form in get_args(Form)}

Made = tuple[str, str, bytes]


def add_datasets(server: FastAPI, house: House) -> None:
    """``files/datasets/<dataset>/<form>?<filters>`` is a dataset of the period; ``dictionary`` says what it means."""

    def give(dataset: str, form: str, request: Request) -> Response:
        current_visitor().used()
        make = _maker(dataset, form, request.state.request_id)
        if make is None:
            return PlainTextResponse(f"There is no dataset {dataset!r} as {form!r}.\n", HTTPStatus.NOT_FOUND)
        try:
            name, media_type, data = house.take("data", request.url.query, current_visitor(), make)
        except NotForYouError:
            return PlainTextResponse("Your roles do not include taking figures home.\n", HTTPStatus.FORBIDDEN)
        except (TooLongError, TooManyRowsError) as error:
            return PlainTextResponse(f"{error}\n", HTTPStatus.UNPROCESSABLE_ENTITY)
        except NoAnswerError as error:
            text = f"The database gives no answer: {error}.\n"
            return PlainTextResponse(text, HTTPStatus.SERVICE_UNAVAILABLE)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(data, media_type=media_type, headers=headers)

    server.add_api_route(f"{DATASETS_PATH}{{dataset}}/{{form}}", give, methods=["GET"], include_in_schema=False)
    server.add_api_route(f"{FORMS_PATH}{{series}}", _blank, methods=["GET"], include_in_schema=False)


def _blank(series: str) -> Response:
    """A form to fill in; it holds nobody's figures, so it is anybody's."""
    if series not in SERIES:
        return PlainTextResponse(f"There is no series {series!r}.\n", HTTPStatus.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="{series}.csv"'}
    return Response(blank_form(SERIES[series]).encode("utf-8-sig"), media_type="text/csv", headers=headers)


def _maker(dataset: str, form: str, request_id: str) -> Callable[[psycopg.Connection, Filters], Made] | None:
    if dataset not in DATASETS:
        return None
    if form == "dictionary":
        return lambda conn, filters: _described(conn, dataset, filters)
    chosen = _FORMS.get(form)
    return (lambda conn, filters: _made(conn, dataset, chosen, (filters, request_id))) if chosen else None


def _made(conn: psycopg.Connection, dataset: str, form: Form, of: tuple[Filters, str]) -> Made:
    filters, request_id = of
    asked = Asked(
        organisation=organisation_of(conn, filters.site),
        site=filters.site,
        first=filters.elapsed.first,
        last=filters.elapsed.last,
        now=filters.at,
    )
    with TemporaryDirectory(prefix="shigotoba-export-") as room:
        made = export(conn, dataset, form, asked, actor_of(filters.visitor.person_id, request_id), Path(room))
        return made.name, made.made.media_type, made.path.read_bytes()


def _described(conn: psycopg.Connection, dataset: str, filters: Filters) -> Made:
    """What each column means, for Excel."""
    layout = DATASETS[dataset].layout
    facts = Facts(organisation_of(conn, filters.site), filters.at, "UTF-8", True, "")
    with TemporaryDirectory(prefix="shigotoba-export-") as room:
        path = Path(room) / "dictionary"
        made = dictionary("columns", "csv-bom", layout, facts, path)
        return f"{dataset}_columns{made.suffix}", made.media_type, path.read_bytes()
