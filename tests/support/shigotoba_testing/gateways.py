"""A gateway process, what stands above it and what stands below, each of which may be killed and come back.

Responsible for starting and stopping the real things, and for a backend that commits to a dictionary where a database
would add nothing. Refuses to judge: tests do.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shigotoba_testing.waiting import until
from shigotoba_wire.booths import BoothEvent, decode_events
from shigotoba_wire.connection import Delivery
from shigotoba_wire.courier import Courier
from shigotoba_wire.health import GatewayHealth, decode_gateway_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import (
    EVENT_RECEIPTS,
    EVENTS,
    HEALTH,
    READINGS,
    RECEIPTS,
    Channel,
    local,
    parse_up,
    upstream,
)

SETTINGS = """
site = "honcho"
gateway = "gw-1"
spool = "{spool}"
{more}
[local]
{local}
[upstream]
{upstream}
"""
CHANNEL = upstream("honcho", "gw-1")


def broker_table(broker: Broker) -> str:
    """A broker as lines of a settings file."""
    lines = f'host = "{broker.host}"\nport = {broker.port}\nusername = "{broker.username}"\nkeepalive_s = 5\n'
    for name in ("password_file", "ca_file", "cert_file", "key_file"):
        file = getattr(broker, name)
        lines += f'{name} = "{file}"\n' if file else ""
    return lines


def write_gateway_settings(path: Path, spool: Path, local: Broker, up: Broker, more: str = "") -> Path:
    """A gateway's settings file; ``more`` is put before its tables."""
    text = SETTINGS.format(spool=spool, local=broker_table(local), upstream=broker_table(up), more=more)
    path.write_text(text, encoding="utf-8")
    return path


class GatewayProcess:
    """``python -m shigotoba_gateway``, or another command, which may be killed and started again."""

    def __init__(self, settings: Path, command: Sequence[str] = ("-m", "shigotoba_gateway", "--settings")) -> None:
        self._command = [sys.executable, *command, str(settings)]
        self.log = settings.with_suffix(".log")
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log)

    def said(self) -> str:
        """Its log, earlier lives included."""
        return self.log.read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        return self._process.pid

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> int:
        self._process.terminate()
        return self._process.wait()


@contextmanager
def agent_outbox(directory: Path, broker: Broker) -> Iterator[Outbox]:
    """An edge agent's outbox with its courier, as the agent runs them."""
    outbox = Outbox.open(directory / "edge.sqlite", "gw-1", "edge-1")
    courier = Courier(outbox, broker, local("gw-1", "edge-1"))
    courier.start()
    yield outbox
    courier.stop()
    outbox.close()


class Backend:
    """Commits to dictionaries, sends receipts, keeps the latest health of each gateway process.

    ``pause_s`` makes it slow: it waits so long after each message.

    Attributes:
        values: Value of each reading by epoch and sequence number.
        order: First sequence numbers and epochs of batches as they came for the first time.
        events: Booth events by epoch and number.
        health: The latest of all.
        instances: The latest by process.
    """

    def __init__(self, broker: Broker, pause_s: float = 0.0) -> None:
        self._pause_s = pause_s
        self.values: dict[tuple[str, int], object] = {}
        self.order: list[tuple[str, int]] = []
        self.events: dict[tuple[str, int], BoothEvent] = {}
        self.health: GatewayHealth | None = None
        self.instances: dict[str, GatewayHealth] = {}
        self.inbox = Inbox(broker, "backend", [CHANNEL.up("+")])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Backend:
        self.inbox.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self.inbox.stop()

    def ask(self, kind: str, payload: bytes) -> None:
        """Publish something for the gateway, retained."""
        until(lambda: self.inbox.publish(CHANNEL.down(kind), payload, retain=True), what="the broker")

    def numbers(self) -> list[object]:
        """All values, in order; the same one twice if it was numbered twice."""
        return sorted(self.values.values(), key=str)

    def problems(self) -> str:
        """What the latest health complains of."""
        return " ".join(self.health.problems) if self.health else ""

    def _run(self) -> None:
        while not self._stopping.is_set():
            for delivery in self.inbox.take(100, within_s=0.1):
                channel, kind = parse_up(delivery.topic)
                if kind == HEALTH:
                    self.health = decode_gateway_health(delivery.payload)
                    self.instances[self.health.instance] = self.health
                if kind == READINGS:
                    self._store(channel, delivery)
                if kind == EVENTS:
                    self._note(channel, delivery)
                self.inbox.acknowledge([delivery])
                self._stopping.wait(self._pause_s)

    def _store(self, channel: Channel, delivery: Delivery) -> None:
        batch = decode_batch(delivery.payload)
        if (batch.epoch, batch.first_seq) not in self.values:
            self.order.append((batch.epoch, batch.first_seq))
        for seq, reading in enumerate(batch.readings, batch.first_seq):
            self.values[batch.epoch, seq] = reading.value
        receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
        self.inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))

    def _note(self, channel: Channel, delivery: Delivery) -> None:
        said = decode_events(delivery.payload)
        self.events |= {(said.epoch, event.number): event for event in said.events}
        receipt = Receipt(said.epoch, tuple(Span(event.number, 1) for event in said.events))
        self.inbox.publish(channel.down(EVENT_RECEIPTS), encode_receipt(receipt))
