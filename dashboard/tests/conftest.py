"""An office with a day behind it, in a real database, and a dashboard that shows it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import msgspec
import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.app import build
from shigotoba_dashboard.feed import connect, connect_to_change
from shigotoba_dashboard.house import House
from shigotoba_dashboard.settings import Settings
from shigotoba_sim.building import building, site_file
from shigotoba_testing.desk import chromium, visit
from shigotoba_testing.waiting import until

SCENES = Path(__file__).parent / "scenes"

Serve = Callable[..., AbstractContextManager[str]]


@dataclass(frozen=True)
class Office:
    """A site in a database.

    Attributes:
        database: Conninfo.
        site: Its code.
        now: The moment at which its day stands: Friday, 20 November 2026, 10:37:05 in Japan.
    """

    database: str
    site: str = "honcho"
    now: datetime = datetime(2026, 11, 20, 1, 37, 5, tzinfo=UTC)

    def play(self, scene: str, **values: object) -> None:
        """Runs a scene, a file of statements, in one transaction."""
        script = (SCENES / f"{scene}.sql").read_bytes()
        with psycopg.connect(self.database, cursor_factory=psycopg.ClientCursor) as conn:
            conn.execute(script, {"now": self.now, **values})

    @contextmanager
    def away(self) -> Iterator[None]:
        """Takes the database away: nobody may connect, and whoever was connected is cut off."""
        name = conninfo_to_dict(self.database)["dbname"]
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        with psycopg.connect(make_conninfo(self.database, dbname="postgres"), autocommit=True) as conn:
            conn.execute(allow.format(sql.Identifier(str(name)), sql.SQL("false")))
            conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                yield
            finally:
                conn.execute(allow.format(sql.Identifier(str(name)), sql.SQL("true")))


def set_up(office: Office) -> Office:
    """The site, and nothing heard from it."""
    described = site_file(building(seed=7, site=office.site, gateway="gw-1"), date(2026, 10, 21))
    with psycopg.connect(office.database, autocommit=True) as conn:
        import_site(conn, msgspec.convert(described, SiteFile))
    return office


@pytest.fixture
def bare_office(empty_database: str) -> Office:
    """Nothing has been set up yet, not even the schema."""
    return Office(empty_database)


@pytest.fixture
def empty_office(database: str) -> Office:
    """The site has been set up, and nothing has been heard from it."""
    return set_up(Office(database))


@pytest.fixture
def office(empty_office: Office) -> Office:
    """A day's data up to now."""
    empty_office.play("a_day")
    return empty_office


@pytest.fixture(scope="module")
def settled_office(fresh_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Office]:
    """Five weeks up to now, for tests that only look; one for a whole file."""
    with fresh_database() as database:
        office = set_up(Office(database))
        office.play("a_day")
        office.play("some_weeks")
        yield office


@pytest.fixture(scope="module")
def settled_house(settled_office: Office) -> Iterator[House]:
    """The house over ``settled_office``, without a server."""
    answers = Answers(partial(connect, settled_office.database))
    desk = Answers(partial(connect_to_change, settled_office.database))
    yield House(settled_office.site, answers, desk, lambda: settled_office.now)
    answers.close()
    desk.close()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Runs a dashboard of an office, whose clock stands still, on a port of choice; gives its address."""

    @contextmanager
    def running(office: Office, port: int = 0, settings: Settings | None = None) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", port)) as listening:
            app = build(settings or Settings(office.database, office.site), clock=lambda: office.now)
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                until(lambda: server.started, what="the start of the dashboard")
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()
                for connections in app.state.connections:
                    connections.close()

    return running


@pytest.fixture
def dashboard(office: Office, serve: Serve) -> Iterator[str]:
    """The address of a dashboard of ``office``."""
    with serve(office) as address:
        yield address


@pytest.fixture(scope="module")
def settled_dashboard(settled_office: Office, serve: Serve) -> Iterator[str]:
    """The address of a dashboard of ``settled_office``, for tests that only look."""
    with serve(settled_office) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a whole file."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a visitor who was never here."""
    with visit(browser) as context:
        yield context.new_page()
