"""Errors as ``application/problem+json`` (RFC 9457), each with a code for programs and a sentence for people.

Responsible for the shape of an error and for turning exceptions into it. Refuses to write sentences (see ``reasons``).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.store.connection import StoreUnavailableError, first_line

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:shigotoba:problem:"
_CODES: Final = {401: "not_signed_in", 403: "not_permitted", 404: "not_found", 405: "wrong_method", 413: "too_large"}
_FAULTS: Final = 500

Facts = Mapping[str, object]

SCHEMA: Final[Mapping[str, Any]] = {
    "title": "Problem",
    "description": "Why something was not done (RFC 9457); what each code means is in docs/errors.md.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "facts", "alternatives", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "For people, in their language"},
        "code": {"type": "string", "description": "For programs; it never changes"},
        "facts": {"type": "object", "description": "Values of the case"},
        "alternatives": {"type": "array", "items": {"type": "object"}, "description": "What could be had instead"},
        "instance": {"type": "string"},
        "request_id": {"type": "string", "description": "To find it in the log"},
    },
}
"""An error's body, for the description of the API."""

_CONTENT: Final = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "Refused, and why", "content": _CONTENT},
    "5XX": {"description": "Not possible at this moment", "content": _CONTENT},
}
"""How every endpoint under ``/api/`` answers what it does not do."""
PAGES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": answer["description"], "content": {"text/html": {}}} for status, answer in ANSWERS.items()
}
"""How everything else does."""


class ProblemError(Exception):
    """A request that is answered with an error.

    Attributes:
        status: HTTP status.
        code: What happened, for programs; it never changes.
        facts: Values of the case, JSON-able; the sentence for people may name them in braces.
        alternatives: What could be asked for instead, JSON-able.
        headers: To go with the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        facts: Facts | None = None,
        alternatives: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.facts = dict(facts or {})
        self.alternatives = [dict(each) for each in alternatives]
        self.headers = dict(headers or {})


def problem_response(request: Request, problem: ProblemError) -> Response:
    """The answer to a program."""
    texts = texts_for(request)
    body = {
        "type": _TYPE + problem.code,
        "title": texts.say(HTTPStatus(problem.status).phrase),
        "status": problem.status,
        "detail": sentence(texts, problem.code, problem.facts),
        "code": problem.code,
        "facts": problem.facts,
        "alternatives": problem.alternatives,
        "instance": request.url.path,
        "request_id": request.state.request_id,
    }
    return JSONResponse(body, problem.status, problem.headers, MEDIA_TYPE)


def as_problem(error: Exception) -> ProblemError:
    """What ``error`` is to whoever asked; anything unknown is our fault."""
    match error:
        case ProblemError():
            return error
        case RequestValidationError():
            return ProblemError(422, "not_understood", {"errors": [_place(each) for each in error.errors()]})
        case HTTPException():
            return ProblemError(error.status_code, _CODES.get(error.status_code, "refused"), headers=error.headers)
        case StoreUnavailableError() | psycopg.OperationalError():
            return ProblemError(503, "no_database", headers={"Retry-After": "2"})
        case psycopg.DataError():
            return ProblemError(422, "not_storable", {"reason": first_line(error)})
        case _:
            return ProblemError(_FAULTS, "our_fault")


def _place(error: Mapping[str, Any]) -> dict[str, str]:
    return {"where": ".".join(str(part) for part in error["loc"]), "what": str(error["msg"])}


KINDS: Final[tuple[type[Exception], ...]] = (
    ProblemError,
    RequestValidationError,
    HTTPException,
    StoreUnavailableError,
    psycopg.OperationalError,
    psycopg.DataError,
)
"""Exceptions that are foreseen."""


def note(request: Request, error: Exception, problem: ProblemError) -> None:
    """Puts into the log what is not the asker's doing; the request's number is with every line that comes of it."""
    if problem.status == _FAULTS:
        log.error("%s %s failed", request.method, place_of(request.scope), exc_info=error)
    elif problem.code in {"no_database", "not_storable"}:
        log.warning("%s %s: %s", request.method, place_of(request.scope), error)


def place_of(scope: Scope) -> str:
    """The address as its route is written; what stands for a name in it may be a secret, and is not told."""
    return getattr(scope.get("route"), "path", "unknown")


class Faults:
    """Answers what no handler foresaw, inside everything that dresses answers and numbers requests."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            response = await self._answer(Request(scope), error)
            await response(scope, receive, send)


def add_problems(app: FastAPI, page: Any) -> None:
    """Lets ``app`` answer errors: as JSON under ``/api/``, elsewhere as ``page(request, problem)`` makes them."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = as_problem(error)
        note(request, error, problem)
        return problem_response(request, problem) if request.url.path.startswith("/api/") else page(request, problem)

    for kind in KINDS:
        app.add_exception_handler(kind, answer)
    app.add_middleware(Faults, answer=answer)
