"""An office with eight booths, the phone app over HTTP, and people with phones of 360 pixels.

The application is the one the process ``api`` builds; its present is a Friday morning and moves when a test says so.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.values import Asker, Book, Booking
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_sim.building import building, site_file
from shigotoba_testing.waiting import until
from shigotoba_testing.web import borrowed

FRIDAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
"""10:30 in Japan."""

PATIENCE_MS = 120_000
"""So long may a page take on a machine that does a lot beside."""

expect.set_options(timeout=PATIENCE_MS)

BOOTHS = tuple(f"{floor}-b{number}" for floor in ("3f", "4f") for number in range(1, 5))


class PhoneOffice:
    """The office; ``now`` is what everybody takes for the present."""

    def __init__(self, conn: psycopg.Connection, address: str) -> None:
        self.conn = conn
        self.address = address
        self.now = FRIDAY
        self.people: dict[str, int] = {}

    def clock(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def person(self, login: str, name: str, role: Role = Role.STAFF) -> int:
        if login not in self.people:
            new = NewPerson(login, name, "honcho", grants=(Grant(role),))
            self.people[login] = create_person(self.conn, new, COMMAND, FRIDAY - timedelta(days=1))
        return self.people[login]

    def book(self, login: str, booth: str, start_min: float, length_min: float) -> Booking:
        """A booking that begins ``start_min`` minutes from now."""
        begins = self.now + timedelta(minutes=start_min)
        wish = Book("honcho", booth, begins, begins + timedelta(minutes=length_min))
        return book(self.conn, Asker(self.people[login]), wish, self.now)

    def bookings(self) -> list[tuple[Any, ...]]:
        query = "SELECT booth, state, owner_id FROM shigotoba.bookings_at_v1(%s) ORDER BY made_at, booth"
        return self.conn.execute(query, [self.now]).fetchall()

    def phone(self, browser: Browser, login: str, **wishes: Any) -> BrowserContext:
        """A phone on which somebody is signed in; another Playwright setting may be wished."""
        context = self.strange_phone(browser, **wishes)
        secret = sessions.begin(self.conn, self.people[login], timedelta(days=30), self.now)
        context.add_cookies([{"name": "session", "value": secret, "url": self.address}])
        return context

    def strange_phone(self, browser: Browser, **wishes: Any) -> BrowserContext:
        """A phone on which nobody is signed in."""
        settings: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "ja-JP", "has_touch": True}
        context = browser.new_context(**(settings | wishes), base_url=self.address)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def page(self, browser: Browser, login: str, path: str = "/", **wishes: Any) -> Page:
        page = self.phone(browser, login, **wishes).new_page()
        page.goto(path)
        return page


@contextmanager
def phone_office(database: str) -> Generator[PhoneOffice]:
    """The office over a database with nothing in it but the schema, serving."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with psycopg.connect(database, autocommit=True) as conn:
        described = site_file(building(seed=7, site="honcho", gateway="gw-1"), date(2026, 10, 21))
        import_site(conn, msgspec.convert(described, SiteFile))
        office = PhoneOffice(conn, address)
        office.person("sato", "佐藤 花子")
        office.person("suzuki", "鈴木 一郎")
        with borrowed(database, WebSettings(public_url=address), office.clock) as app, _serving(app, listening):
            yield office


@contextmanager
def _serving(app: FastAPI, listening: socket.socket) -> Generator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until(lambda: server.started, what="the application")
    yield
    app.state.services.changes.close()
    server.should_exit = True
    thread.join()
