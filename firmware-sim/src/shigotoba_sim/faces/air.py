"""The air between the sensors and the antenna: whatever is due is sent, in order.

Responsible for the one timer behind all sensors. Refuses to know what is sent and who listens.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import NoReturn

from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.sensor import PresenceSensor


class Air:
    """Carries the advertisements of its sensors to ``hear``."""

    def __init__(self, hear: Callable[[Advert], None]) -> None:
        self._hear = hear
        self._sensors: dict[str, PresenceSensor] = {}
        self._queue: list[tuple[int, str]] = []
        self._moved = asyncio.Event()

    def add(self, key: str, sensor: PresenceSensor) -> None:
        """Bring a sensor into range."""
        self._sensors[key] = sensor
        self._schedule(key)

    def change(self, key: str, occupied: bool, at_ms: int) -> None:
        """Tell one sensor that its place has become occupied or vacant."""
        self._sensors[key].change(occupied, at_ms)
        self._schedule(key)

    async def run(self, now_ms: Callable[[], int]) -> NoReturn:
        """Send until cancelled."""
        while True:
            self._moved.clear()
            self._send_due(now_ms())
            wait_s = max(self._queue[0][0] - now_ms(), 0) / 1000 if self._queue else None
            try:
                async with asyncio.timeout(wait_s):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def _schedule(self, key: str) -> None:
        heapq.heappush(self._queue, (self._sensors[key].due_ms, key))
        self._moved.set()

    def _send_due(self, now_ms: int) -> None:
        while self._queue and self._queue[0][0] <= now_ms:
            due_ms, key = heapq.heappop(self._queue)
            sensor = self._sensors[key]
            # A change puts a sensor in a second time; only the entry that matches its mind counts.
            if due_ms == sensor.due_ms:
                self._hear(sensor.transmit(now_ms))
                heapq.heappush(self._queue, (sensor.due_ms, key))
