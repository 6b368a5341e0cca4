"""A running driver that can be watched, and an EnOcean stick that can be unplugged."""

from __future__ import annotations

import asyncio
import contextlib
import os
import termios
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from shigotoba_edge.commons import Commons
from shigotoba_edge.driver import Driver, Surroundings
from shigotoba_edge.drivers import load
from shigotoba_edge.logbook import Logbook, Sighting
from shigotoba_testing.bluez import bluez, system_bus
from shigotoba_testing.terminal import Terminal
from shigotoba_testing.waiting import until
from shigotoba_wire.health import DriverState
from shigotoba_wire.readings import Value
from shigotoba_wire.settings_file import convert

__all__ = ["bluez", "system_bus"]

NOW_MS = 1_800_000_000_000
WAIT_S = 30
"""The end of waiting for something that should come soon; a busy machine is slow, not wrong."""


class NotingLogbook(Logbook):
    """A logbook that says when something was written into it."""

    def __init__(self, driver: str, on_sighting: Callable[[Sighting], None], news: asyncio.Event) -> None:
        super().__init__(driver, on_sighting)
        self._news = news

    def ready(self) -> None:
        super().ready()
        self._news.set()

    def dropped(self, reason: str, times: int = 1, device: str = "") -> None:
        super().dropped(reason, times, device)
        self._news.set()


class Listening:
    """A driver built from a ``[[driver]]`` table, and what it has reported over all its runs."""

    def __init__(self, commons: Commons | None = None, **table: Any) -> None:
        kind = load(table["kind"])
        settings = convert(table | {"name": "tested"}, kind.settings)
        surroundings = Surroundings(lambda: NOW_MS, Random(7), commons or Commons())
        self.driver: Driver = kind.build(settings, surroundings)
        self.sightings: list[Sighting] = []
        self._news = asyncio.Event()
        self.logbook = NotingLogbook("tested", self._take, self._news)

    def _take(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self._news.set()

    def values(self, point: str) -> list[Value]:
        """The values of one point, in the order they were reported."""
        return [reading.value for seen in self.sightings for reading in seen.readings if reading.point == point]

    @property
    def dropped(self) -> dict[str, int]:
        """What was not understood, by reason."""
        return self.logbook.health().dropped

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the driver has reported what makes ``condition`` true."""
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """The driver runs, not necessarily ready yet; cancelled in the end."""
        self.logbook.state = DriverState.STARTING
        task = asyncio.create_task(self.driver.run(self.logbook))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def ready(self) -> None:
        """Wait until the driver listens."""
        await self.until(lambda: self.logbook.state is DriverState.RUNNING)


@pytest.fixture
def listening() -> Callable[..., Listening]:
    """Makes a driver that can be watched, from the keys of its table."""
    return Listening


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

    @property
    def far_end(self) -> int:
        """The descriptor of whoever is behind the port."""
        assert self._ends is not None
        return self._ends[0]

    def send(self, data: bytes) -> None:
        os.write(self.far_end, data)

    def wait_opened(self) -> None:
        """Wait until a driver has set the terminal line: what is sent from then on is read."""
        assert self._ends is not None
        near_end = self._ends[1]
        until(lambda: not termios.tcgetattr(near_end)[3] & termios.ECHO)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Stick]:
    stick = Stick(tmp_path / "tty-enocean")
    stick.plug_in()
    yield stick
    stick.unplug()


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    running: list[Terminal] = []

    def start(*arguments: object) -> Terminal:
        running.append(Terminal(*map(str, arguments)))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def edge_toml(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the settings of an agent with these ``[[driver]]`` tables; its broker is not there."""

    def write(tables: str) -> Path:
        path = tmp_path / "edge.toml"
        own = f'agent = "edge-1"\ngateway = "gw-1"\noutbox = "{tmp_path}/edge.sqlite"\n'
        path.write_text(f'{own}[broker]\nhost = "127.0.0.1"\nport = 1\n{tables}')
        return path

    return write
