"""The history as a process, over a real broker, to a receiver that sends receipts: killed, it goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from shigotoba_sim.history.progress import Progress, read_progress
from shigotoba_sim.history.stream import History
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.settings import SimSettings, read_sim_settings
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import RECEIPTS, parse_up, shard_filters, upstream

pytestmark = pytest.mark.integration

BROKER = """
[broker]
host = "{broker.host}"
port = {broker.port}
username = "{broker.username}"
password_file = "{broker.password_file}"
keepalive_s = 5
"""


class RunningBroker(Protocol):
    host: str
    port: int
    username: str
    password_file: Path


class Receiver:
    """Keeps what comes, by sequence number, and sends receipts; may be told to keep silent."""

    def __init__(self, broker: Broker) -> None:
        self.stored: dict[int, Reading] = {}
        self.epochs: set[str] = set()
        self.silent = False
        self._inbox = Inbox(broker, "receiver", shard_filters(0, 1))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._inbox.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._inbox.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            deliveries = self._inbox.take(100, within_s=0.1)
            receipts = [(delivery, self._store(delivery)) for delivery in deliveries]
            self._inbox.acknowledge(deliveries)
            for delivery, receipt in receipts:
                if not self.silent:
                    channel, _kind = parse_up(delivery.topic)
                    self._inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))

    def _store(self, delivery: Delivery) -> Receipt:
        batch = decode_batch(delivery.payload)
        assert parse_up(delivery.topic)[0] == upstream("honcho", "history")
        self.epochs.add(batch.epoch)
        for seq, reading in enumerate(batch.readings, batch.first_seq):
            assert self.stored.setdefault(seq, reading) == reading
        return Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))


@pytest.fixture
def settings(sim_toml: Path, broker: RunningBroker) -> SimSettings:
    sim_toml.write_text(sim_toml.read_text(encoding="utf-8") + BROKER.format(broker=broker), encoding="utf-8")
    return read_sim_settings(sim_toml)


@pytest.fixture
def receiver(settings: SimSettings) -> Iterator[Receiver]:
    assert settings.broker is not None
    receiver = Receiver(settings.broker)
    receiver.start()
    yield receiver
    receiver.stop()


def start(tmp_path: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "shigotoba_sim", "history", "--settings", str(tmp_path / "sim.toml")]
    return subprocess.Popen(arguments, stderr=subprocess.PIPE)


def progress(settings: SimSettings) -> Progress:
    found = read_progress(settings.state / "history.json")
    assert found is not None
    return found


def all_readings(settings: SimSettings) -> list[Reading]:
    return list(History(Plan(inputs_of(settings)), settings.lively_ms).readings())


def test_a_history_killed_again_and_again_arrives_whole_and_once(
    settings: SimSettings, receiver: Receiver, tmp_path: Path
) -> None:
    for stored in (1, 20_000):
        process = start(tmp_path)
        until(lambda stored=stored: len(receiver.stored) >= stored)
        process.kill()
        process.communicate()
    last = start(tmp_path)
    _out, told = last.communicate()
    assert last.returncode == 0, told.decode()
    expected = all_readings(settings)
    assert [receiver.stored[seq] for seq in sorted(receiver.stored)] == expected
    assert sorted(receiver.stored) == list(range(1, len(expected) + 1))
    assert len(receiver.epochs) == 1
    assert progress(settings) == Progress(progress(settings).stream, len(expected), len(expected), finished=True)


def test_a_finished_history_is_not_written_again(settings: SimSettings, receiver: Receiver, tmp_path: Path) -> None:
    first = start(tmp_path)
    first.communicate()
    receiver.stored.clear()
    second = start(tmp_path)
    _out, told = second.communicate()
    assert (first.returncode, second.returncode) == (0, 0)
    assert "the history is complete" in told.decode()
    assert receiver.stored == {}


def test_asked_to_stop_it_stops_and_goes_on_at_the_next_start(
    settings: SimSettings, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.silent = True
    stopped = start(tmp_path)
    until(lambda: bool(receiver.stored))
    stopped.terminate()
    _out, told = stopped.communicate()
    assert stopped.returncode == 0, told.decode()
    assert not progress(settings).finished
    receiver.silent = False
    again = start(tmp_path)
    again.communicate()
    assert again.returncode == 0
    assert progress(settings).finished
    assert len(receiver.stored) == len(all_readings(settings))


def test_the_state_of_another_building_is_refused(settings: SimSettings, receiver: Receiver, tmp_path: Path) -> None:
    start(tmp_path).communicate()
    path = tmp_path / "sim.toml"
    path.write_text(path.read_text().replace("seed = 7", "seed = 8"))
    refused = start(tmp_path)
    _out, told = refused.communicate()
    assert refused.returncode == 2
    assert "another building" in told.decode()
