"""The agent: drivers, outbox, courier and health, put together and taken apart again.

What a driver reports goes to the roster (health) and to the collector (disk); the courier carries the disk's content
to the gateway. On SIGTERM the drivers end first, then the collector writes what is left.

Responsible for the process. Refuses to know what drivers hear.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal

from shigotoba_edge.collector import Collector
from shigotoba_edge.driver import Driver, Surroundings
from shigotoba_edge.logbook import Logbook, Sighting
from shigotoba_edge.roster import Roster
from shigotoba_edge.settings import AgentSettings
from shigotoba_edge.supervision import Supervisor
from shigotoba_wire import topics
from shigotoba_wire.courier import Courier
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.health import AgentHealth, DeviceHealth, DriverHealth, encode_health
from shigotoba_wire.outbox import Outbox


async def run_agent(settings: AgentSettings, drivers: dict[str, Driver], surroundings: Surroundings) -> None:
    """Run until SIGTERM or SIGINT; whatever was reported is then in the outbox.

    Raises:
        OutboxError: The outbox cannot be used.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with contextlib.closing(Outbox.open(settings.outbox, settings.gateway, settings.agent)) as outbox:
        courier = Courier(outbox, settings.broker, topics.local(settings.gateway, settings.agent))
        courier.start()
        try:
            await Agent(settings, outbox, courier, surroundings).work(drivers, stop)
        finally:
            await asyncio.to_thread(courier.stop)


class Agent:
    """An agent at work on an open outbox and a started courier."""

    def __init__(self, settings: AgentSettings, outbox: Outbox, courier: Courier, surroundings: Surroundings) -> None:
        self._settings = settings
        self._outbox = outbox
        self._courier = courier
        self._surroundings = surroundings
        self._started_at_ms = surroundings.now_ms()
        self._roster = Roster()
        self._collector = Collector(outbox.append, surroundings.rng)
        self._logbooks: list[Logbook] = []

    async def work(self, drivers: dict[str, Driver], stop: asyncio.Event) -> None:
        """Run the drivers, by name, until ``stop`` is set; then write what they reported.

        Raises:
            OutboxError: The disk did not take the last readings.
        """
        async with asyncio.TaskGroup() as group:
            collecting = group.create_task(self._collector.run())
            try:
                await self._listen(drivers, stop)
            finally:
                self._collector.close()
        if collecting.result():
            raise OutboxError(
                f"{self._settings.outbox}: {collecting.result()} readings could not be written at the end"
            )

    async def _listen(self, drivers: dict[str, Driver], stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._supervise(name, driver)) for name, driver in drivers.items()]
            tasks.append(group.create_task(self._tell_health()))
            await stop.wait()
            for task in tasks:
                task.cancel()

    async def _supervise(self, name: str, driver: Driver) -> None:
        logbook = Logbook(name, self._take, self._roster.blame)
        self._logbooks.append(logbook)
        await Supervisor(driver, logbook, self._surroundings.rng).run()

    def _take(self, sighting: Sighting) -> None:
        self._roster.note(sighting)
        self._collector.add(sighting.readings)

    async def _tell_health(self) -> None:
        while True:
            drivers = tuple(logbook.health() for logbook in self._logbooks)
            await asyncio.to_thread(self._publish_health, drivers, self._roster.devices())
            await asyncio.sleep(self._settings.health_every_s)

    def _publish_health(self, drivers: tuple[DriverHealth, ...], devices: tuple[DeviceHealth, ...]) -> None:
        health = AgentHealth(
            agent=self._settings.agent,
            at_ms=self._surroundings.now_ms(),
            started_at_ms=self._started_at_ms,
            epoch=self._outbox.epoch,
            next_seq=self._outbox.next_seq,
            waiting=self._outbox.waiting(),
            drivers=drivers,
            devices=devices,
        )
        self._courier.publish(topics.HEALTH, encode_health(health))
