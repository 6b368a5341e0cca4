"""Fixtures for every room: a real PostgreSQL and a real broker, embedded, one line to ask for.

``database``: the conninfo of a fresh database with the whole schema, dropped afterwards;
``empty_database``: one without.
They are on the embedded PostgreSQL, or on the server that SHIGOTOBA_TEST_SERVER (a conninfo of a superuser) names,
such as one with TimescaleDB, in whose layout the readings then are.
``broker``: a real broker in its own process, mosquitto where it is installed, else amqtt. A test that demands one says
``@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True)``; without mosquitto it skips and says so.

Responsible for starting and stopping the real things. Refuses to imitate them.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_backend.upkeep.moving import arrange
from shigotoba_standalone import brokers, postgres
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Program, Running
from shigotoba_wire.settings import Broker

EVERYTHING = brokers.User("tester", may_write=["#"], may_read=["#"])
ROOT = Path(__file__).parent
VALUES_ALONE = 2
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a directory of our own in it
ROOMY_BYTES = 6 * 1024**3
THROWN_AWAY = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "256MB"}
_numbers = count(1)
FreshDatabases = Callable[[], AbstractContextManager[str]]

# Whoever runs the tests, in whatever language: errors are compared in English where a test does not say otherwise.
os.environ["SHIGOTOBA_LANG"] = "en"

# A test says what is right, not how fast a busy machine is.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole product first: what takes minutes is not to be what everybody waits for at the end.

    What failed beside other processes is asked once more and named as RERUN: to be looked into, not to stop everybody.
    Neither a test of values alone nor one of what the product promises (nothing lost, nothing double) has that excuse.
    """
    items.sort(key=_weight)
    for item in items:
        if _weight(item) < VALUES_ALONE and not item.get_closest_marker("promise"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """What collecting has made stays to the end: whoever collects garbage need not look through it each time."""
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """A file is run by one worker, as with ``--dist loadfile``, and so is a folder whose tests share a fixture."""
    return _ByFileOrPackage(config, log)


def _weight(item: pytest.Item) -> int:
    names = {mark.name for mark in item.iter_markers()}
    return 0 if "system" in names else 1 if names & {"integration", "browser"} else VALUES_ALONE


class _ByFileOrPackage(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.split("::", 1)[0])
        return str(file.parent if (ROOT / file).with_name("__init__.py").exists() else file)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A command that was run in this process has set up logging, to a terminal that is gone with its test."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session")
def reachable_directory() -> Iterator[Path]:
    """A directory that other accounts may pass through, which pytest's own are not; short, for unix sockets."""
    directory = Path(tempfile.mkdtemp(prefix="shigotoba-test-", dir=MEMORY if _is_roomy(MEMORY) else None))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def _is_roomy(memory: Path) -> bool:
    """Whether tests' databases may lie in memory: a copy is 800 files, ten times the work where there is a journal.

    Programs are run from there too.
    """
    if not (memory.is_dir() and os.access(memory, os.W_OK | os.X_OK)):
        return False
    return not os.statvfs(memory).f_flag & os.ST_NOEXEC and shutil.disk_usage(memory).free >= ROOMY_BYTES


@pytest.fixture(scope="session")
def postgres_cluster(reachable_directory: Path) -> Iterator[postgres.Cluster]:
    """One running embedded PostgreSQL for the whole session; its data is thrown away, so it does not sync."""
    home = reachable_directory / "home"
    home.mkdir()
    cluster = postgres.prepare(postgres.places_for(home), print, ["--no-sync"])
    running = Running(postgres.server(cluster, THROWN_AWAY), home / "postgres.log")
    running.wait_ready()
    yield cluster
    running.stop()


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> str:
    """Conninfo of a superuser on the server whose databases tests may have."""
    server = os.environ.get("SHIGOTOBA_TEST_SERVER")
    if server is None:
        cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
        server = postgres.conninfo(cluster, "postgres")
    return server


@pytest.fixture(scope="session")
def fresh_database(database_server: str) -> Iterator[FreshDatabases]:
    """Makes fresh databases with the whole schema, for fixtures that outlive a test.

    They are copies of one: to migrate each would take longer than most tests.
    """
    with _copy(database_server, "template0") as original:
        with psycopg.connect(original, autocommit=True) as conn:
            migrate(conn, shipped())
            arrange(conn, "auto", print)
        template = str(conninfo_to_dict(original)["dbname"])
        _close_to_all(database_server, template)
        yield lambda: _copy(database_server, template)


def _close_to_all(server: str, name: str) -> None:
    """A database that somebody is in cannot be copied, and TimescaleDB's scheduler goes into each that it may enter.

    Of PostgreSQL's own templates that is template1.
    """
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@contextmanager
def _copy(server: str, template: str) -> Generator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    create = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL(create).format(sql.Identifier(name), sql.Identifier(template)))
        yield make_conninfo(server, dbname=name)
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        try:
            conn.execute(drop)
        except psycopg.errors.ObjectInUse:
            # Citus' own process goes into each database anew.
            _close_to_all(server, name)
            conn.execute(drop)


@pytest.fixture
def database(fresh_database: FreshDatabases) -> Iterator[str]:
    """Conninfo of a fresh database with the whole schema and nothing in it."""
    with fresh_database() as database:
        yield database


@pytest.fixture
def empty_database(database_server: str) -> Iterator[str]:
    """Conninfo of a fresh database without our schema."""
    with _copy(database_server, "template0") as database:
        yield database


@dataclass
class RunningBroker:
    """A broker under test; one user, ``tester``, who may do everything.

    Attributes:
        kind: Which broker it is.
        port: TCP port, kept over restarts.
        password_file: Its first line is the password.
    """

    kind: brokers.Kind
    port: int
    password_file: Path
    directory: Path
    program: Program
    host: str = HOST
    username: str = EVERYTHING.name
    running: Running = field(init=False)

    def settings(self) -> Broker:
        """How to reach it, as a settings file would say."""
        return Broker(self.host, self.port, self.username, self.password_file, keepalive_s=5)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.running = Running(self.program, self.directory / "broker.log")
        self.running.wait_ready()

    def stop(self) -> None:
        """Ask it to stop and wait; mosquitto keeps sessions and messages."""
        self.running.stop()

    def kill(self) -> None:
        """SIGKILL: whatever it had not written is lost."""
        self.running.kill()

    def restart(self) -> None:
        """Stop it if it runs, then start it on the same port with what it kept."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Kill it, forget every session and message, start it again on the same port."""
        self.kill()
        (self.directory / "mosquitto.db").unlink(missing_ok=True)
        self.start()

    def log(self) -> str:
        """What it has said so far."""
        return (self.directory / "broker.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningBroker]:
    """A broker of its own for one test; parametrise indirectly with its name to demand one."""
    kind = brokers.Kind(request.param) if hasattr(request, "param") else brokers.choose()
    if kind is brokers.Kind.MOSQUITTO and brokers.choose() is not kind:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    directory = tmp_path / "broker"
    places = brokers.BrokerPlaces("broker", directory, tmp_path / "secrets", free_ports(1)[0])
    program = brokers.broker_program(kind, places, [EVERYTHING])
    broker = RunningBroker(kind, places.port, places.password_file(EVERYTHING.name), directory, program)
    broker.start()
    yield broker
    broker.stop()
