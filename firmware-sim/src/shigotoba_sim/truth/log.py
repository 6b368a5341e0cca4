"""The truth log: what really happened, as Parquet files beside a run, only ever added to.

A directory of chunks, ``stays-<from>-<to>.parquet`` and likewise ``presses``, ``jobs``, ``faults``, and ``bookings``,
``changes`` and ``wishes`` (in the chunk in which the booked time begins), each covering a half-open stretch of time
(UTC milliseconds) and never touched again. A chunk is at most a day, so memory stays flat however long the run is, and
``polars.scan_parquet("stays-*.parquet")`` reads the whole while the run goes on. What reaches over the border of a
chunk is in both, cut there; sums need no care. A table without rows has no file, except for the stays: theirs is
written last and says that the chunk is complete.

Whoever goes on after a SIGKILL follows the chunks from the beginning to where they end. History and live write into the
same directory, each its own stretch of time.

Responsible for chunks and files. Refuses to know what happens (the timeline does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from shigotoba_sim.building import Building
from shigotoba_sim.clock import day_of, midnight_ms, next_day
from shigotoba_sim.faults.schedule import NO_FAULTS, Faults
from shigotoba_sim.plan.events import Event, Job, Press
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.spells import Spell, Spells
from shigotoba_sim.truth.tables import Row, Saying, Table, Trouble, changes_of, frame_of


class TruthLog:
    """The chunks in ``directory`` from ``start_ms`` on.

    Attributes:
        until_ms: Where the chunks end; what happens from then on is not yet written.
    """

    def __init__(self, directory: Path, place: Building, start_ms: int, faults: Faults = NO_FAULTS) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._spaces = [sensor.space for sensor in place.sensors]
        self._faults = faults
        self.until_ms = _end_of_chain(directory, start_ms)

    def write(self, timeline: Timeline, until_ms: int) -> None:
        """Write what happened until before ``until_ms``, one chunk per day at most."""
        while self.until_ms < until_ms:
            end_ms = min(midnight_ms(next_day(day_of(self.until_ms))), until_ms)
            self._write_chunk(timeline, self.until_ms, end_ms)
            self.until_ms = end_ms

    def _write_chunk(self, timeline: Timeline, start_ms: int, end_ms: int) -> None:
        spells = Spells(timeline, self._spaces, start_ms)
        events = list(timeline.events(start_ms, end_ms))
        troubles = self._faults.active(start_ms, end_ms)
        self._put("presses", (event for event in events if isinstance(event, Press)), start_ms, end_ms)
        self._put("jobs", (event for event in events if isinstance(event, Job)), start_ms, end_ms)
        bookings = list(timeline.bookings(start_ms, end_ms))
        self._put("bookings", bookings, start_ms, end_ms)
        self._put("changes", changes_of(bookings), start_ms, end_ms)
        self._put("wishes", timeline.wishes(start_ms, end_ms), start_ms, end_ms)
        self._put("faults", (Trouble(*each) for each in troubles), start_ms, end_ms)
        self._put("stays", _stays(spells, events, end_ms), start_ms, end_ms)

    def _put(self, table: Table, rows: Iterable[Row], start_ms: int, end_ms: int) -> None:
        frame = frame_of(table, rows)
        if frame.is_empty() and table != "stays":
            return
        path = self._directory / f"{table}-{start_ms}-{end_ms}.parquet"
        beside = path.with_suffix(".new")
        frame.write_parquet(beside)
        beside.replace(path)


def read_table(directory: Path, table: Table | Saying) -> pl.LazyFrame:
    """Every row of one table that has been written so far; no row if there is no file."""
    files = sorted(directory.glob(f"{table}-*.parquet"), key=lambda path: int(path.stem.split("-")[1]))
    return pl.scan_parquet(files) if files else frame_of(table, ()).lazy()


def _stays(spells: Spells, events: Iterable[Event], end_ms: int) -> Iterator[Spell]:
    for event in events:
        ended = spells.follow(event)
        if ended is not None and ended.start_ms < ended.end_ms:
            yield ended
    yield from spells.end(end_ms)


def _end_of_chain(directory: Path, start_ms: int) -> int:
    chunks = dict(_bounds(path) for path in directory.glob("stays-*.parquet"))
    while start_ms in chunks:
        start_ms = chunks[start_ms]
    return start_ms


def _bounds(path: Path) -> tuple[int, int]:
    _table, start_ms, end_ms = path.stem.split("-")
    return int(start_ms), int(end_ms)
