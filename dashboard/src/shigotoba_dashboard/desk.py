"""Where changes arrive over HTTP, and where one signs out.

Responsible for reading forms within limits and for saying refusals. Refuses to decide (see ``house``) and to know what
is changed.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.texts import texts_in
from shigotoba_dashboard.changes import ChangeRefusedError
from shigotoba_dashboard.feed import NoAnswerError
from shigotoba_dashboard.guard import Admission
from shigotoba_dashboard.house import House, NoSuchPageError, NotForYouError, Sent
from shigotoba_dashboard.paths import BASE_PATH, CHANGES_PATH, SIGN_OUT_PATH
from shigotoba_dashboard.threads import for_page
from shigotoba_dashboard.visitors import Visitor, current_visitor
from shigotoba_dashboard.words import language_of, words_in

#: A scanned floor at a useful size stays far below; see ``floorplans.pictures``.
_LARGEST_BYTES: Final = 12_000_000
_LARGEST_FIELD: Final = 4_000_000
_MOST_FIELDS: Final = 2_000


def add_changes(server: FastAPI, house: House) -> None:
    """``changes/<page>/<name>`` takes what a form sends, and answers in words."""

    async def take(page: str, name: str, request: Request) -> JSONResponse:
        if int(request.headers.get("content-length") or _LARGEST_BYTES + 1) > _LARGEST_BYTES:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return JSONResponse({"told": f"More than {_LARGEST_BYTES // 1_000_000} MB."}, status)
        sent = await _read(request)
        return await for_page(_answer, house, (page, name), sent, current_visitor())

    path = f"{CHANGES_PATH}{{page:path}}/{{name}}"
    server.add_api_route(path, take, methods=["POST"], include_in_schema=False)


async def _read(request: Request) -> Sent:
    async with request.form(max_fields=_MOST_FIELDS, max_files=4, max_part_size=_LARGEST_FIELD) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        uploads = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
        files = {name: content for name, upload in uploads if (content := await upload.read())}
        fields |= {f"{name}_name": upload.filename or "" for name, upload in uploads}
    return Sent(fields, files, request.state.request_id)


def _answer(house: House, wanted: tuple[str, str], sent: Sent, visitor: Visitor) -> JSONResponse:
    language = language_of(sent.fields.get("lang"))
    words = words_in(language)
    visitor.used()
    try:
        done = house.change(*wanted, sent, visitor)
    except NoSuchPageError:
        return _told(words.say("There is no such page"), HTTPStatus.NOT_FOUND)
    except NotForYouError:
        told = words.say("Your roles do not include this. Sign in, or ask your site's administrator for the role.")
        return _told(told, HTTPStatus.UNAUTHORIZED if visitor.person_id is None else HTTPStatus.FORBIDDEN)
    except ChangeRefusedError as refused:
        return _told(str(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    except ProblemError as problem:
        return _told(sentence(texts_in(language), problem.code, problem.facts), HTTPStatus(problem.status))
    except NoAnswerError:
        told = words.say("The database does not answer, so nothing was changed. Try again.")
        return _told(told, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"told": done.told, "address": done.address})


def _told(text: str, status: HTTPStatus) -> JSONResponse:
    return JSONResponse({"told": text}, status)


def add_leaving(server: FastAPI, admission: Admission) -> None:
    """``sign-out`` ends the session, in the web app too: it is the same."""

    def leave(request: Request) -> Response:
        try:
            cookie = admission.leave(request)
        except NoAnswerError as error:
            return PlainTextResponse(f"The database gives no answer: {error}.\n", HTTPStatus.SERVICE_UNAVAILABLE)
        return RedirectResponse(BASE_PATH, HTTPStatus.SEE_OTHER, {"Set-Cookie": cookie})

    server.add_api_route(SIGN_OUT_PATH, leave, methods=["POST"], include_in_schema=False)
