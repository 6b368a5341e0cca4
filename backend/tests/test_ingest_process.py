"""The ingest worker as a process between a real broker and a real PostgreSQL, and what happens when one dies."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_standalone import postgres
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.programs import Program, Running
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.courier import Courier
from shigotoba_wire.link import Link
from shigotoba_wire.logs import batch_name
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, decode_receipt, digest_of
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import READINGS, RECEIPTS, upstream

pytestmark = [pytest.mark.integration, pytest.mark.promise]

CHANNEL = upstream("honcho", "gw-1")
SEAT = "ble-5448e68f80a5"
BATCH = 10


class Backend:
    """A settings file and the ingest processes that run on it."""

    def __init__(self, directory: Path, conninfo: str, broker: Broker) -> None:
        self.conninfo = conninfo
        self.broker = broker
        self._directory = directory
        self._running: list[Running] = []
        self.settings = directory / "backend.toml"
        self.settings.write_text(
            f'database = "{conninfo}"\n[broker]\nhost = "{broker.host}"\nport = {broker.port}\n'
            f'username = "{broker.username}"\npassword_file = "{broker.password_file}"\n'
            '[logs]\nstyle = "json"\nbatches = true\n',
            encoding="utf-8",
        )

    def start(self) -> Running:
        command = [sys.executable, "-m", "shigotoba_backend", "ingest", "--settings", str(self.settings)]
        self._running.append(Running(Program("ingest", command), self._log(len(self._running))))
        return self._running[-1]

    def log(self, index: int) -> str:
        """What the process started as number ``index`` has said."""
        return self._log(index).read_text(encoding="utf-8")

    def batches_stored(self, index: int) -> list[str]:
        """The names of the batches that it says it has stored."""
        lines = [json.loads(line) for line in self.log(index).splitlines()]
        return [line["batch"] for line in lines if line["message"] == "stored"]

    def stop(self) -> None:
        for running in self._running:
            running.kill()

    def sequence_numbers(self) -> list[int]:
        """Of all readings stored, in order."""
        with psycopg.connect(self.conninfo) as conn:
            return [row[0] for row in conn.execute("SELECT seq FROM shigotoba.reading ORDER BY seq")]

    def _log(self, index: int) -> Path:
        return self._directory / f"ingest-{index}.log"


class Gateway:
    """A sender with a real outbox and courier."""

    def __init__(self, directory: Path, broker: Broker) -> None:
        self.outbox = Outbox.open(directory / "gateway.sqlite", "honcho", "gw-1")
        self._courier = Courier(self.outbox, broker, CHANNEL)
        self._courier.start()
        self._at_ms = time.time_ns() // 1_000_000 - 3_600_000

    def send(self, batches: int) -> None:
        for _ in range(batches):
            self.outbox.append([self._reading() for _ in range(BATCH)])

    def _reading(self) -> Reading:
        self._at_ms += 1
        return Reading(SEAT, "occupancy", self._at_ms % 2 == 0, self._at_ms)

    def stop(self) -> None:
        self._courier.stop()
        self.outbox.close()


@pytest.fixture
def wire_broker(broker) -> Broker:
    return Broker(broker.host, broker.port, broker.username, broker.password_file, keepalive_s=5)


@pytest.fixture
def backend(tmp_path: Path, database: str, conn: psycopg.Connection, small_site: SiteFile, wire_broker: Broker):
    """A backend on a database with the small site; nothing started yet."""
    backend = Backend(tmp_path, database, wire_broker)
    yield backend
    backend.stop()


@pytest.fixture
def gateway(tmp_path: Path, wire_broker: Broker) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path, wire_broker)
    yield gateway
    gateway.stop()


class OwnPostgres:
    """A PostgreSQL of one test's own, which may die."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._cluster = postgres.prepare(postgres.places_for(home), print)
        self._running: Running | None = None

    @property
    def conninfo(self) -> str:
        return postgres.conninfo(self._cluster, "shigotoba")

    def start(self) -> None:
        """Starts it; tries again while the last one's children are still ending."""
        until(self._start_once)

    def _start_once(self) -> bool:
        self._running = Running(postgres.server(self._cluster), self._home / "postgres.log")
        try:
            self._running.wait_ready()
        except StandaloneError:
            self._running.kill()
            return False
        return True

    def prepare(self, site_file: SiteFile) -> None:
        postgres.create_database(self._cluster, "shigotoba")
        with psycopg.connect(self.conninfo, autocommit=True) as conn:
            migrate(conn, shipped())
            import_site(conn, site_file)

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()


@pytest.fixture
def own_postgres(reachable_directory: Path) -> Iterator[OwnPostgres]:
    own = OwnPostgres(Path(tempfile.mkdtemp(dir=reachable_directory)))
    yield own
    own.kill()


@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True)
def test_sigkill_in_the_middle_of_a_stream_loses_and_doubles_nothing(backend: Backend, gateway: Gateway) -> None:
    for _ in range(3):
        running = backend.start()
        waiting = gateway.outbox.waiting()
        gateway.send(60)
        until(lambda before=waiting: gateway.outbox.waiting() < before + 50 * BATCH)
        running.kill()
    backend.start()
    until(lambda: gateway.outbox.waiting() == 0)
    assert backend.sequence_numbers() == list(range(1, gateway.outbox.next_seq))


def test_a_database_that_dies_in_the_middle_loses_and_doubles_nothing(
    own_postgres: OwnPostgres, tmp_path: Path, wire_broker: Broker, gateway: Gateway, site_file: SiteFile
) -> None:
    own_postgres.start()
    own_postgres.prepare(site_file)
    backend = Backend(tmp_path, own_postgres.conninfo, wire_broker)
    running = backend.start()
    for _ in range(2):
        gateway.send(60)
        until(lambda: gateway.outbox.waiting() < 50 * BATCH)
        own_postgres.kill()
        gateway.send(10)
        own_postgres.start()
        until(lambda: gateway.outbox.waiting() == 0)
    assert backend.sequence_numbers() == list(range(1, gateway.outbox.next_seq))
    assert running.status() is None
    assert running.stop() == 0


@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
def test_worker_broker_and_database_killed_in_every_order_lose_and_double_nothing(
    own_postgres: OwnPostgres, tmp_path: Path, broker, wire_broker: Broker, gateway: Gateway, site_file: SiteFile
) -> None:
    own_postgres.start()
    own_postgres.prepare(site_file)
    backend = Backend(tmp_path, own_postgres.conninfo, wire_broker)
    kill: dict[str, Callable[[], object]] = {
        "worker": backend.stop,
        "broker": broker.kill,
        "database": own_postgres.kill,
    }
    start: dict[str, Callable[[], object]] = {
        "worker": backend.start,
        "broker": broker.start,
        "database": own_postgres.start,
    }
    backend.start()
    for order in permutations(kill):
        gateway.send(20)
        until(lambda: gateway.outbox.waiting() < 20 * BATCH)
        for name in order:
            gateway.send(5)
            kill[name]()
        for name in reversed(order):
            start[name]()
    until(lambda: gateway.outbox.waiting() == 0)
    backend.stop()
    assert backend.sequence_numbers() == list(range(1, gateway.outbox.next_seq))


def test_it_waits_for_database_and_migrations_and_says_each_once(
    own_postgres: OwnPostgres, tmp_path: Path, wire_broker: Broker, gateway: Gateway, site_file: SiteFile
) -> None:
    backend = Backend(tmp_path, own_postgres.conninfo, wire_broker)
    running = backend.start()
    until(lambda: "No such file or directory" in backend.log(0))
    own_postgres.start()
    until(lambda: "does not exist" in backend.log(0))
    own_postgres.prepare(site_file)
    gateway.send(1)
    until(lambda: gateway.outbox.waiting() == 0)
    assert backend.log(0).count("No such file or directory") == 1
    assert backend.log(0).count("database: ready") == 1
    assert running.stop() == 0


def test_a_second_worker_of_a_shard_waits_and_takes_over_when_the_first_dies(
    backend: Backend, gateway: Gateway
) -> None:
    first = backend.start()
    until(lambda: "has the shard" in backend.log(0))
    second = backend.start()
    until(lambda: "another worker has this shard" in backend.log(1))
    gateway.send(5)
    until(lambda: gateway.outbox.waiting() == 0)
    assert "has the shard" not in backend.log(1)
    assert set(backend.batches_stored(0)) == {
        batch_name("honcho", "gw-1", gateway.outbox.epoch, 1 + number * BATCH) for number in range(5)
    }
    first.kill()
    # Seconds, where a lease or a broker's patience would take minutes.
    until(lambda: "has the shard" in backend.log(1), within_s=30, what="the second worker's having the shard")
    gateway.send(5)
    until(lambda: gateway.outbox.waiting() == 0)
    assert backend.sequence_numbers() == list(range(1, gateway.outbox.next_seq))
    assert second.stop() == 0


class Stranger:
    """Publishes whatever it likes in a gateway's name, and reads the answers."""

    def __init__(self, broker: Broker) -> None:
        self.receipts: list[Receipt] = []
        self._link = Link(broker, Session("stranger", (CHANNEL.down("+"),)), self._when_delivered)
        self._link.start()

    def publish(self, topic: str, payload: bytes) -> None:
        until(lambda: self._link.publish(topic, payload))

    def refusals(self) -> dict[str, str]:
        """Reasons by digest."""
        return {rejection.digest: rejection.reason for receipt in self.receipts for rejection in receipt.rejected}

    def _when_delivered(self, delivery: Delivery) -> None:
        if delivery.topic == CHANNEL.down(RECEIPTS):
            self.receipts.append(decode_receipt(delivery.payload))

    def stop(self) -> None:
        self._link.stop()


POISON = {
    b"": "malformed",
    b"[]": "malformed",
    b'[{"bn":"honcho/gw-1/","bt":1790000000,': "malformed",
    b"\xff\xfe": "not_utf8",
    b"x" * 300_000: "too_long",
    b'[{"bn":"honcho/gw-9/","bt":1790000000,"ep":"e","sq":1,"n":"d/occupancy","vb":true}]': "wrong_sender",
    b'[{"bn":"honcho/gw-1/","ep":"e","sq":1,"n":"d/occupancy","t":5,"vb":true}]': "bad_time",
    b'[{"bn":"honcho/gw-1/","bt":1790000000,"ep":"e","sq":1,"n":"d/occupancy","v":"1"}]': "malformed",
}


def test_poison_on_the_topics_is_quarantined_answered_and_does_no_harm(
    backend: Backend, gateway: Gateway, wire_broker: Broker, conn: psycopg.Connection
) -> None:
    running = backend.start()
    until(lambda: "has the shard" in backend.log(0))
    stranger = Stranger(wire_broker)
    for payload in POISON:
        stranger.publish(CHANNEL.up(READINGS), payload)
    stranger.publish("shigotoba/v1/local/honcho/gw-1/up/readings", b"on the wrong branch")
    gateway.send(1)
    until(lambda: gateway.outbox.waiting() == 0 and len(stranger.refusals()) == len(POISON) + 1)
    stranger.stop()
    assert stranger.refusals() == {digest_of(payload): reason for payload, reason in POISON.items()} | {
        digest_of(b"on the wrong branch"): "bad_topic"
    }
    rows = conn.execute("SELECT digest, reason FROM shigotoba.quarantine")
    assert dict(rows.fetchall()) == stranger.refusals()
    assert running.status() is None
