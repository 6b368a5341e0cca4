"""Forms as commands of the booking engine, and its refusals as pages with the next best thing on them.

Responsible for reading what a form sends. Refuses any rule: the engine has them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import Response

from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError, problem_response
from shigotoba_backend.api.reasons import SHOWN_IN, sentence
from shigotoba_backend.api.refusals import problem_of
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.once import once
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.values import Book, Booking
from shigotoba_backend.phone.formats import Shown
from shigotoba_backend.phone.here import Here
from shigotoba_backend.phone.rendering import open_page

LENGTHS_MIN: Final = (15, 30, 45, 60, 90, 120)
USUAL_MIN: Final = 30
_NOW: Final = "now"

CODE: Final = r"^[A-Za-z0-9_-]{1,64}$"
KEY: Final = r"^[0-9a-f]{32}$"
WORDS: Final = r"^[^\x00]*$"

Code = Annotated[str, Form(pattern=CODE)]
Key = Annotated[str, Form(pattern=KEY)]
Instant = Annotated[str, Form(max_length=40)]
Minutes = Annotated[int, Form(ge=1, le=24 * 60)]
Words = Annotated[str, Form(max_length=200, pattern=WORDS)]
People = Annotated[int, Form(ge=1, le=100)]
"""Everybody who comes, who books included."""


def take(here: Here, wish: Book, key: str) -> Booking:
    """Books; the same form sent twice makes one booking.

    Raises:
        BookingRefusedError: See ``bookings.making``.
    """
    here.request.state.people = wish.guests + 1
    request = f"{wish.site}/{wish.booth}/{wish.owner_id}/{wish.guests}".encode()
    return once(
        here.conn, (here.person.person_id, key), request, lambda: book(here.conn, here.asker, wish, here.now), here.now
    )


def instant(text: str, here: Here) -> datetime:
    """What a form says is the start: ``now``, or an instant with its offset."""
    if text == _NOW:
        return here.now
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(422, "not_understood") from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(here.site.time_zone))


def local(day: date, clock: time, here: Here) -> datetime:
    """An instant of the site's clock."""
    return datetime.combine(day, clock, ZoneInfo(here.site.time_zone))


async def answer_refusal(request: Request, error: Exception) -> Response:
    """A refusal of the engine: JSON for programs, for people a page that offers what else there is."""
    if not isinstance(error, BookingRefusedError):
        raise error
    problem = problem_of(error)
    if request.url.path.startswith("/api/"):
        return problem_response(request, problem)
    texts = texts_for(request)
    return open_page(
        request,
        "refused.html",
        problem.status,
        told=sentence(texts, problem.code, problem.facts),
        offers=error.alternatives,
        show=Shown(texts, SHOWN_IN, request.app.state.services.clock()),
        site=getattr(request.state, "site", None),
        people=getattr(request.state, "people", 1),
    )
