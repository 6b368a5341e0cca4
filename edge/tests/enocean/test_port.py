"""The driver with real pyserial on a pty: noise, torn packets, the stick unplugged and back."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from serial import Serial

from shigotoba_edge.driver import DriverError, Surroundings
from shigotoba_edge.drivers.enocean import KIND
from shigotoba_edge.drivers.enocean.driver import Settings
from shigotoba_edge.logbook import Logbook, Sighting
from shigotoba_wire.health import DriverState

PRESSED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")
HERE = Surroundings(lambda: 1_800_000_000_000, Random(7))


class Stick:
    """A pty behind a stable name, as udev makes one."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self._ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        self._ends = os.openpty()
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(self._ends[1]))

    def unplug(self) -> None:
        if self._ends is not None:
            for end in self._ends:
                os.close(end)
            self._ends = None

    def send(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)


class Listening:
    """A running driver and what it has reported."""

    def __init__(self, stick: Stick) -> None:
        self.sightings: list[Sighting] = []
        self._news = asyncio.Event()
        self.logbook = Noting("enocean", self._take, self._news)
        self.driver = KIND.build(Settings(kind="enocean", name="enocean", port=str(stick.name)), HERE)

    def _take(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self._news.set()

    @property
    def buttons(self) -> list[object]:
        return [reading.value for sighting in self.sightings for reading in sighting.readings]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.driver.run(self.logbook))
        try:
            await self.until(lambda: self.logbook.state is DriverState.RUNNING)
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


class Noting(Logbook):
    """A logbook that tells when something was written into it."""

    def __init__(self, driver: str, on_sighting: Callable[[Sighting], None], news: asyncio.Event) -> None:
        super().__init__(driver, on_sighting)
        self._news = news

    def ready(self) -> None:
        super().ready()
        self._news.set()

    def dropped(self, reason: str, times: int = 1) -> None:
        super().dropped(reason, times)
        self._news.set()


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Stick]:
    stick = Stick(tmp_path / "tty-enocean")
    stick.plug_in()
    yield stick
    stick.unplug()


async def test_a_press_becomes_a_reading(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running():
        stick.send(PRESSED + RELEASED)
        await listening.until(lambda: len(listening.sightings) == 2)
    first = listening.sightings[0]
    assert (first.device, first.at_ms, first.rssi_dbm) == ("enocean-002da8bb", 1_800_000_000_000, -50)
    assert listening.buttons == ["AI", "released"]


async def test_noise_is_skipped_byte_by_byte_and_counted(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running():
        stick.send(bytes.fromhex("00 FF 55 99 55") + PRESSED + b"\x11\x13\x04" + RELEASED)
        await listening.until(lambda: len(listening.sightings) == 2)
    assert listening.logbook.health().dropped == {"noise_bytes": 8}


async def test_a_torn_packet_is_put_together(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running():
        for byte in PRESSED:
            stick.send(bytes([byte]))
            await asyncio.sleep(0)
        await listening.until(lambda: bool(listening.sightings))
    assert listening.logbook.health().dropped == {}


async def test_a_packet_that_stands_still_is_given_up(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running():
        stick.send(PRESSED[:9])
        await listening.until(lambda: listening.logbook.health().dropped == {"noise_bytes": 9})
        stick.send(RELEASED)
        await listening.until(lambda: bool(listening.sightings))
    assert listening.buttons == ["released"]


async def test_a_telegram_that_is_not_understood_is_counted(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running():
        stick.send(bytes.fromhex("55 00 05 01 02 DB 00 FF 80 00 00 0A 3E"))
        await listening.until(lambda: listening.logbook.health().dropped == {"packet_type_02": 1})
    assert listening.sightings == []


async def test_an_unplugged_stick_ends_the_run_and_the_next_one_hears_again(stick: Stick) -> None:
    listening = Listening(stick)
    async with listening.running() as task:
        stick.send(PRESSED)
        await listening.until(lambda: bool(listening.sightings))
        stick.unplug()
        with pytest.raises(DriverError, match="Plug the stick in"):
            await task
    with pytest.raises(DriverError, match="No such file") as caught:
        await listening.driver.run(listening.logbook)
    listening.logbook.failed(str(caught.value))
    stick.plug_in()
    async with listening.running():
        stick.send(RELEASED)
        await listening.until(lambda: len(listening.sightings) == 2)
    assert listening.buttons == ["AI", "released"]


async def test_a_port_in_use_is_left_alone(stick: Stick) -> None:
    with Serial(str(stick.name), exclusive=True), pytest.raises(DriverError, match="exclusively lock"):
        await Listening(stick).driver.run(Logbook("enocean", lambda _: None))


async def test_the_port_is_free_after_the_run(stick: Stick) -> None:
    async with Listening(stick).running():
        pass
    with Serial(str(stick.name), exclusive=True) as port:
        assert port.is_open
