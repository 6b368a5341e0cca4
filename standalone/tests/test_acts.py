"""What a scenario does to running programs: each act, its end, and what is noted of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shigotoba_standalone.acts import Mark, Relay, Runner, read_marks
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_standalone.programs import Program
from shigotoba_standalone.supervisor import Supervisor, ticks
from shigotoba_standalone.wrong_clock import set_wrong, shifted

BOX = ("broker-local", "gateway", "edge")


def soon(act: str, lasts_s: float = 0.0, by_s: float = 0.0, in_s: float = 0.0) -> Mark:
    return Mark(datetime.now(UTC) + timedelta(seconds=in_s), act, lasts_s, by_s)


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    """Five programs that do nothing but run, under the names of the product's."""
    async with Supervisor(tmp_path / "log", lambda _line: None, lambda _states: None) as supervisor:
        for name in (*BOX, "postgres", "broker-upstream"):
            supervisor.start(Program(name, [sys.executable, "-c", "import time; time.sleep(600)"]))
        yield supervisor


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    port, target = free_ports(2)
    async with Relay(port, target) as relay:
        yield relay


def noted(journal: Path) -> list[tuple[str, str]]:
    lines = map(json.loads, journal.read_text().splitlines())
    return [(line["mark"].partition(" ")[0], line["what"]) for line in lines]


@pytest.mark.parametrize(
    ("act", "names"),
    [("gateway_power_cut", BOX), ("broker_restart", ("broker-upstream",)), ("database_restart", ("postgres",))],
)
async def test_programs_are_down_for_as_long_as_the_mark_says_and_come_back(
    supervisor: Supervisor, relay: Relay, tmp_path: Path, act: str, names: tuple[str, ...]
) -> None:
    children = [supervisor.named(name) for name in names]
    await _until(lambda: all(child.status.pid for child in children))
    before = {child.status.pid for child in children}
    runner = Runner(supervisor, relay, tmp_path / "clock", tmp_path / "acts", lambda _line: None)
    running = asyncio.create_task(runner.run([soon(act, lasts_s=1.0)]))
    await _until(lambda: not any(child.status.pid for child in children))
    assert not running.done()
    await running
    await _until(lambda: all(child.status.pid for child in children))
    assert not before & {child.status.pid for child in children}
    assert noted(tmp_path / "acts") == [(act, "begun"), (act, "done")]


async def test_a_cut_link_refuses_and_a_mended_one_carries(tmp_path: Path) -> None:
    port, target = free_ports(2)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))
        writer.close()

    async def asked() -> bytes:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(b"hello")
            return await reader.read(100)
        except OSError:
            return b""
        finally:
            writer.transport.abort()

    async with await asyncio.start_server(echo, HOST, target), Relay(port, target) as relay:
        assert await asked() == b"hello"
        relay.cut()
        assert await asked() == b""
        relay.mend()
        assert await asked() == b"hello"


async def test_a_clock_jumps_and_goes_right_again(supervisor: Supervisor, relay: Relay, tmp_path: Path) -> None:
    now_ns = shifted(lambda: 10**18, tmp_path / "clock")
    assert now_ns() == 10**18
    runner = Runner(supervisor, relay, tmp_path / "clock", tmp_path / "acts", lambda _line: None)
    await runner.run([soon("clock_jump", by_s=-3600.0)])
    assert now_ns() == 10**18 - 3600 * 10**9
    set_wrong(tmp_path / "clock", 0.0)
    assert now_ns() == 10**18


async def test_what_was_done_is_not_done_again_and_what_fell_into_a_pause_is_noted(
    supervisor: Supervisor, relay: Relay, tmp_path: Path
) -> None:
    said: list[str] = []
    marks = [soon("clock_jump", by_s=5.0), soon("uplink_cut", in_s=-60)]
    for _ in range(2):
        await Runner(supervisor, relay, tmp_path / "clock", tmp_path / "acts", said.append).run(marks)
    assert said == ["scenario: clock_jump"]
    assert sorted(noted(tmp_path / "acts")) == [
        ("clock_jump", "begun"),
        ("clock_jump", "done"),
        ("uplink_cut", "missed"),
    ]


def test_marks_are_read_in_order_and_an_unknown_act_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "marks"
    file.write_text(
        '{"at":"2026-11-21T10:00:05Z","act":"uplink_cut","lasts_s":3.0,"by_s":0.0}\n'
        '{"at":"2026-11-21T10:00:00Z","act":"clock_jump","lasts_s":0.0,"by_s":-60.0}\n'
    )
    assert [(mark.act, mark.lasts_s, mark.by_s) for mark in read_marks(file)] == [
        ("clock_jump", 0.0, -60.0),
        ("uplink_cut", 3.0, 0.0),
    ]
    file.write_text('{"at":"2026-11-21T10:00:00Z","act":"meteorite"}\n')
    with pytest.raises(StandaloneError, match=r"line 1: .*meteorite.*uplink_cut"):
        read_marks(file)


async def _until(holds: Callable[[], bool]) -> None:
    async for _ in ticks(0.02, 30.0):
        if holds():
            return
    raise AssertionError("it never came to hold")
