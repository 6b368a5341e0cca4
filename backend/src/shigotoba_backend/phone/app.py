"""The phone app as a part of the HTTP application: its pages, its files, its error page.

Responsible for the list of pages. Refuses to render them.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from shigotoba_backend.api.problems import ProblemError

PAGES: Final[tuple[APIRouter, ...]] = ()


def add_phone(app: FastAPI) -> None:
    """Adds the pages to ``app``."""
    for page in PAGES:
        app.include_router(page, include_in_schema=False)


def problem_page(_request: Request, problem: ProblemError) -> Response:
    """An error for a person."""
    return HTMLResponse(problem.code, problem.status, problem.headers)
