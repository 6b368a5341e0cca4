"""The gateway as a whole: local intake, spool, booths, the way upstream and down, its own health.

Responsible for starting, joining and stopping the parts. Refuses everything the parts do.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from shigotoba_gateway.booths.desk import Desk
from shigotoba_gateway.booths.post import Post
from shigotoba_gateway.downlink import Configuration
from shigotoba_gateway.intake import Intake
from shigotoba_gateway.neighbourhood import Neighbourhood
from shigotoba_gateway.orders import Orders
from shigotoba_gateway.pulse import Pulse
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.sidedoor import SideDoor
from shigotoba_gateway.spool import Spool
from shigotoba_gateway.status.front import Front, Views
from shigotoba_gateway.storeroom import Storeroom
from shigotoba_gateway.twins import ASK_AGAIN_S, Twins
from shigotoba_wire.clock import Clock, ClockWatch, Jump, SystemClock, boot_id
from shigotoba_wire.commands import Commands, encode_commands
from shigotoba_wire.courier import Courier
from shigotoba_wire.health import encode_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.machine import part_from_original, sign, this_machine
from shigotoba_wire.stamping import Stamper
from shigotoba_wire.topics import (
    COMMANDS,
    CONFIG,
    EVENT_RECEIPTS,
    EVENTS,
    HEALTH,
    SCHEDULE,
    TURNED_AWAY,
    local,
    local_filter,
    upstream,
)

log = logging.getLogger(__name__)

TICK_S: Final = 0.5
TIDY_EVERY_S: Final = 3600.0
UNTOLD_S: Final = 0.5
"""Health that could not be published is tried again after so long: a gateway that is back says so at once."""

STAMP: Final = "%Y%m%dT%H%M%SZ"


class Hub:
    """A running gateway."""

    def __init__(self, settings: GatewaySettings, clock: Clock | None = None) -> None:
        gateway = settings.gateway
        self._clock = clock or SystemClock()
        now_ms = self._clock.now_ms
        self._watch = ClockWatch(self._clock, settings.clock, _say_jump)
        stamp = datetime.fromtimestamp(now_ms() / 1000, UTC).strftime(STAMP)
        machine = this_machine()
        part_from_original(settings.spool, machine)
        self._spool = Spool.open(settings.spool, settings.site, gateway, stamp)
        sign(self._spool.outbox, machine)
        self._stamper = Stamper(self._spool.outbox, self._clock, self._watch, boot_id())
        self._spool.door = self._stamper.append
        self._pulse = Pulse(gateway, now_ms)
        self._inbox = Inbox(settings.local, f"{gateway}.intake", [local_filter(gateway)])
        self._storeroom = Storeroom(self._spool, settings.spool, settings.disk)
        self._desk = Desk(self._spool, now_ms, lambda: self._watch.certain)
        self._intake = Intake(self._inbox, self._spool, self._storeroom, gateway, self._pulse, self._desk)
        door = SideDoor(self._spool, self._storeroom, self._desk, self._intake.listeners)
        self._neighbourhood = Neighbourhood(settings, door, self._intake.listeners, now_ms)
        self._courier = Courier(
            self._spool.outbox, settings.upstream, upstream(settings.site, gateway), self._when_asked
        )
        self._configuration = Configuration(self._spool)
        self._twins = Twins(gateway, self._pulse.instance, time.monotonic, lambda: self._configuration.health_every_s)
        self._courier.on_echo = self._twins.hear
        self._courier.on_begin = self._tell_health
        self._twins.on_turned_away = lambda: self._courier.rest(ASK_AGAIN_S)
        views = Views(self._courier.sight, self._local_broker, lambda: self._pulse.health(self._spool), now_ms)
        self._front = Front(settings, views, self._twins.turned_away, self._courier.begin_anew)
        self._intake.on_round = lambda: self._front.alive("the intake")
        self._orders = Orders(self._spool, now_ms, self._front.orders(), self._pass_on)
        self._intake.on_answer = self._orders.answered
        self._post = Post(self._desk, gateway, self._retain, lambda payload: self._courier.publish(EVENTS, payload))
        self._gateway = gateway
        self._tidied_s = float("-inf")
        self._pulse.parts += [self._configuration.health, self._orders.health, self._desk.health, self._own_health]
        self._pulse.parts.append(self._front.health)
        self._asked: Mapping[str, Callable[[bytes], None]] = {
            CONFIG: self._configuration.take,
            SCHEDULE: self._desk.take_schedule,
            EVENT_RECEIPTS: self._post.take_receipt,
            COMMANDS: self._orders.take,
            TURNED_AWAY: self._twins.turn_away,
        }

    def run(self, stopping: threading.Event) -> None:
        """Work until asked to stop; what is taken in by then is on disk.

        An error that the intake cannot wait out ends the run, and with it the process: whoever supervises it starts it
        again, and a half-dead gateway is not mistaken for a living one.
        """
        self._storeroom.look(time.monotonic())
        self._inbox.start()
        self._courier.start()
        self._neighbourhood.start()
        duties = [
            threading.Thread(target=duty, args=(stopping,), name=duty.__name__) for duty in (self._beat, self._tend)
        ]
        for thread in duties:
            thread.start()
        log.info("spool %s: %d readings wait", self._spool.outbox.epoch, self._spool.outbox.waiting())
        try:
            self._front.start()
            self._intake.run(stopping)
        finally:
            stopping.set()
            self._front.stop()
            for thread in duties:
                thread.join()
            self._neighbourhood.stop()
            self._inbox.stop()
            self._courier.stop()
            self._spool.close()

    def _beat(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self._neighbourhood.report(self._pulse)
            told = self._tell_health()
            stopping.wait(self._configuration.health_every_s if told else UNTOLD_S)

    def _tell_health(self) -> bool:
        return self._courier.publish(HEALTH, encode_health(self._pulse.health(self._spool)))

    def _tend(self, stopping: threading.Event) -> None:
        """Everything that happens because time passes."""
        while not stopping.wait(TICK_S):
            try:
                self._tick(time.monotonic())
            except Exception:
                # A full disk must not end what else goes on; the intake says more of it.
                log.exception("the gateway's upkeep failed; going on")

    def _tick(self, now_s: float) -> None:
        self._front.alive("the upkeep")
        self._stamper.tick()
        if not self._inbox.connected:
            self._post.forget_shown()
        self._post.tick(now_s)
        if not self._twins.turned_away():
            self._orders.tick(now_s)
        if now_s - self._tidied_s >= TIDY_EVERY_S:
            self._tidied_s = now_s
            self._desk.ledger.forget(self._clock.now_ms())
            self._orders.forget()

    def _when_asked(self, kind: str, payload: bytes) -> None:
        take = self._asked.get(kind)
        if take is None:
            log.warning("the backend asks for %r, which this gateway does not know", kind)
            return
        take(payload)

    def _local_broker(self) -> tuple[bool, str]:
        return self._inbox.connected, self._inbox.trouble

    def _pass_on(self, agent: str, commands: Commands) -> bool:
        return self._inbox.publish(local(self._gateway, agent).down(COMMANDS), encode_commands(commands))

    def _retain(self, topic: str, payload: bytes) -> bool:
        return self._inbox.publish(topic, payload, retain=True)

    def _own_health(self) -> dict[str, Any]:
        return {
            "spool": self._storeroom.health(),
            "clock": self._stamper.health(),
            "every_s": self._configuration.health_every_s,
            "twin": self._twins.standing(),
            "problems": (*self._storeroom.problems(), *self._watch.problems(), *self._twins.problems()),
        }


def _say_jump(jump: Jump) -> None:
    log.warning("the clock jumped by %+.1f s", jump.by_s)
