"""Gathers readings for a moment and puts them into the outbox together: one disk write for many readings.

Responsible for the way from drivers to disk: at most ``GROUP_S`` after a driver reported, its readings are being
written. Refuses to lose them silently: what a full disk does not take is held and tried again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from shigotoba_edge.backoff import Backoff
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.readings import Reading

log = logging.getLogger(__name__)

GROUP_S: Final = 0.2
GROUP_READINGS: Final = 500
MOST_HELD: Final = 100_000
"""Readings held in memory while the disk refuses them (some 30 MB); then the oldest are given up, and it is said."""

LONGEST_PAUSE_S: Final = 10.0


class Collector:
    """Readings on their way to the outbox. One task runs ``run``; any callback of the loop may ``add``."""

    def __init__(self, append: Callable[[Sequence[Reading]], None], rng: Random) -> None:
        self._append = append
        self._backoff = Backoff(GROUP_S, LONGEST_PAUSE_S, rng)
        self._held: list[Reading] = []
        self._something = asyncio.Event()
        self._full = asyncio.Event()
        self._closing = asyncio.Event()
        self._failing = False

    def add(self, readings: Sequence[Reading]) -> None:
        """Take readings on; they are written soon."""
        self._held += readings
        if self._held:
            self._something.set()
        if len(self._held) >= GROUP_READINGS:
            self._full.set()

    def close(self) -> None:
        """No more will be added: ``run`` writes what is held, then returns."""
        self._closing.set()
        self._something.set()
        self._full.set()

    async def run(self) -> int:
        """Write until closed; returns how many readings the disk did not take in the end."""
        while not self._closing.is_set():
            await self._something.wait()
            await _within(self._full, GROUP_S)
            if not await self._write():
                await _within(self._closing, self._backoff.next_s())
        await self._write()
        return len(self._held)

    async def _write(self) -> bool:
        self._something.clear()
        self._full.clear()
        group, self._held = self._held, []
        if not group:
            return True
        try:
            await asyncio.to_thread(self._append, group)
        except (sqlite3.Error, OSError, OutboxError) as error:
            self._hold_again(group, error)
            return False
        if self._failing:
            log.info("readings are written again")
        self._failing = False
        self._backoff.reset()
        return True

    def _hold_again(self, group: list[Reading], error: Exception) -> None:
        if not self._failing:
            log.error("%d readings could not be written (%s); held and tried again", len(group), error)
        self._failing = True
        self._held = group + self._held
        self._something.set()
        surplus = len(self._held) - MOST_HELD
        if surplus > 0:
            log.error("%d readings given up: the outbox has refused them for too long", surplus)
            del self._held[:surplus]


async def _within(event: asyncio.Event, limit_s: float) -> None:
    """Wait for the event, but no longer than the limit."""
    try:
        async with asyncio.timeout(limit_s):
            await event.wait()
    except TimeoutError:
        return
