"""The live building: the timeline played by the wall clock, through the faces of its devices.

Responsible for the clock and for the life of the process: it comes up in the state the plan and the commands say,
follows them until it is told to stop, and gives up when a face is lost, so that its supervisor starts it anew.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Coroutine, Iterable, Iterator
from typing import Final

import msgspec

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from shigotoba_sim.faces.displays import Displays
from shigotoba_sim.faces.front import Front
from shigotoba_sim.faces.mfp.printers import printers_of
from shigotoba_sim.faces.phones import Phones
from shigotoba_sim.faults.counting import CountersAt
from shigotoba_sim.pace import Pace
from shigotoba_sim.plan.diary import Diary
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.playback import Playback, playback_of
from shigotoba_sim.settings import SimSettings
from shigotoba_sim.truth.log import TruthLog
from shigotoba_sim.truth.said import Said
from shigotoba_wire.errors import WireError

POLL_S: Final = 0.1
"""How often the commands file and the clock are looked at."""

LOG_EVERY_MS: Final = 15 * MINUTE_MS
"""The truth is written in chunks of this length, or of an hour where it has to catch up."""

LOG_BEHIND_MS: Final = 5 * SECOND_MS
"""A command that is given now may still come."""

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
    pace = settings.pace
    playback = playback_of(settings, pace.inside(now_ms()))
    inputs = inputs_of(settings)
    truth = TruthLog(settings.state / "truth", inputs.place, settings.lively_ms, inputs.faults)
    on_the_wall = msgspec.structs.replace(inputs, faults=inputs.faults.retimed(pace.on_the_wall))
    printers = printers_of(settings, on_the_wall, _counted_by_the_wall(playback, pace), now_ms)
    front = Front(inputs.place, printers, settings, now_ms, on_the_wall.faults)
    said = Said(settings.state / "truth")
    company = list(_company(settings, playback.plan, said))
    await front.open(playback.occupied)
    try:
        taken = sum(playback.occupied.values())
        log.info("%s is live: %d of %d seats and booths occupied", settings.site, taken, len(playback.occupied))
        work = [_follow(front, playback, pace, (truth, said)), *(each.run() for each in company)]
        await _until_stopped(front, work, stopping)
    finally:
        said.write()
        await front.close()
    log.info("%s stopped", settings.site)


def _company(settings: SimSettings, plan: Plan, said: Said) -> Iterator[Phones | Displays]:
    """What else runs beside the faces: phones and displays, where the settings have them."""
    if settings.phones is not None and settings.speed == 1:
        yield Phones(settings.phones, settings.site, plan.inputs.roll, Diary(plan), said, now_ms)
    elif settings.phones is not None:
        log.info("nobody books: the product's minutes are those on the wall, the building's are not")
    if settings.displays is not None:
        booths = [booth.space for booth in plan.inputs.place.booths]
        yield Displays(settings.displays, settings.gateway, booths, said, now_ms)


def now_ms() -> int:
    """The wall clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _until_stopped(front: Front, work: Iterable[Coroutine[None, None, None]], stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    losing = loop.create_task(front.lost())
    working = [loop.create_task(each) for each in work]
    stopped = loop.create_task(stopping.wait())
    tasks: list[asyncio.Task[object]] = [losing, *working, stopped]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in working:
            if task.done():
                task.result()
        if losing.done() and not stopping.is_set():
            raise FaceLostError(losing.result())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(front: Front, playback: Playback, pace: Pace, logs: tuple[TruthLog, Said]) -> None:
    truth, said = logs
    while True:
        await front.look(now_ms())
        inside_ms = pace.inside(now_ms())
        for event in playback.advance(inside_ms):
            front.tell(msgspec.structs.replace(event, at_ms=pace.on_the_wall(event.at_ms)))
        if inside_ms - LOG_BEHIND_MS >= truth.until_ms + LOG_EVERY_MS:
            truth.write(playback.timeline, min(inside_ms - LOG_BEHIND_MS, truth.until_ms + HOUR_MS))
            said.write()
        await asyncio.sleep(POLL_S)


def _counted_by_the_wall(playback: Playback, pace: Pace) -> CountersAt:
    return lambda mfp, wall_ms: playback.counters_at(mfp, pace.inside(wall_ms))
