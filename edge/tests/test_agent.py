"""The whole agent: in one process with drivers of the test, and as its own process with a real stick and broker."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from shigotoba_edge.agent import Agent
from shigotoba_edge.driver import DriverError, Surroundings
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_edge.settings import AgentSettings, fingerprints
from shigotoba_testing.waiting import until
from shigotoba_wire.clock import ClockSettings, ClockWatch
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.health import AgentHealth, DriverState, decode_agent_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.stamping import Stamper
from shigotoba_wire.topics import HEALTH, READINGS, RECEIPTS, local_filter, parse_up

HERE = Surroundings(lambda: 1_800_000_000_000, Random(7))
ROCKER = "enocean-002da8bb"
PRESSED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")


class StillClock:
    """A moment that lasts."""

    def now_ms(self) -> int:
        return HERE.now_ms()

    def since_boot_ms(self) -> int:
        return 60_000


def stamper(outbox: Outbox) -> Stamper:
    return Stamper(outbox, StillClock(), ClockWatch(StillClock(), ClockSettings()), "boot")


class Counting:
    """A driver that reports ``count`` readings, then says so and listens for good."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.done = asyncio.Event()

    async def run(self, logbook: Logbook) -> None:
        logbook.ready()
        for number in range(self._count):
            logbook.sighted(sighting_of("ble-5448e68f80a5", 1_800_000_000_000 + number, (("count", number),)))
        self.done.set()
        await asyncio.Event().wait()


class Unplugged:
    """A driver whose hardware is not there."""

    async def run(self, logbook: Logbook) -> None:
        raise DriverError("/dev/ttyUSB0 is gone. Plug the stick in.")


async def test_a_failing_driver_costs_no_other_a_reading_and_stopping_writes_everything(tmp_path: Path) -> None:
    nowhere = Broker("127.0.0.1", 1)
    settings = AgentSettings("edge-1", "gw-1", tmp_path / "outbox.sqlite", nowhere, ())
    counting, stop = Counting(1_234), asyncio.Event()
    with contextlib.closing(Outbox.open(settings.outbox, "gw-1", "edge-1")) as outbox:
        agent = Agent(settings, outbox, stamper(outbox), HERE)
        working = asyncio.create_task(agent.work({"stick": Unplugged(), "ble": counting}, stop))
        await counting.done.wait()
        stop.set()
        await working
        batches = [decode_batch(waiting.payload) for waiting in outbox.oldest(100)]
    assert [reading.value for batch in batches for reading in batch.readings] == list(range(1_234))


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
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log)

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


@pytest.mark.integration
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


@pytest.mark.integration
def test_sigterm_writes_what_was_reported_and_ends_well(broker, stick, process: Process, tmp_path: Path) -> None:
    with Gateway(Broker(broker.host, broker.port, broker.username, broker.password_file)) as gateway:
        gateway.until(gateway.driver_runs)
        broker.stop()
        stick.send(PRESSED + RELEASED)
        log = tmp_path / "edge.log"
        until(lambda: waiting_on_disk(tmp_path / "edge.sqlite") == 2, what=log.read_text())
        assert process.end(signal.SIGTERM) == 0
    assert "Traceback" not in log.read_text()


def waiting_on_disk(path: Path) -> int:
    """What waits in the outbox of another process."""
    with contextlib.closing(Outbox.open(path, "gw-1", "edge-1")) as outbox:
        return outbox.waiting()


class Telling(Counting):
    """A driver that reports one reading each time it is started."""

    def __init__(self) -> None:
        super().__init__(1)
        self.starts = 0

    async def run(self, logbook: Logbook) -> None:
        self.starts += 1
        self.done.clear()
        await super().run(logbook)


async def test_settings_read_again_exchange_what_changed_and_leave_the_rest_alone(tmp_path: Path) -> None:
    nowhere = Broker("127.0.0.1", 1)

    def settings(*tables: tuple[str, int]) -> AgentSettings:
        drivers = tuple({"kind": "test", "name": name, "version": version} for name, version in tables)
        return AgentSettings("edge-1", "gw-1", tmp_path / "outbox.sqlite", nowhere, drivers)

    first = {name: Telling() for name in ("kept", "changed", "gone")}
    later = {name: Telling() for name in ("kept", "changed", "new")}
    before = settings(("kept", 1), ("changed", 1), ("gone", 1))
    answers = [SettingsError("edge.toml: wrong"), (settings(("kept", 1), ("changed", 2), ("new", 1)), later)]

    def reread():
        answer = answers.pop(0)
        if isinstance(answer, SettingsError):
            raise answer
        return answer

    stop, hangup = asyncio.Event(), asyncio.Event()
    with contextlib.closing(Outbox.open(before.outbox, "gw-1", "edge-1")) as outbox:
        agent = Agent(before, outbox, stamper(outbox), HERE)
        working = asyncio.create_task(agent.work(dict(first), stop, hangup, reread))
        async with asyncio.timeout(30):
            for driver in first.values():
                await driver.done.wait()
            while answers:
                hangup.set()
                await asyncio.sleep(0.01)
            await later["new"].done.wait()
            await later["changed"].done.wait()
        stop.set()
        await working
    assert [driver.starts for driver in first.values()] == [1, 1, 1]
    assert [driver.starts for driver in later.values()] == [0, 1, 1]


@pytest.mark.integration
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


def test_a_secret_that_was_replaced_is_a_change(tmp_path: Path) -> None:
    secret = tmp_path / "community"
    secret.write_text("public")
    printer = {"host": "192.0.2.1", "community_file": str(secret)}
    drivers = ({"kind": "printer_snmp", "name": "printers", "printer": [printer]}, {"kind": "x", "name": "other"})
    settings = AgentSettings("edge-1", "gw-1", tmp_path / "outbox.sqlite", Broker("127.0.0.1", 1), drivers)
    before = fingerprints(settings)
    assert fingerprints(settings) == before
    secret.write_text("hisho")
    after = fingerprints(settings)
    assert (before["printers"] != after["printers"], before["other"] == after["other"]) == (True, True)


def test_drivers_on_one_radio_change_together(tmp_path: Path) -> None:
    def of(adapter: str) -> dict[str, str]:
        drivers = ({"kind": "ble_bthome", "name": "a", "adapter": adapter}, {"kind": "ble_linking", "name": "b"})
        return fingerprints(AgentSettings("e", "g", tmp_path / "o", Broker("127.0.0.1", 1), drivers))

    assert of("")["b"] != of("DC:A6:32:01:02:03")["b"]
