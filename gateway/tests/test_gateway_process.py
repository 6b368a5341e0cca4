"""The gateway as a process between two real brokers."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.courier import Courier
from shigotoba_wire.downlink import DesiredConfig, encode_config
from shigotoba_wire.health import GatewayHealth, decode_gateway_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import CONFIG, HEALTH, READINGS, RECEIPTS, local, parse_up, shard_filters, upstream

pytestmark = pytest.mark.integration

SETTINGS = """
site = "honcho"
gateway = "gw-1"
spool = "{spool}"
[local]
{broker}
[upstream]
{broker}
"""
BROKER = 'host = "{b.host}"\nport = {b.port}\nusername = "{b.username}"\npassword_file = "{b.password_file}"'


class GatewayProcess:
    """``python -m shigotoba_gateway``, which may be killed and started again."""

    def __init__(self, settings: Path) -> None:
        self._command = [sys.executable, "-m", "shigotoba_gateway", "--settings", str(settings)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> int:
        self._process.terminate()
        return self._process.wait()


@pytest.fixture
def gateway(broker, tmp_path: Path) -> Iterator[GatewayProcess]:
    settings = tmp_path / "gateway.toml"
    settings.write_text(SETTINGS.format(spool=tmp_path / "spool.sqlite", broker=BROKER.format(b=broker)))
    process = GatewayProcess(settings)
    yield process
    process.kill()


@pytest.fixture
def agent(broker, tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox.open(tmp_path / "edge.sqlite", "gw-1", "edge-1")
    courier = Courier(outbox, broker.settings(), local("gw-1", "edge-1"))
    courier.start()
    yield outbox
    courier.stop()
    outbox.close()


class Backend:
    """Commits to a dictionary, sends receipts, keeps the latest health."""

    def __init__(self, broker: Broker) -> None:
        self.values: dict[tuple[str, int], object] = {}
        self.health: GatewayHealth | None = None
        self.inbox = Inbox(broker, "backend", shard_filters(0, 2) + shard_filters(1, 2))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Backend":
        self.inbox.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self.inbox.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for delivery in self.inbox.take(100, within_s=0.1):
                channel, kind = parse_up(delivery.topic)
                if kind == HEALTH:
                    self.health = decode_gateway_health(delivery.payload)
                if kind == READINGS:
                    self._store(channel, delivery)
                self.inbox.acknowledge([delivery])

    def _store(self, channel, delivery) -> None:
        batch = decode_batch(delivery.payload)
        for seq, reading in enumerate(batch.readings, batch.first_seq):
            self.values[batch.epoch, seq] = reading.value
        receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
        self.inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))


def readings(first: int, end: int) -> list[Reading]:
    return [Reading("d", "count", number, 1_795_000_000_000) for number in range(first, end)]


@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True)
def test_sigkill_of_the_gateway_and_the_broker_loses_and_doubles_nothing(broker, gateway, agent) -> None:
    with Backend(broker.settings()) as backend:
        for number in range(1, 401, 20):
            agent.append(readings(number, number + 20))
            if number % 100 == 61:
                gateway.kill()
                gateway.start()
            if number == 201:
                broker.kill()
                broker.restart()
        until(lambda: agent.waiting() == 0)
        until(lambda: len(backend.values) >= 400)
        until(lambda: backend.health is not None and backend.health.waiting == 0 and backend.health.next_seq == 401)
    assert sorted(backend.values.values()) == list(range(1, 401))


def test_the_desired_configuration_is_applied_and_reported(broker, gateway) -> None:
    with Backend(broker.settings()) as backend:
        until(lambda: backend.health is not None)
        topic = upstream("honcho", "gw-1").down(CONFIG)
        backend.inbox.publish(topic, b"nonsense", retain=True)
        backend.inbox.publish(topic, encode_config(DesiredConfig(version=3, health_every_s=1.0)), retain=True)
        until(lambda: backend.health is not None and backend.health.config_version == 3)
        backend.inbox.publish(topic, encode_config(DesiredConfig(version=2, health_every_s=99.0)), retain=True)
        gateway.kill()
        gateway.start()
        backend.health = None
        until(lambda: backend.health is not None and backend.health.config_version == 3)


def test_sigterm_ends_the_gateway_cleanly(broker, gateway, agent) -> None:
    agent.append(readings(1, 2))
    until(lambda: agent.waiting() == 0)
    assert gateway.terminate() == 0


def test_wrong_settings_are_one_line_and_exit_2(tmp_path: Path) -> None:
    settings = tmp_path / "gateway.toml"
    settings.write_text('site = "honcho"\n')
    command = [sys.executable, "-m", "shigotoba_gateway", "--settings", str(settings)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "gateway" in done.stderr
