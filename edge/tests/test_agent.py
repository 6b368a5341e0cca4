"""The whole agent in one process, with drivers of the test; as a process of its own it is in ``test_agent_process``."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from random import Random

from shigotoba_edge.agent import Agent
from shigotoba_edge.driver import DriverError, Surroundings
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_edge.settings import AgentSettings, fingerprints
from shigotoba_wire.clock import ClockSettings, ClockWatch
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.stamping import Stamper

HERE = Surroundings(lambda: 1_800_000_000_000, Random(7))


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
