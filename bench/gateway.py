"""The gateway's store and forward against mosquitto's own bridge with persistence, in one run.

``python bench/gateway.py [--readings 100000] [--queued 1000000]``: the same batches are handed to a gateway process and
to a mosquitto that bridges; upstream is away, then there. Printed for both: readings a second taken in and drained,
bytes written to disk per reading, and what is lost when the process is killed with the backlog in it. For the gateway
also the bytes written per reading at an ordinary load (batches of five readings, each committed alone), and its memory
with ``--queued`` readings in the spool. The bridge stands twice: with mosquitto's persistence as it comes, and writing
its whole state whenever something changed, at most once a second. Keeps ``results/gateway.json``.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import msgspec
from ground.report import keep, percent
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shigotoba_gateway.spool import Spool
from shigotoba_standalone.ports import free_ports
from shigotoba_testing.gateways import GatewayProcess, agent_outbox, write_gateway_settings
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import READINGS, RECEIPTS, local, upstream

EACH = 50
"""Readings in a batch, what an agent of a floor gathers in some seconds of a busy morning."""

MEMORY_MB = 60
TOPIC = local("gw-1", "edge-1").up(READINGS)
NOWHERE = Broker("127.0.0.1", 1)
PLAIN = "user root\nlistener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 100\n"
KEEPING = "persistence true\npersistence_location {directory}/\n"
AT_ONCE = "autosave_on_changes true\nautosave_interval 1\n"
BRIDGE = "connection up\naddress 127.0.0.1:{up}\ntopic shigotoba/# out 1\ncleansession false\nrestart_timeout 1\n"


class Figures(msgspec.Struct):
    """What was measured of one of them; ``None`` where it does not apply."""

    taken_per_s: float
    drained_per_s: float
    bytes_per_reading: float
    lost_by_kill: int
    sent: int


class Mosquitto:
    """A broker without passwords, which may be killed and comes back with what it wrote down."""

    def __init__(self, directory: Path, port: int, more: str = "") -> None:
        directory.mkdir()
        self.settings = directory / "mosquitto.conf"
        self.settings.write_text(PLAIN.format(port=port) + more.format(directory=directory), encoding="utf-8")
        self.broker = Broker("127.0.0.1", port)
        self.start()

    def start(self) -> None:
        command = ["mosquitto", "-c", str(self.settings)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.pid = self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class Receiver:
    """Counts each reading once and sends receipts."""

    def __init__(self, broker: Broker) -> None:
        self.numbers: set[object] = set()
        self._link = Link(broker, Session("receiver", ("shigotoba/#",)), self._when_delivered)

    def __enter__(self) -> Receiver:
        self._link.start()
        until(lambda: self._link.connection is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self._link.stop()

    def _when_delivered(self, delivery: Delivery) -> None:
        if not delivery.topic.endswith(READINGS):
            return
        batch = decode_batch(delivery.payload)
        self.numbers.update(reading.value for reading in batch.readings)
        receipt = Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))
        self._link.publish(upstream("honcho", "gw-1").down(RECEIPTS), encode_receipt(receipt))


def readings(first: int, count: int) -> list[Reading]:
    """Readings of some seats, with their number as value."""
    return [Reading(f"ble-{n % 200:012x}", "count", n, 1_795_000_000_000 + 50 * n) for n in range(first, first + count)]


def written(pid: int) -> int:
    """Bytes a process has handed to the disk."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def timed(act: Callable[[], None]) -> float:
    """How long it took."""
    began_s = time.perf_counter()
    act()
    return time.perf_counter() - began_s


def of_the_gateway(directory: Path, count: int) -> Figures:
    """The gateway's figures."""
    here, up = (Mosquitto(directory / name, port) for name, port in zip(("here", "up"), free_ports(2), strict=True))
    settings = write_gateway_settings(directory / "gateway.toml", directory / "spool.sqlite", here.broker, NOWHERE)
    with agent_outbox(directory, here.broker) as outbox:
        for first in range(0, count, EACH):
            outbox.append(readings(first, EACH))
        # The agent's own writing is not what is measured: it is over before the gateway begins.
        gateway = GatewayProcess(settings)
        until(lambda: outbox.waiting() < count)
        begun = count - outbox.waiting()
        before = written(gateway.pid)
        taken_s = timed(lambda: until(lambda: outbox.waiting() == 0, within_s=600))
        per_reading = (written(gateway.pid) - before) / (count - begun)
        gateway.kill()
        write_gateway_settings(directory / "gateway.toml", directory / "spool.sqlite", here.broker, up.broker)
        with Receiver(up.broker) as receiver:
            gateway.start()
            until(lambda: len(receiver.numbers) > 0)
            drained_s = timed(lambda: until(lambda: len(receiver.numbers) == count, within_s=600))
            lost = count - len(receiver.numbers & set(range(count)))
    gateway.kill()
    here.kill()
    up.kill()
    return Figures((count - begun) / taken_s, count / drained_s, per_reading, lost, count)


def at_an_ordinary_load(directory: Path, rounds: int = 2_000, size: int = 5) -> float:
    """Bytes the spool writes per reading, checkpoints included: five at a time, receipts for two batches at a time."""
    spool = Spool.open(directory / "ordinary.sqlite", "honcho", "gw-1")
    before = written(os.getpid())
    for turn in range(rounds):
        first = 1 + turn * size
        spool.take_in([Batch("gw-1", "edge-1", "e", first, tuple(readings(first, size)))])
        if turn % 2:
            spool.outbox.settle([Receipt(spool.outbox.epoch, (Span(first - size, 2 * size),))])
    spool.close()
    return (written(os.getpid()) - before) / (rounds * size)


def of_the_bridge(directory: Path, count: int, keeping: str) -> Figures:
    """The same batches through a bridge."""
    directory.mkdir()
    here_port, up_port = free_ports(2)
    here = Mosquitto(directory / "here", here_port, keeping + BRIDGE.format(up=up_port))
    outbox = Outbox.open(directory / "made.sqlite", "gw-1", "edge-1")
    for first in range(0, count, EACH):
        outbox.append(readings(first, EACH))
    payloads = [waiting.payload for waiting in outbox.oldest(count)]
    outbox.close()
    client = Client(CallbackAPIVersion.VERSION2, "agent")
    until(lambda: connected(client, here_port))
    client.loop_start()
    before = written(here.pid)

    def hand_over() -> None:
        for info in [client.publish(TOPIC, payload, qos=1) for payload in payloads]:
            info.wait_for_publish()

    taken_s = timed(hand_over)
    threading.Event().wait(2.5)
    per_reading = (written(here.pid) - before) / count
    here.kill()
    client.loop_stop()
    up = Mosquitto(directory / "up", up_port)
    with Receiver(up.broker) as receiver:
        here.start()
        drained_s = timed(lambda: settle(receiver))
        lost = count - len(receiver.numbers)
    here.kill()
    up.kill()
    return Figures(count / taken_s, len(receiver.numbers) / drained_s, per_reading, lost, count)


def connected(client: Client, port: int) -> bool:
    """Whether the broker is there; the client is then connected."""
    try:
        return client.connect("127.0.0.1", port) == 0
    except OSError:
        return False


def settle(receiver: Receiver) -> None:
    """Until nothing more comes."""
    seen, quiet = -1, 0
    while quiet < 3:
        threading.Event().wait(1.0)
        quiet = quiet + 1 if len(receiver.numbers) == seen else 0
        seen = len(receiver.numbers)


def memory_with_a_backlog(directory: Path, queued: int) -> float:
    """Megabytes of a gateway process with ``queued`` readings in its spool that it cannot get rid of."""
    directory.mkdir()
    spool = Spool.open(directory / "spool.sqlite", "honcho", "gw-1")
    with spool.transaction():
        for first in range(0, queued, EACH):
            spool.keep(readings(first, EACH))
    spool.close()
    broker = Mosquitto(directory / "broker", free_ports(1)[0])
    # The broker upstream is there but nobody sends receipts: what is under way is in memory too.
    settings = write_gateway_settings(directory / "g.toml", directory / "spool.sqlite", NOWHERE, broker.broker)
    gateway = GatewayProcess(settings)
    threading.Event().wait(15.0)
    found = memory_mb(gateway.pid)
    gateway.kill()
    broker.kill()
    return found


def told(figures: Figures) -> str:
    """The figures as a line."""
    return (
        f"{figures.taken_per_s:,.0f} readings/s taken in, {figures.drained_per_s:,.0f}/s drained, "
        f"{figures.bytes_per_reading:,.0f} bytes written per reading, "
        f"{figures.lost_by_kill:,} of {figures.sent:,} lost by SIGKILL"
    )


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000)
    parser.add_argument("--queued", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        directory = Path(name)
        ours = of_the_gateway(directory, options.readings)
        ordinary = at_an_ordinary_load(directory)
        bridges = {
            "bridge": of_the_bridge(directory / "bridge", options.readings, KEEPING),
            "bridge, written at once": of_the_bridge(directory / "at-once", options.readings, KEEPING + AT_ONCE),
        }
        memory = memory_with_a_backlog(directory / "memory", options.queued)
    for name, figures in {"gateway": ours, **bridges}.items():
        share = percent(figures.taken_per_s / ours.taken_per_s)
        print(f"  {share:>6} of the gateway's intake  {name}: {told(figures)}")
    print(f"  gateway at an ordinary load: {ordinary:,.0f} bytes written per reading")
    share = percent(memory / MEMORY_MB)
    print(f"  {share:>6} of {MEMORY_MB} MB: {memory:.0f} MB with {options.queued:,} readings queued")
    found = {"gateway": ours, **bridges, "ordinary_bytes_per_reading": ordinary, "memory_mb": memory}
    print(f"kept in {keep('gateway', msgspec.to_builtins(found))}")


if __name__ == "__main__":
    main()
