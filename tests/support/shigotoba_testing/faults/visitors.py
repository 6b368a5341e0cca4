"""People of the simulated building who come, go, press and print on command while everything breaks.

The building's own people would do too little in half a minute. Commands are part of the simulator's truth.

Responsible for giving them. Refuses to look what becomes of them (see ``truth``).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.commands import Command, Leave, PressRocker, PrintSides, Sit, append_command
from shigotoba_sim.settings import read_sim_settings
from shigotoba_testing.product import Demo

PAUSE_S: Final = 0.5
SIDES: Final = 12


class Visitors:
    """One thread that gives the demo's building a command after the other."""

    def __init__(self, demo: Demo, seed: int) -> None:
        self._demo, self._seed = demo, seed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live)

    def start(self) -> None:
        """Begin to come and go."""
        self._thread.start()

    def stop(self) -> None:
        """Whoever is there stays."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _live(self) -> None:
        settings = read_sim_settings(self._demo.home / "settings" / "sim.toml")
        for command in _commands(settings.place, random.Random(self._seed)):
            if self._stopping.wait(PAUSE_S):
                return
            append_command(settings.commands, command)


def _commands(place: Building, chance: random.Random) -> Iterator[Command]:
    """All seats are taken one after the other, then left in another order, and so on; in between presses and prints."""
    while True:
        for does in (Sit, Leave):
            for number, sensor in enumerate(chance.sample(place.seats, len(place.seats))):
                yield does(_now_ms(), sensor.space)
                if number % 4 == 0:
                    yield PressRocker(_now_ms(), chance.choice(place.booths).space, chance.choice(("AI", "AO")))
                if number % 4 == 2:
                    yield PrintSides(_now_ms(), chance.choice(place.mfps).place, SIDES)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
