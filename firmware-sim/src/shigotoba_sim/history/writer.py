"""Delivers the history: numbered into an outbox, carried to the broker, done when everything is receipted.

The site sees a gateway called ``history``. A SIGKILL at any time costs nothing: the outbox knows how many readings
are numbered, and the sequence is always the same.

Responsible for pace and progress. Refuses to make readings (see ``stream``).
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_sim.building import SENSOR_KEEP_ALIVE_S
from shigotoba_sim.clock import day_of, midnight_ms
from shigotoba_sim.floorplan import SEATS
from shigotoba_sim.history.progress import Progress, read_progress, write_progress
from shigotoba_sim.history.stream import History
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings
from shigotoba_sim.truth.log import TruthLog
from shigotoba_wire.courier import Courier
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.outbox import BATCH_READINGS, Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import upstream

log = logging.getLogger(__name__)

SENDER: Final = "history"
APPEND_READINGS: Final = 5 * BATCH_READINGS
MOST_WAITING: Final = 50 * BATCH_READINGS
"""As many as a courier has under way; more would only fill the disk."""

_PAUSE_S: Final = 0.1


OnProgress = Callable[[int, int], None]
"""Told of readings done and readings in all."""


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


class HistoryWriter:
    """Writes one building's history into one outbox.

    Args:
        history: The readings.
        stream: The name of their sequence.
        outbox: Where they are numbered.
        progress_file: Where the progress is told.
        on_day: Called with the beginning of each day that is wholly written before it, UTC milliseconds.
        on_progress: Called with readings done and readings in all.
    """

    def __init__(
        self,
        history: History,
        stream: str,
        outbox: Outbox,
        progress_file: Path,
        on_day: Callable[[int], None] = lambda _until_ms: None,
        on_progress: OnProgress = _ignore,
    ) -> None:
        self._history = history
        self._stream = stream
        self._outbox = outbox
        self._progress_file = progress_file
        self._on_day = on_day
        self._on_progress = on_progress
        self._total = history.count()

    def write(self, stopping: threading.Event) -> bool:
        """Write what is not yet written and wait for its receipts.

        Returns:
            True when everything is receipted, False when ``stopping`` was set before.
        """
        self._tell(finished=False)
        rest = islice(self._history.readings(), self._outbox.next_seq - 1, None)
        for readings in _parts(rest):
            if not self._wait_until_at_most(MOST_WAITING - APPEND_READINGS, stopping):
                return False
            self._outbox.append(readings)
            self._on_day(midnight_ms(day_of(readings[-1].at_ms)))
            self._tell(finished=False)
        finished = self._wait_until_at_most(0, stopping)
        self._tell(finished=finished)
        return finished

    def _wait_until_at_most(self, waiting: int, stopping: threading.Event) -> bool:
        while not stopping.is_set() and self._outbox.waiting() > waiting:
            self._tell(finished=False)
            stopping.wait(_PAUSE_S)
        return not stopping.is_set()

    def _tell(self, *, finished: bool) -> None:
        done = self._outbox.next_seq - 1 - self._outbox.waiting()
        refused = self._outbox.set_aside()
        self._on_progress(done, self._total)
        write_progress(self._progress_file, Progress(self._stream, done, self._total, finished, refused))


def write_history(
    settings: SimSettings, now_ms: int, stopping: threading.Event, on_progress: OnProgress = _ignore
) -> None:
    """Write the history that ``settings`` name; returns when it is done, was done before, or ``stopping`` is set.

    Raises:
        SettingsError: There is no broker, the past has not ended yet, or the state is another building's.
        OutboxError: The outbox in the state directory cannot be used.
    """
    broker = _broker_of(settings, now_ms)
    settings.state.mkdir(parents=True, exist_ok=True)
    stream, progress_file = stream_name(settings), settings.state / "history.json"
    progress = _progress_of(progress_file, stream)
    if progress is not None and progress.finished:
        log.info("the history is complete: %d readings", progress.total)
        return
    plan = Plan(inputs_of(settings))
    history = History(plan, settings.lively_ms)
    truth = TruthLog(settings.state / "truth", plan.inputs.place, settings.opened_ms, plan.inputs.faults)
    timeline = Timeline(plan)
    outbox = Outbox.open(settings.state / "history.sqlite", settings.site, SENDER)
    courier = Courier(outbox, broker, upstream(settings.site, SENDER))
    courier.start()
    try:
        finished = HistoryWriter(
            history, stream, outbox, progress_file, partial(truth.write, timeline), on_progress
        ).write(stopping)
        if finished:
            truth.write(timeline, settings.lively_ms)
    finally:
        courier.stop()
        outbox.close()
    log.info("the history is complete" if finished else "stopped; the history goes on at the next start")


def stream_name(settings: SimSettings) -> str:
    """A name for the sequence of readings: everything in the settings that decides them, as a digest."""
    decides = (settings.seed, settings.site, settings.opened_ms, settings.lively_ms, settings.quiet)
    scenario = b"" if settings.scenario is None else settings.scenario.read_bytes()
    # What is as it always was has the name it always had, so that a history that was begun goes on.
    more = (settings.seats, settings.keep_alive_s) != (SEATS, SENSOR_KEEP_ALIVE_S) or scenario
    told = msgspec.json.encode((*decides, settings.seats, settings.keep_alive_s) if more else decides) + scenario
    return hashlib.sha256(told).hexdigest()[:16]


def _parts(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    while part := list(islice(readings, APPEND_READINGS)):
        yield part


def _broker_of(settings: SimSettings, now_ms: int) -> Broker:
    if settings.broker is None:
        raise SettingsError("history needs to know the upstream broker. Add a [broker] block to the settings.")
    if settings.lively_ms > now_ms:
        moment = settings.lively_from.isoformat()
        raise SettingsError(f"lively_from {moment} is still to come. History ends there: choose a time already past.")
    return settings.broker


def _progress_of(path: Path, stream: str) -> Progress | None:
    try:
        progress = read_progress(path)
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{path}: not a progress file ({error}). Move it and history.sqlite aside.") from error
    if progress is not None and progress.stream != stream:
        raise SettingsError(
            f"{path.parent}: holds the history of another building or time. Name another state directory, "
            "or wipe this one together with the database it was written to."
        )
    return progress
