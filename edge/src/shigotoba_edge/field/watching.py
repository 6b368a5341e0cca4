"""``watch``: what the drivers hear, line by line, and a summary in the end.

Responsible for what is shown when. Refuses to store or send: it may run beside an agent that uses other ports.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random

from shigotoba_edge.driver import Driver
from shigotoba_edge.field.lines import device_line, driver_line, sighting_line, stranger_line
from shigotoba_edge.field.listening import Ear
from shigotoba_edge.field.words import Words
from shigotoba_edge.logbook import Sighting

Say = Callable[[str], None]


async def watch(
    drivers: Mapping[str, Driver],
    say: Say,
    spoken: Words,
    stop: asyncio.Event,
    rng: Random,
    only: tuple[str, ...] = (),
) -> None:
    """Show what is heard until ``stop`` is set; with ``only``, of devices whose names contain one of these parts."""

    def show(sighting: Sighting) -> None:
        wanted = not only or any(part in sighting.device for part in only)
        if wanted and sighting.readings:
            say(sighting_line(spoken, sighting))

    say(spoken["watching"])
    ear = Ear(show)
    async with ear.open(drivers, rng):
        await stop.wait()
        say("")
        for driver in ear.drivers():
            say(driver_line(spoken, driver))
    for device in ear.devices():
        say(device_line(spoken, device))
    for device, reasons in ear.strangers().items():
        say(stranger_line(spoken, device, reasons))
