"""From drivers to disk: grouped, held while the disk refuses, never lost silently."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random

import pytest

from shigotoba_edge import collector as module
from shigotoba_edge.collector import Collector
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.senml import decode_batch


def reading(number: int) -> Reading:
    return Reading("ble-5448e68f80a5", "count", number, 1_800_000_000_000 + number)


class Disk:
    """Takes readings, or refuses them as a full disk does."""

    def __init__(self) -> None:
        self.groups: list[list[Reading]] = []
        self.full = False
        self.refused = 0
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def append(self, readings: Sequence[Reading]) -> None:
        """Called in a thread, as the outbox is."""
        try:
            self._take(list(readings))
        finally:
            self._loop.call_soon_threadsafe(self._news.set)

    def _take(self, readings: list[Reading]) -> None:
        if self.full:
            self.refused += 1
            raise sqlite3.OperationalError("database or disk is full")
        self.groups.append(readings)

    async def until(self, condition) -> None:
        async with asyncio.timeout(30):
            while not condition():
                self._news.clear()
                await self._news.wait()


@contextlib.asynccontextmanager
async def collecting(append) -> AsyncIterator[tuple[Collector, asyncio.Task[int]]]:
    collector = Collector(append, Random(7))
    task = asyncio.create_task(collector.run())
    try:
        yield collector, task
    finally:
        collector.close()
        await task


async def test_what_comes_close_together_is_written_together() -> None:
    disk = Disk()
    async with collecting(disk.append) as (collector, _):
        for number in range(5):
            collector.add([reading(number)])
        await disk.until(lambda: bool(disk.groups))
    assert disk.groups == [[reading(number) for number in range(5)]]


async def test_nothing_is_written_when_nothing_was_reported() -> None:
    disk = Disk()
    async with collecting(disk.append) as (collector, _):
        collector.add([])
    assert disk.groups == []


async def test_closing_writes_what_is_held(tmp_path: Path) -> None:
    with contextlib.closing(Outbox.open(tmp_path / "outbox.sqlite", "gw-1", "edge-1")) as outbox:
        async with collecting(outbox.append) as (collector, _):
            collector.add([reading(number) for number in range(3)])
        (batch,) = outbox.oldest(10)
        assert decode_batch(batch.payload).readings == tuple(reading(number) for number in range(3))


async def test_a_full_disk_delays_readings_in_order_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    disk = Disk()
    disk.full = True
    async with collecting(disk.append) as (collector, _):
        collector.add([reading(1)])
        await disk.until(lambda: disk.refused >= 2)
        collector.add([reading(2)])
        disk.full = False
        await disk.until(lambda: sum(map(len, disk.groups)) == 2)
    assert [one for group in disk.groups for one in group] == [reading(1), reading(2)]
    assert [record.levelname for record in caplog.records if record.name == module.__name__] == ["ERROR", "INFO"]


async def test_what_a_full_disk_refused_to_the_end_is_counted() -> None:
    disk = Disk()
    disk.full = True
    async with collecting(disk.append) as (collector, task):
        collector.add([reading(1), reading(2)])
    assert task.result() == 2


async def test_the_oldest_are_given_up_aloud_when_too_many_are_held(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 3)
    disk = Disk()
    disk.full = True
    async with collecting(disk.append) as (collector, _):
        collector.add([reading(number) for number in range(5)])
        await disk.until(lambda: disk.refused >= 2)
        disk.full = False
        await disk.until(lambda: bool(disk.groups))
    assert disk.groups == [[reading(2), reading(3), reading(4)]]
    assert "2 readings given up" in caplog.text
