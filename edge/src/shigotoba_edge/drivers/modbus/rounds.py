"""One module, asked again and again: requests, what they say of each input, and patience with a silent module.

A failed request says nothing: no reading, and what was known stays as it was. A silent module is asked more and
more rarely, so that it does not slow the others down.

Responsible for one module. Refuses to open ports (see ``bus``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from random import Random
from typing import Final

from shigotoba_edge.backoff import Backoff
from shigotoba_edge.drivers.modbus.bus import Bus
from shigotoba_edge.drivers.modbus.settings import Module, inputs_of, registers_of
from shigotoba_edge.drivers.modbus.watch import Watch
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Logbook

log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 10.0


class Rounds:
    """A module and its inputs, over all runs of the driver."""

    def __init__(self, module: Module, say_again_ms: int, now_ms: Callable[[], int], rng: Random) -> None:
        self._module = module
        self._now_ms = now_ms
        self._inputs, self._registers = inputs_of(module), registers_of(module)
        self._watches = [(wired, Watch(wired, say_again_ms)) for wired in module.input]
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, rng)
        self._silent = False
        self._due_s = 0.0

    async def ask(self, bus: Bus, logbook: Logbook, now_s: float) -> None:
        """Ask the module if it is due, and report what it says.

        Raises:
            DriverError: The port is gone.
        """
        if now_s < self._due_s:
            return
        try:
            levels = await self._levels(bus)
            words = await self._words(bus)
        except FrameError as error:
            self._missed(error, logbook, now_s)
            return
        self._answered()
        self.report(levels, words, logbook)

    def report(self, levels: dict[int, bool], words: dict[int, int], logbook: Logbook) -> None:
        """Say what is new in ``levels`` of inputs and ``words`` of registers, both by address."""
        at_ms = self._now_ms()
        for wired, watch in self._watches:
            restarts = watch.restarts
            level = None if wired.input is None else levels[wired.input]
            count = None if wired.counter is None else _counted(words, wired.counter, wired.counter_words)
            sighting = watch.take(level, count, at_ms)
            if sighting is not None:
                logbook.sighted(sighting)
            if watch.restarts > restarts:
                logbook.dropped("counter_restarted", device=wired.device)

    async def _levels(self, bus: Bus) -> dict[int, bool]:
        span = self._inputs
        return {} if span is None else dict(enumerate(await bus.inputs(self._module.unit, span), span.first))

    async def _words(self, bus: Bus) -> dict[int, int]:
        span = self._registers
        return {} if span is None else dict(enumerate(await bus.registers(self._module.unit, span), span.first))

    def _missed(self, error: FrameError, logbook: Logbook, now_s: float) -> None:
        logbook.dropped(error.reason)
        if not self._silent:
            log.warning("%s: unit %d: %s; nothing is known of it now", logbook.driver, self._module.unit, error)
        self._silent = True
        self._due_s = now_s + self._backoff.next_s()

    def _answered(self) -> None:
        if self._silent:
            log.info("unit %d answers again", self._module.unit)
        self._silent = False
        self._due_s = 0.0
        self._backoff.reset()


def _counted(words: dict[int, int], first: int, count: int) -> int:
    """The counter in ``count`` registers, high word first."""
    value = 0
    for address in range(first, first + count):
        value = value << 16 | words[address]
    return value
