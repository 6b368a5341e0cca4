"""What the measurements of the backend stand on: a PostgreSQL, a broker and ingest workers as in the demo.

Everything is thrown away afterwards. The server syncs to disk and has the demo's settings, so what is measured is what
a small site would have. Responsible for starting and stopping. Refuses to measure.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_backend.store.sql import load
from shigotoba_standalone import brokers, postgres
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Program, Running
from shigotoba_wire.connection import Session
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker

SQL = load("statements.sql", package="ground")
SITE = "honcho"
SEATS = 1_000
FLOORS = 10
USER = brokers.User("bench", may_write=["#"], may_read=["#"])


@dataclass(frozen=True)
class Ground:
    """A running database with a site of ``SEATS`` seats on ``FLOORS`` floors, and a running broker."""

    conninfo: str
    broker: Broker
    broker_kind: str
    directory: Path

    def connect(self) -> psycopg.Connection:
        """A connection in autocommit mode."""
        return psycopg.connect(self.conninfo, autocommit=True)

    @contextlib.contextmanager
    def workers(self, shards: int) -> Iterator[list[Running]]:
        """Ingest workers of all shards, each its own process, connected."""
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(self._worker(shard, shards)) for shard in range(shards)]

    @contextlib.contextmanager
    def _worker(self, shard: int, shards: int) -> Iterator[Running]:
        settings = self.directory / f"backend-{shard}of{shards}.toml"
        settings.write_text(
            f'database = "{self.conninfo}"\nshard = {shard}\nshards = {shards}\n[broker]\nhost = "{self.broker.host}"\n'
            f'port = {self.broker.port}\nusername = "{USER.name}"\npassword_file = "{self.broker.password_file}"\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "shigotoba_backend", "ingest", "--settings", str(settings)]
        log = settings.with_suffix(".log")
        log.unlink(missing_ok=True)
        running = Running(Program("ingest", command, ready=lambda: "connected to" in log.read_text()), log)
        try:
            running.wait_ready()
            yield running
        finally:
            running.stop()
            self._forget_session(f"ingest-{shard}of{shards}")

    def _forget_session(self, client_id: str) -> None:
        """Otherwise the broker keeps what other workers take, and this one would get it the next time."""
        link = Link(self.broker, Session(client_id), lambda _delivery: None)
        link.start()
        while link.connection is None:
            time.sleep(0.01)
        link.stop()


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Starts everything in a temporary directory."""
    with contextlib.ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="shigotoba-bench-"))
        stack.callback(shutil.rmtree, directory)
        # The server may run under another account, which must be able to pass through.
        directory.chmod(0o755)
        kind = brokers.choose()
        yield Ground(_database(directory, stack), _broker(kind, directory, stack), kind.value, directory)


def resident_mb(running: Running) -> float:
    """Resident memory of a process, MB."""
    status = Path(f"/proc/{running.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def processor_s(running: Running) -> float:
    """Processor time a process has used so far; unlike the clock it does not depend on what else runs."""
    fields = Path(f"/proc/{running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _database(directory: Path, stack: contextlib.ExitStack) -> str:
    home = directory / "home"
    home.mkdir()
    cluster = postgres.prepare(postgres.places_for(home), print)
    running = Running(postgres.server(cluster), directory / "postgres.log")
    stack.callback(running.stop)
    running.wait_ready()
    postgres.create_database(cluster, "shigotoba")
    conninfo = postgres.conninfo(cluster, "shigotoba")
    with psycopg.connect(conninfo, autocommit=True) as conn:
        migrate(conn, shipped())
        conn.execute(SQL["make_site"], {"site": SITE})
        conn.execute(SQL["make_floors"], {"site": SITE, "floors": FLOORS})
        conn.execute(SQL["make_seats"], {"site": SITE, "seats": SEATS, "floors": FLOORS})
        conn.execute(SQL["make_sensors"], {"site": SITE})
    return conninfo


def _broker(kind: brokers.Kind, directory: Path, stack: contextlib.ExitStack) -> Broker:
    places = brokers.BrokerPlaces("broker", directory / "broker", directory / "secrets", free_ports(1)[0])
    running = Running(brokers.broker_program(kind, places, [USER]), directory / "broker.log")
    stack.callback(running.stop)
    running.wait_ready()
    return Broker(HOST, places.port, USER.name, places.password_file(USER.name))
