"""The phone app as a part of the HTTP application: its pages, its files, its error page.

Responsible for the list of pages. Refuses to render them.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from shigotoba_backend.api.asking import Limited
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.phone import (
    booths,
    closures,
    desk,
    door,
    entering,
    finding,
    home,
    invitation,
    live,
    me,
    mine,
    offline,
    openid,
    people,
    rules,
    seats,
    series,
    sheets,
    strikes,
    told,
    waiting,
)
from shigotoba_backend.phone.here import SignInFirstError
from shigotoba_backend.phone.rendering import open_page
from shigotoba_backend.phone.taking import answer_refusal

PAGES: Final[tuple[APIRouter, ...]] = (
    home.router,
    live.router,
    entering.router,
    openid.router,
    finding.router,
    booths.router,
    mine.router,
    series.router,
    waiting.router,
    seats.router,
    me.router,
    people.router,
    strikes.router,
    desk.router,
    closures.router,
    rules.router,
    invitation.router,
    told.router,
    door.router,
    sheets.router,
    offline.router,
)


def add_phone(app: FastAPI) -> None:
    """Adds the pages to ``app``, and where to go for whoever is not signed in."""
    for page in PAGES:
        app.include_router(page, include_in_schema=False, dependencies=[Limited])
    app.add_exception_handler(SignInFirstError, _to_sign_in)
    app.add_exception_handler(BookingRefusedError, answer_refusal)


async def _to_sign_in(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SignInFirstError):
        raise error
    return RedirectResponse(f"/sign-in?back={quote(error.back_to)}{'&sent=1' if error.sent else ''}", 303)


def problem_page(request: Request, problem: ProblemError) -> Response:
    """An error for a person."""
    told = sentence(texts_for(request), problem.code, problem.facts)
    response = open_page(request, "problem.html", problem.status, told=told, request_id=request.state.request_id)
    response.headers.update(problem.headers)
    return response
