"""The driver: asks the modules on one wire in turn.

Responsible for the rounds. Refuses to start again by itself: it fails with the reason, the agent does the rest.
"""

from __future__ import annotations

import asyncio
import time

from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.modbus.bus import opened
from shigotoba_edge.drivers.modbus.rounds import Rounds
from shigotoba_edge.drivers.modbus.settings import Settings, check
from shigotoba_edge.logbook import Logbook


class Modbus:
    """Asks Modbus RTU input modules.

    Raises:
        TableError: An input cannot be asked for.
    """

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        check(settings)
        self._settings = settings
        say_again_ms = round(settings.say_again_s * 1000)
        self._rounds = [
            Rounds(module, say_again_ms, surroundings.now_ms, surroundings.rng) for module in settings.module
        ]

    async def run(self, logbook: Logbook) -> None:
        """Ask until cancelled.

        Raises:
            DriverError: The port cannot be opened, is used by another program, or has gone.
        """
        async with opened(self._settings) as bus:
            logbook.ready()
            while True:
                for rounds in self._rounds:
                    await rounds.ask(bus, logbook, time.monotonic())
                    _end_if_cancelled()
                await asyncio.sleep(self._settings.poll_every_s)


def _end_if_cancelled() -> None:
    """Notice a cancellation that came together with an answer: ``asyncio.wait_for`` of Python 3.11 swallows it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
