"""Keeps one driver running, whatever happens to it, and says so once per change.

Responsible for restarts. Refuses to let a driver's failure out: the other drivers must not notice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from random import Random
from typing import Final

from shigotoba_edge.backoff import Backoff
from shigotoba_edge.driver import Driver, DriverError
from shigotoba_edge.logbook import Logbook

log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
STEADY_S: Final = 60.0
"""A driver that ran this long was healthy: its next failure is a new one."""


class Supervisor:
    """Runs a driver again and again until cancelled."""

    def __init__(self, driver: Driver, logbook: Logbook, rng: Random) -> None:
        self._driver = driver
        self._logbook = logbook
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, rng)
        self._said = ""

    async def run(self) -> None:
        """Keep the driver running; ends only by cancellation."""
        try:
            while True:
                began_s = time.monotonic()
                error = await self._until_it_fails()
                if time.monotonic() - began_s >= STEADY_S:
                    self._backoff.reset()
                    self._said = ""
                self._note(error)
                await asyncio.sleep(self._backoff.next_s())
        finally:
            self._logbook.stopped()

    async def _until_it_fails(self) -> Exception:
        try:
            await self._driver.run(self._logbook)
        except Exception as error:
            # Also what a library was never documented to raise: it must end one driver's run, not the agent.
            return error
        return DriverError("it ended by itself")

    def _note(self, error: Exception) -> None:
        foreseen = isinstance(error, DriverError)
        text = str(error) if foreseen else f"{type(error).__name__}: {error}"
        self._logbook.failed(text)
        if text != self._said:
            log.warning("%s: %s", self._logbook.driver, text, exc_info=None if foreseen else error)
            self._said = text
