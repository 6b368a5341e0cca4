"""Signing in and out, and the language.

Responsible for these forms and the cookies they set. Refuses to check a password itself (see ``accounts``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import psycopg
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from shigotoba_backend.accounts import keeping, sessions
from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.people import Person
from shigotoba_backend.accounts.sign_in import Attempt, WaitError, WrongPasswordError, me, sign_in
from shigotoba_backend.api.asking import (
    Asking,
    Db,
    Now,
    Somebody,
    actor_of,
    address_of,
    services_of,
    too_many,
)
from shigotoba_backend.api.cookies import SESSION_LIFE, language_cookie, no_session_cookie, session_cookie
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.phone.rendering import open_page, seen
from shigotoba_backend.texts import message

router = APIRouter()

Path = Annotated[str, Query(alias="back", max_length=500)]
SentPath = Annotated[str, Form(alias="back", max_length=500)]
Typed = Annotated[str, Form(max_length=300, pattern=r"^[^\x00]*$")]


def own_path(text: str) -> str:
    """A path of ours; the first page for anything that could lead elsewhere."""
    ours = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if ours else "/"


def welcome(request: Request, conn: psycopg.Connection, person: Person, back_to: str) -> Response:
    """Begins a session and shows the page that was wanted."""
    services = services_of(request)
    settings = services.settings
    hours = settings.powerful_session_h if person.powerful else settings.session_absolute_h
    secret = sessions.begin(conn, person.person_id, timedelta(hours=hours), services.clock())
    request.state.cookies.append(session_cookie(settings, secret, SESSION_LIFE))
    return seen(own_path(back_to))


@router.get("/sign-in")
def ask(request: Request, person: Somebody, back_to: Path = "/", sent: bool = False) -> Response:
    """The form; somebody who is signed in has no need of it. Whoever had sent another one is told that it was lost."""
    lost = message("You had been signed out, so what you sent was not done. Sign in and do it again.")
    told = texts_for(request).say(lost) if sent else ""
    return seen(own_path(back_to)) if person else _form(request, back_to, told)


@router.post("/sign-in")
def answer(request: Request, conn: Db, now: Now, login: Typed, password: Typed, back_to: SentPath = "/") -> Response:
    """Checks the password."""
    try:
        attempt = Attempt(login, password, address_of(request))
        person = sign_in(conn, attempt, actor_of(request, None), now)
    except WrongPasswordError:
        return _refused(request, back_to, ProblemError(401, "wrong_password"), login)
    except WaitError as wait:
        return _refused(request, back_to, too_many(wait.wait.total_seconds(), "wait_before_signing_in"), login)
    return welcome(request, conn, person, back_to)


@router.get("/dashboard/{page:path}")
def to_dashboard(request: Request, page: str) -> Response:
    """Where the dashboard has an address of its own: somebody comes back from signing in for it."""
    there = services_of(request).settings.dashboard_url
    if not there:
        raise ProblemError(404, "not_found")
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{there.rstrip('/')}/dashboard/{page}{query}", 303)


@router.post("/sign-out")
def leave(request: Request, conn: Db, person: Somebody, session: Asking) -> Response:
    """Ends the session."""
    if session and person:
        sessions.end(conn, session.digest)
        record(conn, actor_of(request, person), Deed("session.end", me(person)))
    request.state.cookies.append(no_session_cookie(services_of(request).settings))
    return seen("/sign-in")


@router.post("/language")
def speak(
    request: Request,
    conn: Db,
    person: Somebody,
    language: Annotated[Literal["ja", "en"], Form()],
    back_to: SentPath = "/",
) -> Response:
    """Remembers the language, for this browser and for messages."""
    if person:
        keeping.set_language(conn, person.person_id, language)
    request.state.cookies.append(language_cookie(services_of(request).settings, language))
    return seen(own_path(back_to))


def _refused(request: Request, back_to: str, problem: ProblemError, login: str) -> Response:
    told = sentence(texts_for(request), problem.code, problem.facts)
    return _form(request, back_to, told, login, problem.status)


def _form(request: Request, back_to: str, told: str, login: str = "", status: int = 200) -> Response:
    settings = services_of(request).settings
    provider = settings.openid.name if settings.openid else ""
    values = {"told": told, "back_to": own_path(back_to), "login": login, "provider": provider}
    return open_page(request, "sign_in.html", status, **values)
