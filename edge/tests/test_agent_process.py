"""The agent as a process of its own, with a real stick and a real broker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.clock import ClockSettings, ClockWatch, SystemClock, boot_id
from shigotoba_wire.health import AgentHealth, DriverState, decode_agent_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.stamping import Stamper
from shigotoba_wire.topics import HEALTH, READINGS, RECEIPTS, local_filter, parse_up

pytestmark = pytest.mark.integration

ROCKER = "enocean-002da8bb"
PRESSED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")


class Gateway:
    """Stands where the gateway stands: takes in, remembers, sends receipts."""

    def __init__(self, broker: Broker) -> None:
        self._inbox = Inbox(broker, "gw-1", [local_filter("gw-1")])
        self.stored: dict[tuple[str, int], Reading] = {}
        self.health: AgentHealth | None = None

    def __enter__(self) -> Gateway:
        self._inbox.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._inbox.stop()

    def until(self, condition: Callable[[], bool]) -> None:
        """Take in until it is so."""
        deadline_s = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline_s, "it did not come to pass"
            for delivery in self._inbox.take(100, within_s=0.2):
                self._take(delivery.topic, delivery.payload)
                self._inbox.acknowledge([delivery])

    def _take(self, topic: str, payload: bytes) -> None:
        channel, kind = parse_up(topic)
        if kind == HEALTH:
            self.health = decode_agent_health(payload)
        if kind == READINGS:
            batch = decode_batch(payload)
            self.stored |= {(batch.epoch, batch.first_seq + i): reading for i, reading in enumerate(batch.readings)}
            receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
            self._inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))

    def presses(self) -> list[object]:
        """What the rocker said, in the order it was numbered."""
        return [reading.value for _, reading in sorted(self.stored.items()) if reading.device == ROCKER]

    def driver_runs(self) -> bool:
        return self.health is not None and self.health.drivers[0].state is DriverState.RUNNING


class Process:
    """``python -m shigotoba_edge`` as the supervisor starts it."""

    def __init__(self, settings: Path, log: Path) -> None:
        self._command = [sys.executable, "-m", "shigotoba_edge", "--settings", str(settings)]
        self._log = log
        self._environment = {**os.environ, "NOTIFY_SOCKET": str(log.with_name("notify"))}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log, env=self._environment)

    def reload(self) -> None:
        """Have it read its settings again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def end(self, number: signal.Signals) -> int:
        """Send the signal and wait; the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(30)


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Where the agent says that it lives."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


@pytest.fixture
def process(tmp_path: Path, broker) -> Iterator[Process]:
    settings = tmp_path / "edge.toml"
    settings.write_text(
        f"""
agent = "edge-1"
gateway = "gw-1"
outbox = "{tmp_path}/edge.sqlite"
health_every_s = 0.2
[broker]
host = "{broker.host}"
port = {broker.port}
username = "{broker.username}"
password_file = "{broker.password_file}"
keepalive_s = 5
[[driver]]
kind = "enocean"
name = "booths"
port = "{tmp_path}/tty-enocean"
"""
    )
    process = Process(settings, tmp_path / "edge.log")
    process.start()
    yield process
    process.end(signal.SIGKILL)


@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True)
def test_presses_survive_a_killed_agent_and_a_restarted_broker(broker, stick, process: Process) -> None:
    with Gateway(Broker(broker.host, broker.port, broker.username, broker.password_file)) as gateway:
        gateway.until(gateway.driver_runs)
        stick.send(PRESSED + b"noise" + RELEASED)
        gateway.until(lambda: gateway.presses() == ["AI", "released"])
        gateway.until(lambda: gateway.health is not None and gateway.health.waiting == 0)
        assert gateway.health is not None
        epoch = gateway.health.epoch
        assert gateway.health.drivers[0].dropped == {"noise_bytes": 5}
        assert [(one.device, one.rssi_dbm) for one in gateway.health.devices] == [(ROCKER, -49)]

        process.end(signal.SIGKILL)
        process.start()
        gateway.health = None
        gateway.until(gateway.driver_runs)
        broker.stop()
        stick.send(PRESSED)
        broker.start()
        gateway.until(lambda: gateway.presses() == ["AI", "released", "AI"])
        assert {epoch for epoch, _ in gateway.stored} == {epoch}


def test_sigterm_writes_what_was_reported_and_ends_well(
    systemd: socket.socket, broker, stick, process: Process, tmp_path: Path
) -> None:
    assert systemd.recv(200) == b"READY=1"
    assert systemd.recv(200) == b"WATCHDOG=1\nSTATUS=0 readings wait for the gateway"
    with Gateway(Broker(broker.host, broker.port, broker.username, broker.password_file)) as gateway:
        gateway.until(gateway.driver_runs)
        broker.stop()
        stick.send(PRESSED + RELEASED)
        log = tmp_path / "edge.log"
        until(lambda: waiting_on_disk(tmp_path / "edge.sqlite") == 2, what=log.read_text())
        assert process.end(signal.SIGTERM) == 0
        assert list(said_to(systemd))[-1] == b"STOPPING=1"
        damage(tmp_path / "edge.sqlite")
        broker.start()
        process.start()
        gateway.until(lambda: gateway.health is not None and gateway.health.set_aside_file != "")
        gateway.until(lambda: [reading.value for reading in gateway.stored.values()] == [7])
        assert gateway.health is not None
        assert gateway.health.salvaged == 1, "what waited for the clock; of the two presses nothing can be trusted"
    assert "Traceback" not in log.read_text()


def damage(path: Path) -> None:
    """An outbox whose batches are not what was written, and in which a reading waits for the clock."""
    with contextlib.closing(Outbox.open(path, "gw-1", "edge-1")) as outbox:
        watch = ClockWatch(SystemClock(), ClockSettings(path.with_name("never")))
        Stamper(outbox, SystemClock(), watch, boot_id()).append([Reading("d", "count", 7, SystemClock().now_ms())])
        with outbox.transaction() as connection:
            connection.execute("UPDATE waiting SET digest = 'x'")


def said_to(systemd: socket.socket) -> Iterator[bytes]:
    """Whatever has been said since, by a process that has ended."""
    systemd.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            yield systemd.recv(200)


def waiting_on_disk(path: Path) -> int:
    """What waits in the outbox of another process."""
    with contextlib.closing(Outbox.open(path, "gw-1", "edge-1")) as outbox:
        return outbox.waiting()


def test_sighup_takes_up_a_new_driver_and_wrong_settings_change_nothing(
    broker, stick, process: Process, tmp_path: Path
) -> None:
    def names() -> list[str]:
        assert gateway.health is not None
        return [driver.driver for driver in gateway.health.drivers]

    settings, log = tmp_path / "edge.toml", tmp_path / "edge.log"
    with Gateway(Broker(broker.host, broker.port, broker.username, broker.password_file)) as gateway:
        gateway.until(gateway.driver_runs)
        good = settings.read_text()
        settings.write_text(good.replace('kind = "enocean"', 'kind = "zigbee"'))
        process.reload()
        gateway.until(lambda: "not taken up" in log.read_text())
        settings.write_text(f'{good}[[driver]]\nkind = "enocean"\nname = "second"\nport = "{tmp_path}/none"\n')
        process.reload()
        gateway.until(lambda: names() == ["booths", "second"])
        stick.send(PRESSED)
        gateway.until(lambda: gateway.presses() == ["AI"])
        assert process.end(signal.SIGTERM) == 0
    assert log.read_text().count("booths: listening") == 1
