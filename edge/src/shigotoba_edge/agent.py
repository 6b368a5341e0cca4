"""The agent: drivers, meaning, outbox, courier and health, put together and taken apart again.

What a driver reports goes through the interpreter (meaning) to the roster (health) and to the collector (disk); the
courier carries the disk's content to the gateway. On SIGTERM the drivers end first, then the collector writes what is
left. On SIGHUP the settings are read again: drivers that have changed are exchanged, the others go on; settings that
are wrong change nothing.

Responsible for the process. Refuses to know what drivers hear.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from shigotoba_edge.collector import Collector
from shigotoba_edge.driver import Driver, Surroundings
from shigotoba_edge.fleet import Fleet
from shigotoba_edge.identify import blink
from shigotoba_edge.logbook import Logbook, Sighting
from shigotoba_edge.meaning.interpreter import Interpreter
from shigotoba_edge.orders import AgentOrders, Carry, OrderError
from shigotoba_edge.roster import Roster
from shigotoba_edge.settings import AgentSettings, fingerprints
from shigotoba_edge.watchdog import watched
from shigotoba_wire import topics
from shigotoba_wire.clock import ClockWatch, Jump, SystemClock, boot_id
from shigotoba_wire.commands import Command, CommandKind
from shigotoba_wire.courier import Courier
from shigotoba_wire.errors import OutboxError, SettingsError
from shigotoba_wire.health import AgentHealth, DeviceHealth, DriverHealth, encode_health
from shigotoba_wire.machine import part_from_original, sign, this_machine
from shigotoba_wire.notify import Notifier
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.salvage import Salvage, open_or_salvage
from shigotoba_wire.stamping import Stamper, carry_unstamped

log = logging.getLogger(__name__)

TICK_S: Final = 0.5
"""How often holds that have run out are looked for."""

STAMP: Final = "%Y%m%dT%H%M%SZ"
"""Ends the name of a damaged outbox that was set aside."""

LASTING: Final = ("agent", "gateway", "outbox", "broker", "clock")
"""Settings that only a restart changes: other processes, and the disk, know this one by them."""

Reread = Callable[[], tuple[AgentSettings, dict[str, Driver]]]


async def run_agent(
    settings: AgentSettings, drivers: dict[str, Driver], surroundings: Surroundings, reread: Reread
) -> None:
    """Run until SIGTERM or SIGINT; whatever was reported is then in the outbox. SIGHUP takes up what ``reread`` gives.

    Raises:
        OutboxError: The outbox cannot be used.
    """
    stop, hangup = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, hangup.set)
    clock = SystemClock()
    stamp = datetime.fromtimestamp(clock.now_ms() / 1000, UTC).strftime(STAMP)
    machine = this_machine()
    part_from_original(settings.outbox, machine)
    outbox, salvage = open_or_salvage(settings.outbox, settings.gateway, settings.agent, stamp, carry_unstamped)
    with contextlib.closing(outbox):
        sign(outbox, machine)
        stamper = Stamper(outbox, clock, ClockWatch(clock, settings.clock, _say_jump), boot_id())
        agent = Agent(settings, outbox, stamper, surroundings)
        agent.salvage = salvage

        def ask(kind: str, payload: bytes) -> None:
            loop.call_soon_threadsafe(agent.ask, kind, payload)

        courier = Courier(outbox, settings.broker, topics.local(settings.gateway, settings.agent), ask)
        agent.publish = courier.publish
        courier.start()
        try:
            async with watched(Notifier(), outbox):
                await agent.work(drivers, stop, hangup, reread)
        finally:
            await asyncio.to_thread(courier.stop)


def _say_jump(jump: Jump) -> None:
    log.warning("the clock jumped by %+.1f s", jump.by_s)


def _to_nobody(_kind: str, _payload: bytes) -> bool:
    return False


class Agent:
    """An agent at work on an open outbox.

    Attributes:
        publish: Sends a message of some kind to the gateway; to nobody until it is set.
        salvage: What became of a damaged outbox at this start; None when it was sound.
    """

    def __init__(self, settings: AgentSettings, outbox: Outbox, stamper: Stamper, surroundings: Surroundings) -> None:
        self._settings = settings
        self._outbox = outbox
        self._stamper = stamper
        self._surroundings = surroundings
        self.publish: Callable[[str, bytes], bool] = _to_nobody
        self.salvage: Salvage | None = None
        self._started_at_ms = surroundings.now_ms()
        self._roster = Roster()
        self._interpreter = Interpreter(settings.model)
        self._collector = Collector(stamper.append, surroundings.rng)
        self._orders: AgentOrders | None = None

    async def work(
        self,
        drivers: dict[str, Driver],
        stop: asyncio.Event,
        hangup: asyncio.Event | None = None,
        reread: Reread | None = None,
    ) -> None:
        """Run the drivers, by name, until ``stop`` is set; then write what they reported.

        Raises:
            OutboxError: The disk did not take the last readings.
        """
        async with asyncio.TaskGroup() as group:
            collecting = group.create_task(self._collector.run())
            try:
                async with asyncio.TaskGroup() as listening:
                    fleet = Fleet(listening, self._logbook_for, self._surroundings.rng)
                    await fleet.arrange(drivers, fingerprints(self._settings))
                    self._orders = AgentOrders(self._own_orders(fleet), self._publish, self._surroundings.now_ms)
                    duties = [self._tell_health(fleet), self._keep_time(), self._orders.run()]
                    if hangup is not None and reread is not None:
                        duties.append(self._take_up_changes(fleet, hangup, reread))
                    tasks = [listening.create_task(duty) for duty in duties]
                    await stop.wait()
                    await fleet.end()
                    for task in tasks:
                        task.cancel()
            finally:
                self._collector.close()
        if collecting.result():
            raise OutboxError(
                f"{self._settings.outbox}: {collecting.result()} readings could not be written at the end"
            )

    def ask(self, kind: str, payload: bytes) -> None:
        """Take what the gateway asks for; before the agent is at work it is asked again."""
        if self._orders is not None:
            self._orders.ask(kind, payload)

    def _publish(self, kind: str, payload: bytes) -> bool:
        return self.publish(kind, payload)

    def _own_orders(self, fleet: Fleet) -> dict[CommandKind, Carry]:
        async def restart_driver(command: Command) -> str:
            try:
                await fleet.restart(command.driver)
            except KeyError:
                raise OrderError(f"this agent has no driver called {command.driver!r}") from None
            return f"{command.driver} was started again"

        async def identify(_command: Command) -> str:
            await blink()
            return "the light has blinked"

        return {CommandKind.RESTART_DRIVER: restart_driver, CommandKind.IDENTIFY: identify}

    async def _take_up_changes(self, fleet: Fleet, hangup: asyncio.Event, reread: Reread) -> None:
        while True:
            await hangup.wait()
            hangup.clear()
            try:
                settings, drivers = await asyncio.to_thread(reread)
            except SettingsError as error:
                log.warning("the settings are not taken up, everything goes on as before: %s", error)
                continue
            await self._take_up(settings, drivers, fleet)

    async def _take_up(self, settings: AgentSettings, drivers: Mapping[str, Driver], fleet: Fleet) -> None:
        lasting = {key: getattr(self._settings, key) for key in LASTING}
        changed = [key for key, value in lasting.items() if getattr(settings, key) != value]
        if changed:
            log.warning("a restart is needed for changes of %s; the other settings are taken up", ", ".join(changed))
        self._settings = msgspec.structs.replace(settings, **lasting)
        self._interpreter = Interpreter(settings.model).taking_over(self._interpreter)
        await fleet.arrange(drivers, fingerprints(settings))
        log.info("the settings are taken up")

    def _logbook_for(self, driver: str) -> Logbook:
        return Logbook(driver, self._take, self._roster.blame)

    def _take(self, sighting: Sighting) -> None:
        self._roster.note(sighting)
        self._keep(self._interpreter.take(sighting))

    def _keep(self, sightings: Iterable[Sighting]) -> None:
        for sighting in sightings:
            self._collector.add(sighting.readings)

    async def _keep_time(self) -> None:
        while True:
            self._keep(self._interpreter.elapse(self._surroundings.now_ms()))
            try:
                await asyncio.to_thread(self._stamper.tick)
            except sqlite3.Error as error:
                log.warning("readings that wait for the clock could not be written (%s); tried again", error)
            await asyncio.sleep(TICK_S)

    async def _tell_health(self, fleet: Fleet) -> None:
        while True:
            await asyncio.to_thread(self._publish_health, fleet.health(), self._roster.devices())
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
            clock=self._stamper.health(),
            set_aside=self._outbox.set_aside(),
            salvaged=self.salvage.readings if self.salvage else 0,
            set_aside_file=self.salvage.set_aside.name if self.salvage else "",
        )
        self.publish(topics.HEALTH, encode_health(health))
