"""Who asks: the session's cookie of the web app, looked up before anything else happens.

Everything that is served passes here: pages, the questions that pages ask by themselves, files, changes. Responsible
for finding the visitor, for requests that another site's page sends in their name, and for leaving. Refuses to decide
what a visitor may see (each page says what it needs), and to take passwords: one signs in at the web app.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import quote

import psycopg
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.people import Person, person_by_id
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.cookies import SESSION_LIFE, no_session_cookie, session_cookie, session_secret
from shigotoba_backend.api.settings import WebSettings
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.changes import actor_of
from shigotoba_dashboard.feed import NoAnswerError
from shigotoba_dashboard.paths import BASE_PATH, SIGN_OUT_PATH
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.threads import for_beat
from shigotoba_dashboard.visitors import EVERYBODY, SEEN_BEFORE_SIGN_IN, Visitor, set_visitor

_log = logging.getLogger(__name__)

#: A page asks every second; a role that is withdrawn, or a session ended elsewhere, is noticed after this long.
_BELIEVED_FOR_S: Final = 5.0
_REMEMBERED: Final = 1_024


@dataclass(frozen=True)
class Admitted:
    """Somebody who was let in.

    Attributes:
        visitor: Who.
        cookie: What the browser is to remember from now on, if anything.
    """

    visitor: Visitor
    cookie: str | None = None


class Admission:
    """Visitors by the secret that their browser sends.

    Attributes:
        required: Whether nothing is shown without signing in.
        door: Where one signs in, up to the address to come back to; empty where nobody does.

    Args:
        settings: How one signs in.
        desk: The way to the database for who writes.
        clock: The present, aware.
        monotonic: Seconds on a clock that never steps.
    """

    def __init__(
        self,
        settings: Settings,
        desk: Answers,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.required = settings.sign_in == "required"
        self.door = "" if settings.sign_in == "off" else f"{settings.web_url.rstrip('/')}/sign-in?back="
        self._web = WebSettings(public_url=settings.web_url or "https://this-host")
        self._idle = timedelta(hours=settings.session_idle_h)
        self._desk = desk
        self._clock = clock
        self._monotonic = monotonic
        self._known: OrderedDict[str, tuple[float, Visitor]] = OrderedDict()

    async def admit(self, asked: HTTPConnection) -> Admitted:
        """Whoever sent the request."""
        secret = session_secret(asked, self._web) if self.door else None
        if secret is None:
            return Admitted(self._visitor(None))
        known = self._known.get(secret)
        if known is not None and self._monotonic() < known[0]:
            return Admitted(known[1])
        try:
            return await for_beat(self._look_up, secret)
        except NoAnswerError:
            return Admitted(known[1] if known else self._visitor(None))

    def leave(self, asked: HTTPConnection) -> str:
        """Ends the session that came with a request; the cookie that takes it away.

        Raises:
            NoAnswerError: The database is away.
        """
        secret = session_secret(asked, self._web)
        if secret is not None:
            self._desk.ask(lambda conn: self._end(conn, secret))
            self._known.pop(secret, None)
        return no_session_cookie(self._web)

    def _look_up(self, secret: str) -> Admitted:
        session, person = self._desk.ask(lambda conn: self._find(conn, secret))
        visitor = self._visitor(person)
        if session is not None:
            visitor = replace(visitor, used=partial(self._note_use, session))
        self._known[secret] = (self._monotonic() + _BELIEVED_FOR_S, visitor)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        renewed = session.new_secret if session else None
        return Admitted(visitor, session_cookie(self._web, renewed, SESSION_LIFE) if renewed else None)

    def _find(self, conn: psycopg.Connection, secret: str) -> tuple[sessions.Session | None, Person | None]:
        now = self._clock()
        session = sessions.look_up(conn, secret, self._idle, now)
        return session, person_by_id(conn, session.person_id, now) if session else None

    def _note_use(self, session: sessions.Session) -> None:
        # While the database is away nothing can be shown either; the next page that can be is noted.
        with suppress(NoAnswerError):
            self._desk.ask(lambda conn: sessions.note_use(conn, session, self._clock()))

    def _end(self, conn: psycopg.Connection, secret: str) -> None:
        session, person = self._find(conn, secret)
        if session and person:
            sessions.end(conn, session.digest)
            record(conn, actor_of(person.person_id), Deed("session.end", f"person:{person.person_id}"))

    def _visitor(self, person: Person | None) -> Visitor:
        if person is not None:
            open_to_all = frozenset[Action]() if self.required else SEEN_BEFORE_SIGN_IN

            def may(action: Action, site: str | None) -> bool:
                return person.may(action, site) or action in open_to_all

            return Visitor(person.display_name, person.person_id, may, self.door, person.owns)
        if self.required:
            return Visitor("", None, lambda _action, _site: False, self.door)
        if self.door:
            return Visitor("", None, lambda action, _site: action in SEEN_BEFORE_SIGN_IN, self.door)
        return EVERYBODY


class Guard:
    """Notes who asks, and shows the way to the sign-in where nobody may look without."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        admitted = await self._admission.admit(asked)
        set_visitor(admitted.visitor)

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start" and admitted.cookie is not None:
                MutableHeaders(scope=message).append("Set-Cookie", admitted.cookie)
            await send(message)

        if self._admission.required and admitted.visitor.person_id is None and _wants_document(asked):
            query = f"?{asked.url.query}" if asked.url.query else ""
            there = RedirectResponse(admitted.visitor.door + quote(asked.url.path + query), 303)
            await there(scope, receive, send_dressed)
        else:
            await self._app(scope, receive, send_dressed)


def _wants_document(asked: HTTPConnection) -> bool:
    inside = asked.url.path.startswith(BASE_PATH) and asked.url.path != SIGN_OUT_PATH
    return inside and asked.headers.get("sec-fetch-dest", "") == "document"
