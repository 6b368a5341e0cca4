"""An office with a day behind it, in a real database, and a dashboard that shows it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest
import uvicorn

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_dashboard.app import build
from shigotoba_dashboard.settings import Settings
from shigotoba_sim.building import building, site_file

SITE = "honcho"
#: Friday, 20 November 2026, 10:37:05 in Japan.
NOW = datetime(2026, 11, 20, 1, 37, 5, tzinfo=UTC)
SCENES = Path(__file__).parent / "scenes"
PATIENCE_S = 20.0


def play(database: str, scene: str, **values: object) -> None:
    """Runs a scene, a file of statements, in one transaction."""
    script = (SCENES / f"{scene}.sql").read_bytes()
    with psycopg.connect(database, cursor_factory=psycopg.ClientCursor) as conn:
        conn.execute(script, values)


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Waits until ``holds``, and fails with ``what`` when it does not become so."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"still not so after {PATIENCE_S} s: {what}")
        threading.Event().wait(0.05)


@pytest.fixture
def empty_office(database: str) -> str:
    """Conninfo of a database with the site in it, from which nothing has been heard."""
    described = site_file(building(seed=7, site=SITE, gateway="gw-1"), date(2026, 10, 21))
    with psycopg.connect(database, autocommit=True) as conn:
        migrate(conn, shipped())
        import_site(conn, msgspec.convert(described, SiteFile))
    return database


@pytest.fixture
def office(empty_office: str) -> str:
    """Conninfo of a database with a day's data up to ``NOW``."""
    play(empty_office, "a_day", now=NOW)
    return empty_office


@contextmanager
def serving(database: str) -> Iterator[str]:
    """The address of a dashboard whose clock stands at ``NOW``."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = build(Settings(database=database, site=SITE, port=port), clock=lambda: NOW)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        eventually(lambda: server.started, "the dashboard has started")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def dashboard(office: str) -> Iterator[str]:
    """The address of a dashboard of ``office``."""
    with serving(office) as address:
        yield address
