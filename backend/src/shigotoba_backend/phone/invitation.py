"""The page behind an invitation: choose a password, and be signed in.

Responsible for the form. Refuses to make invitations (see ``accounts.invitations``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import psycopg
from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from shigotoba_backend.accounts.invitations import InvitationError, accept, invited
from shigotoba_backend.accounts.passwords import LONGEST, SHORTEST, PasswordError
from shigotoba_backend.accounts.people import Person
from shigotoba_backend.api.asking import Db, Now, actor_of
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS, sentence
from shigotoba_backend.phone.entering import welcome
from shigotoba_backend.phone.rendering import open_page
from shigotoba_backend.texts import message

router = APIRouter(prefix="/invitation")

REASONS["no_invitation"] = message(
    "This invitation was used, replaced or is too old. Ask your administrator for a new one."
)
REASONS["passwords_differ"] = message("The two passwords differ. Type them again.")

Secret = Annotated[str, Path(max_length=100)]
Password = Annotated[str, Form(max_length=LONGEST, pattern=r"^[^\x00]*$")]


@router.get("/{secret}")
def ask(request: Request, conn: Db, now: Now, secret: Secret) -> Response:
    """The form."""
    return _form(request, _invited(conn, secret, now))


@router.post("/{secret}")
def answer(request: Request, conn: Db, now: Now, secret: Secret, password: Password, again: Password) -> Response:
    """Takes the password and begins a session."""
    person = _invited(conn, secret, now)
    if password != again:
        return _form(request, person, "passwords_differ")
    try:
        accept(conn, secret, password, actor_of(request, person), now)
    except PasswordError:
        return _form(request, person, "password_too_easy")
    return welcome(request, conn, person, "/")


def _invited(conn: psycopg.Connection, secret: str, now: datetime) -> Person:
    try:
        return invited(conn, secret, now)
    except InvitationError as error:
        raise ProblemError(404, "no_invitation") from error


def _form(request: Request, person: Person, why: str = "") -> Response:
    told = sentence(texts_for(request), why, {}) if why else ""
    status = 422 if why else 200
    return open_page(request, "invitation.html", status, person=person, told=told, shortest=SHORTEST)
