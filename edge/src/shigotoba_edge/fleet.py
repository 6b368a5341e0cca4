"""The drivers at work: started, ended and exchanged by name, each under its own supervision.

Responsible for exchanging what has changed without disturbing what has not. Refuses to know settings files.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from random import Random

from shigotoba_edge.driver import Driver
from shigotoba_edge.logbook import Logbook
from shigotoba_edge.supervision import Supervisor
from shigotoba_wire.health import DriverHealth

log = logging.getLogger(__name__)


class Fleet:
    """The drivers of an agent, as tasks of ``group``.

    Args:
        group: Owns the tasks.
        logbook_for: Makes the logbook of a driver, by its name.
        rng: For jitter.
    """

    def __init__(self, group: asyncio.TaskGroup, logbook_for: Callable[[str], Logbook], rng: Random) -> None:
        self._group = group
        self._logbook_for = logbook_for
        self._rng = rng
        self._drivers: dict[str, Driver] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._logbooks: dict[str, Logbook] = {}
        self._fingerprints: dict[str, str] = {}

    async def arrange(self, drivers: Mapping[str, Driver], fingerprints: Mapping[str, str]) -> None:
        """Have these drivers at work; one whose fingerprint is what it was goes on undisturbed.

        What has to end ends first: a port is free before its next user comes.
        """
        unchanged = {name for name in drivers if self._fingerprints.get(name, "") == fingerprints.get(name)}
        await self._end([name for name in self._tasks if name not in unchanged])
        for name in [name for name in drivers if name not in unchanged]:
            self._start(name, drivers[name])
        self._fingerprints = {name: fingerprints[name] for name in drivers if name in fingerprints}

    async def restart(self, name: str) -> None:
        """End a driver and start it again.

        Raises:
            KeyError: There is none of that name.
        """
        driver = self._drivers[name]
        await self._end([name])
        self._start(name, driver)

    async def end(self) -> None:
        """End all of them."""
        await self._end(list(self._tasks))

    def health(self) -> tuple[DriverHealth, ...]:
        """How each of them is."""
        return tuple(logbook.health() for logbook in self._logbooks.values())

    def _start(self, name: str, driver: Driver) -> None:
        self._drivers[name] = driver
        self._logbooks[name] = logbook = self._logbook_for(name)
        self._tasks[name] = self._group.create_task(Supervisor(driver, logbook, self._rng).run())

    async def _end(self, names: list[str]) -> None:
        tasks = [self._tasks.pop(name) for name in names]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for name in names:
            del self._logbooks[name], self._drivers[name]
            log.info("%s: ended", name)
