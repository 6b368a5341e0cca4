"""The air between the sensors and the antenna: whatever is due is sent, in order.

Responsible for the one timer behind all sensors. Refuses to know what is sent and who listens.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Mapping

from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.sensor import PresenceSensor


class Air:
    """Carries the advertisements of ``sensors`` to ``hear``."""

    def __init__(
        self, sensors: Mapping[str, PresenceSensor], hear: Callable[[Advert], None], now_ms: Callable[[], int]
    ) -> None:
        self._sensors = sensors
        self._hear = hear
        self._now_ms = now_ms
        self._queue = [(sensor.due_ms, key) for key, sensor in sensors.items()]
        heapq.heapify(self._queue)
        self._moved = asyncio.Event()

    def change(self, key: str, occupied: bool, at_ms: int) -> None:
        """Tell one sensor that its place has become occupied or vacant."""
        sensor = self._sensors[key]
        sensor.change(occupied, at_ms)
        heapq.heappush(self._queue, (sensor.due_ms, key))
        self._moved.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._moved.clear()
            self._send_due()
            wait_s = max(self._queue[0][0] - self._now_ms(), 0) / 1000 if self._queue else None
            try:
                async with asyncio.timeout(wait_s):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def _send_due(self) -> None:
        now_ms = self._now_ms()
        while self._queue and self._queue[0][0] <= now_ms:
            due_ms, key = heapq.heappop(self._queue)
            sensor = self._sensors[key]
            # A change puts a sensor in a second time; only the entry that matches its mind counts.
            if due_ms == sensor.due_ms:
                self._hear(sensor.transmit(now_ms))
                heapq.heappush(self._queue, (sensor.due_ms, key))
