"""The HTTP application over a test's database, and people to knock at its doors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from fastapi import FastAPI
from starlette.testclient import TestClient

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.api.app import assemble, build, services_for
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.settings import Broker

Clock = Callable[[], datetime]

_idle: Final[defaultdict[bool, list[FastAPI]]] = defaultdict(list)
"""Applications of closed doors, by whether they are for HTTPS."""


def present() -> datetime:
    return datetime.now(UTC)


def application(database: str, settings: WebSettings | None = None, clock: Clock = present) -> FastAPI:
    """The application as the process ``api`` builds it."""
    return build(_backend(database, settings), clock)


def _backend(database: str, settings: WebSettings | None) -> BackendSettings:
    web = settings or WebSettings(public_url="http://testserver")
    return BackendSettings(database, Broker("localhost", 1883), web=web)


def _borrowed(settings: BackendSettings, clock: Clock) -> FastAPI:
    """An application that no other doors have now: FastAPI's first answer takes it most of a second to prepare."""
    services = services_for(settings, clock)
    idle = _idle[settings.web.secure]
    if not idle:
        return assemble(services)
    app = idle.pop()
    app.state.services = services
    return app


@contextmanager
def borrowed(database: str, settings: WebSettings, clock: Clock = present) -> Generator[FastAPI]:
    """The application, for whoever serves it; the next one goes on with it."""
    backend = _backend(database, settings)
    app = _borrowed(backend, clock)
    yield app
    _idle[backend.web.secure].append(app)


class Doors:
    """The application, and ways to come in.

    ``at`` is what the application takes for the present; a test may move it.
    The application serves other tests later: whoever adds a route takes one of ``application``'s instead.
    """

    def __init__(self, conn: psycopg.Connection, settings: WebSettings | None = None) -> None:
        self.conn = conn
        self.at = present()
        self.app = _borrowed(_backend(conn.info.dsn, settings), lambda: self.at)
        self._others: list[Doors] = []

    def again(self, settings: WebSettings) -> Doors:
        """The same database behind other settings."""
        self._others.append(Doors(self.conn, settings))
        return self._others[-1]

    def close(self) -> None:
        for doors in (self, *self._others):
            doors.app.state.services.pool.close()
            _idle[doors.app.state.services.settings.secure].append(doors.app)

    def stranger(self) -> TestClient:
        """Somebody who is not signed in."""
        return TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)

    def person(self, login: str, *roles: Role, site: str | None = None, home_site: str | None = None) -> int:
        """Somebody with an account, made if there is none; the number."""
        known = person_by_login(self.conn, login, self.at)
        if known:
            return known.person_id
        began = self.at - timedelta(days=1)
        grants = tuple(Grant(role, site) for role in roles)
        return create_person(self.conn, NewPerson(login, login.title(), home_site, grants=grants), COMMAND, began)

    def signed_in(self, login: str, *roles: Role, site: str | None = None, home_site: str | None = None) -> TestClient:
        """The same person at the door, with a program's token."""
        person_id = self.person(login, *(roles or (Role.STAFF,)), site=site, home_site=home_site)
        secret = sessions.begin_token(self.conn, person_id, "test", timedelta(days=900), self.at)
        client = self.stranger()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    def browser(self, login: str, *roles: Role, site: str | None = None, home_site: str | None = None) -> TestClient:
        """The same person with a browser's cookie."""
        person_id = self.person(login, *(roles or (Role.STAFF,)), site=site, home_site=home_site)
        client = self.stranger()
        client.cookies.set("session", sessions.begin(self.conn, person_id, timedelta(days=900), self.at))
        client.headers["Sec-Fetch-Site"] = "same-origin"
        return client
