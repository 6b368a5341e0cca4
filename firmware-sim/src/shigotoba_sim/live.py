"""The live building: the timeline played by the wall clock, through the faces of its devices.

Responsible for the clock and for the life of the process: it comes up in the state the plan and the commands say,
follows them until it is told to stop, and gives up when a face is lost, so that its supervisor starts it anew.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from typing import Final

from shigotoba_sim.faces.front import Front
from shigotoba_sim.faces.mfp.printers import printers_of
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.playback import Playback, playback_of
from shigotoba_sim.settings import SimSettings
from shigotoba_wire.errors import WireError

POLL_S: Final = 0.1
"""How often the commands file and the clock are looked at."""

log = logging.getLogger(__name__)


class FaceLostError(WireError):
    """A way out of the building has broken; only a new process can mend it."""


async def run(settings: SimSettings) -> None:
    """Play the building until SIGTERM or SIGINT.

    Raises:
        SettingsError: A socket, port or link cannot be where the settings want it.
        FaceLostError: The message bus went away.
    """
    stopping = _stop_signal()
    playback = playback_of(settings, now_ms())
    inputs = inputs_of(settings)
    printers = printers_of(settings, inputs, playback.counters_at, now_ms)
    front = Front(inputs.place, printers, settings, now_ms, inputs.faults)
    await front.open(playback.occupied)
    try:
        taken = sum(playback.occupied.values())
        log.info("%s is live: %d of %d seats and booths occupied", settings.site, taken, len(playback.occupied))
        await _until_stopped(front, playback, stopping)
    finally:
        await front.close()
    log.info("%s stopped", settings.site)


def now_ms() -> int:
    """The wall clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _until_stopped(front: Front, playback: Playback, stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    losing = loop.create_task(front.lost())
    following = loop.create_task(_follow(front, playback))
    stopped = loop.create_task(stopping.wait())
    tasks = (losing, following, stopped)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
        if losing.done() and not stopping.is_set():
            raise FaceLostError(losing.result())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(front: Front, playback: Playback) -> None:
    while True:
        front.look(now_ms())
        for event in playback.advance(now_ms()):
            front.tell(event)
        await asyncio.sleep(POLL_S)
