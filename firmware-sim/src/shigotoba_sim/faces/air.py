"""The air between devices and an antenna: whatever is due is sent, in order.

Responsible for the one timer behind all devices of a medium. Refuses to know what is sent, who listens, and what gets
lost on the way.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import Generic, NoReturn, Protocol, TypeVar

Signal_co = TypeVar("Signal_co", covariant=True)
Signal = TypeVar("Signal")


class Sender(Protocol[Signal_co]):
    """A device with a mind of its own about when to send."""

    @property
    def due_ms(self) -> int:
        """When it sends next, UTC milliseconds."""
        ...

    def transmit(self, now_ms: int) -> Signal_co:
        """What it sends now; moves ``due_ms`` on."""
        ...


class Air(Generic[Signal]):
    """Carries what its devices send to ``hear``: device, signal, and when it was sent."""

    def __init__(self, hear: Callable[[str, Signal, int], None]) -> None:
        self._hear = hear
        self._senders: dict[str, Sender[Signal]] = {}
        self._queue: list[tuple[int, str]] = []
        self._moved = asyncio.Event()

    def add(self, device: str, sender: Sender[Signal]) -> None:
        """Bring a device into range."""
        self._senders[device] = sender
        self.stir(device)

    def stir(self, device: str) -> None:
        """A device has been touched and may want to send sooner than it said."""
        heapq.heappush(self._queue, (self._senders[device].due_ms, device))
        self._moved.set()

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

    def _send_due(self, now_ms: int) -> None:
        while self._queue and self._queue[0][0] <= now_ms:
            due_ms, device = heapq.heappop(self._queue)
            sender = self._senders[device]
            # A device that was stirred is in the queue twice; only the entry that matches its mind counts.
            if due_ms == sender.due_ms:
                self._hear(device, sender.transmit(now_ms), now_ms)
                heapq.heappush(self._queue, (sender.due_ms, device))
