"""Passwords and topic rules, held by both brokers against real clients."""

import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Program, Running

pytestmark = pytest.mark.integration
WAIT_S = 20.0


@dataclass(frozen=True)
class Place:
    """A running broker with the product's own rules."""

    places: brokers.BrokerPlaces
    program: Program
    log: Path


@pytest.fixture(params=list(brokers.Kind), ids=lambda kind: kind.value)
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[list[brokers.User]], Place]]:
    kind: brokers.Kind = request.param
    if kind is brokers.Kind.MOSQUITTO and brokers.choose() is not kind:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    started: list[Running] = []

    def start_with(users: list[brokers.User]) -> Place:
        places = brokers.BrokerPlaces("broker", tmp_path / "broker", tmp_path / "secrets", free_ports(1)[0])
        program = brokers.broker_program(kind, places, users)
        started.append(Running(program, tmp_path / "log"))
        started[-1].wait_ready()
        return Place(places, program, tmp_path / "log")

    yield start_with
    for running in started:
        running.stop()


class Client:
    """A paho client that notes what it is granted and what reaches it."""

    def __init__(self, place: Place, user: str, password: str | None = None) -> None:
        self.received: list[str] = []
        self.refused: ReasonCode | None = None
        self._event = threading.Condition()
        self._granted: dict[int | None, bool] = {}
        self._published: set[int] = set()
        self._connected = False
        self._mqtt = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{user}-{secrets.token_hex(4)}")
        self._mqtt.on_connect = self._on_connect
        self._mqtt.on_subscribe = self._on_subscribe
        self._mqtt.on_message = self._on_message
        self._mqtt.on_publish = self._on_publish
        secret = place.places.password_file(user).read_text().strip() if password is None else password
        if user:
            self._mqtt.username_pw_set(user, secret)
        self._mqtt.connect(HOST, place.places.port)
        self._mqtt.loop_start()
        self._wait(lambda: self._connected or self.refused is not None)

    def _note(self, change: Callable[[], object]) -> None:
        with self._event:
            change()
            self._event.notify_all()

    def _wait(self, condition: Callable[[], bool]) -> None:
        with self._event:
            assert self._event.wait_for(condition, WAIT_S)

    def _on_connect(self, _client, _data, _flags, reason, _properties) -> None:
        if reason.is_failure:
            self._note(lambda: setattr(self, "refused", reason))
            self._mqtt.disconnect()
        else:
            self._note(lambda: setattr(self, "_connected", True))

    def _on_subscribe(self, _client, _data, mid, reasons, _properties) -> None:
        self._note(lambda: self._granted.update({mid: not reasons[0].is_failure}))

    def _on_message(self, _client, _data, message) -> None:
        self._note(lambda: self.received.append(message.topic))

    def _on_publish(self, _client, _data, mid, _reason, _properties) -> None:
        self._note(lambda: self._published.add(mid))

    def subscribe(self, topic_filter: str) -> bool:
        mid = self._mqtt.subscribe(topic_filter, 1)[1]
        self._wait(lambda: mid in self._granted)
        return self._granted[mid]

    def publish(self, topic: str) -> None:
        self._mqtt.publish(topic, b"x", 1)

    def wait_for(self, topic: str) -> None:
        self._wait(lambda: topic in self.received)

    def close(self) -> None:
        self._mqtt.disconnect()
        self._mqtt.loop_stop()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def make(*arguments) -> Client:
        clients.append(Client(*arguments))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def test_gateways_reach_the_backend_and_not_each_other(start, connect):
    place = start(brokers.upstream_users(["gw-1", "gw-2"]))
    ingest, one, two = (connect(place, user) for user in ("ingest", "gw-1", "gw-2"))
    assert ingest.subscribe("shigotoba/v1/+/+/+/up/+")
    assert one.subscribe("shigotoba/v1/3/honcho/gw-1/down/+")
    two.subscribe("shigotoba/v1/3/honcho/gw-1/down/+")

    two.publish("shigotoba/v1/3/honcho/gw-1/up/readings")
    two.publish("shigotoba/v1/3/honcho/gw-2/down/receipts")
    two.publish("elsewhere")
    two.publish("shigotoba/v1/4/honcho/gw-2/up/readings")
    ingest.wait_for("shigotoba/v1/4/honcho/gw-2/up/readings")
    assert ingest.received == ["shigotoba/v1/4/honcho/gw-2/up/readings"], "in order, so the others came nowhere"

    ingest.publish("shigotoba/v1/3/honcho/gw-1/down/receipts")
    ingest.publish("shigotoba/v1/4/honcho/gw-2/down/receipts")
    one.wait_for("shigotoba/v1/3/honcho/gw-1/down/receipts")
    one.publish("shigotoba/v1/3/honcho/gw-1/up/health")
    ingest.wait_for("shigotoba/v1/3/honcho/gw-1/up/health")
    assert one.received == ["shigotoba/v1/3/honcho/gw-1/down/receipts"]
    assert two.received == []


def test_agents_reach_their_gateway_and_not_each_other(start, connect):
    place = start(brokers.local_users("gw-1", ["edge-1", "edge-2"]))
    gateway, one, two = (connect(place, user) for user in ("gw-1", "edge-1", "edge-2"))
    assert gateway.subscribe("shigotoba/v1/local/gw-1/+/up/+")
    assert one.subscribe("shigotoba/v1/local/gw-1/edge-1/down/+")
    two.subscribe("shigotoba/v1/local/gw-1/edge-1/down/+")

    two.publish("shigotoba/v1/local/gw-1/edge-1/up/readings")
    two.publish("shigotoba/v1/local/gw-1/edge-2/up/readings")
    gateway.wait_for("shigotoba/v1/local/gw-1/edge-2/up/readings")
    assert gateway.received == ["shigotoba/v1/local/gw-1/edge-2/up/readings"]

    gateway.publish("shigotoba/v1/local/gw-1/edge-1/down/receipts")
    one.wait_for("shigotoba/v1/local/gw-1/edge-1/down/receipts")
    assert two.received == []


@pytest.mark.parametrize(("user", "password"), [("gw-1", "wrong"), ("gw-1", ""), ("nobody", "x"), ("", "")])
def test_without_the_right_password_nobody_gets_in(start, connect, user: str, password: str):
    place = start(brokers.upstream_users(["gw-1"]))
    assert connect(place, user, password).refused is not None


def test_a_password_is_made_once_is_private_and_is_written_nowhere_else(start, tmp_path: Path):
    place = start(brokers.upstream_users(["gw-1"]))
    path = place.places.password_file("gw-1")
    password = path.read_text().strip()
    assert path.stat().st_mode & 0o777 == 0o600
    assert place.places.password_file("gw-1").read_text().strip() == password
    assert not any(password in word for word in place.program.command)
    elsewhere = [file for file in tmp_path.rglob("*") if file.is_file() and file != path]
    assert elsewhere
    assert not [file for file in elsewhere if password.encode() in file.read_bytes()]


def test_the_embedded_broker_refuses_settings_that_are_not_there_in_one_line(tmp_path: Path):
    command = [sys.executable, "-m", "shigotoba_standalone", "amqtt-broker", "--settings", str(tmp_path / "none.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "none.toml: cannot be read" in done.stderr
