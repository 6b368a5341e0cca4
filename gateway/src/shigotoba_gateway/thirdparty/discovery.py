"""The gateway's sensors in Home Assistant: announced on the local broker, their states said again, taken back if gone.

The announcements are retained, so the broker is the memory of what was announced before a restart: those that nobody
renews in time are taken back. States are not retained, so that nobody takes an old one for news.

Responsible for that one direction. Refuses to take anything in from Home Assistant, and to disturb the taking in of
readings: ``note`` never waits and never fails.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from shigotoba_gateway.thirdparty.entities import Entity, own_filter
from shigotoba_gateway.thirdparty.settings import DiscoverySettings
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker

log = logging.getLogger(__name__)

MOST_WAITING: Final = 2_000
"""Readings on their way; more than this in one go are passed over, the next ones show the state."""

TAKE_WITHIN_S: Final = 0.5
LOOK_EVERY_S: Final = 1.0
"""How often those that are gone are looked for."""

DAY_MS: Final = 86_400_000


class HomeAssistant:
    """What Home Assistant sees of a gateway, in a thread and a session of its own."""

    def __init__(self, settings: DiscoverySettings, broker: Broker, gateway: str, now_ms: Callable[[], int]) -> None:
        self._settings = settings
        self._gateway = gateway
        self._now_ms = now_ms
        self._wanted = frozenset(settings.points) if settings.publish else frozenset[str]()
        self._readings: queue.Queue[Reading] = queue.Queue(MOST_WAITING)
        self._announced: dict[str, int] = {}
        self._renewed: set[str] = set()
        self._stale = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        session = Session(f"{gateway}.home-assistant", (own_filter(settings.prefix, gateway),))
        self._link = Link(broker, session, self._arrived, self._stale.set)
        self._thread = threading.Thread(target=self._run, name="home-assistant")

    def start(self) -> None:
        """Begin to announce."""
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """End; what was announced stays until it is gone."""
        self._stopping.set()
        self._thread.join()
        self._link.stop()

    def note(self, readings: Sequence[Reading]) -> None:
        """These readings were taken in."""
        for reading in readings:
            if reading.point in self._wanted:
                try:
                    self._readings.put_nowait(reading)
                except queue.Full:
                    return

    def _arrived(self, delivery: Delivery) -> None:
        """An announcement of this gateway, ours or from before the restart."""
        if delivery.payload:
            with self._lock:
                self._announced.setdefault(delivery.topic, self._now_ms())

    def _run(self) -> None:
        looked_s = time.monotonic()
        while not self._stopping.is_set():
            with contextlib.suppress(queue.Empty):
                self._say(self._readings.get(timeout=TAKE_WITHIN_S))
            if time.monotonic() - looked_s >= LOOK_EVERY_S:
                self._take_back_gone()
                looked_s = time.monotonic()

    def _say(self, reading: Reading) -> None:
        entity = Entity(self._gateway, reading.device, reading.point)
        topic, at_ms = entity.config_topic(self._settings.prefix), self._now_ms()
        if self._stale.is_set():
            # A broker that was restarted may have forgotten what it had retained.
            self._stale.clear()
            self._renewed.clear()
        if topic not in self._renewed:
            if not self._link.publish(topic, entity.config(self._settings.expire_after_s), retain=True):
                return
            self._renewed.add(topic)
        with self._lock:
            self._announced[topic] = at_ms
        self._link.publish(entity.state_topic, entity.state(reading.value))

    def _take_back_gone(self) -> None:
        limit_ms = self._settings.gone_after_days * DAY_MS if self._settings.publish else -1.0
        with self._lock:
            gone = [topic for topic, heard_ms in self._announced.items() if self._now_ms() - heard_ms > limit_ms]
        for topic in gone:
            if self._link.publish(topic, b"", retain=True):
                log.info("taken back from Home Assistant: %s", topic)
                self._renewed.discard(topic)
                with self._lock:
                    self._announced.pop(topic, None)
