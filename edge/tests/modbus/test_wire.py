"""The driver with the real pymodbus client against a real slave on a pty."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tomllib
from collections.abc import AsyncIterator
from importlib.resources import files

import pytest
from serial import Serial

from shigotoba_edge.driver import DriverError

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.modbus").joinpath("frames/rtu.toml").read_text())["frame"]

ENTER = {"device": "wired-1-0", "point": "button", "says": "AI", "input": 0, "counter": 0}
LEAVE = {"device": "wired-1-0", "point": "button", "says": "AO", "input": 1, "counter": 2}
PRESENCE = {"device": "wired-1-2", "point": "occupancy", "input": 2}
OTHER = {"device": "wired-2-0", "point": "contact", "input": 0, "inverted": True}


@pytest.fixture
def wired(listening, stick):
    """Makes the driver; the kernel refuses parity on a pty (research/edge.md section 8), so there is none."""

    def make(*modules: dict):
        table = {"parity": "N", "poll_every_s": 0.01, "answer_within_s": 0.15, "say_again_s": 3600}
        return listening(kind="modbus", port=str(stick.name), module=list(modules), **table)

    return make


@pytest.fixture
def booth(wired):
    return wired({"unit": 1, "input": [ENTER, LEAVE, PRESENCE]})


@contextlib.asynccontextmanager
async def running(watched) -> AsyncIterator[asyncio.Task[None]]:
    async with watched.running() as task:
        await watched.until(lambda: bool(watched.sightings) or task.done())
        yield task


async def test_a_short_press_between_two_polls_is_not_missed(slave, booth) -> None:
    async with running(booth):
        slave.press(1, 0)
        await booth.until(lambda: len(booth.values("button")) == 1)
        slave.press(1, 1)
        slave.press(1, 1)
        await booth.until(lambda: len(booth.values("button")) == 3)
    assert booth.values("button") == ["AI", "AO", "AO"]
    times = [reading.at_ms for seen in booth.sightings for reading in seen.readings if reading.value == "AO"]
    assert times[0] < times[1]


async def test_presses_before_the_agent_came_are_not_reported(slave, booth) -> None:
    slave.counters[1][0] = 41
    async with running(booth):
        await slave.rounds()
        slave.press(1, 0)
        await booth.until(lambda: bool(booth.values("button")))
    assert booth.values("button") == ["AI"]


async def test_a_latched_press_is_found_at_the_next_poll_however_short_it_was(slave, wired) -> None:
    slave.latching = True
    booth = wired({"unit": 1, "input": [{"device": "wired-1-0", "point": "button", "input": 0, "latched": True}]})
    async with running(booth):
        for press in range(1, 4):
            slave.inputs[1][0] = True
            await booth.until(lambda press=press: len(booth.values("button")) >= press)
        await slave.rounds(4)
    assert booth.values("button") == ["press"] * 3


async def test_a_state_is_said_when_it_changes(slave, booth) -> None:
    async with running(booth):
        slave.inputs[1][2] = True
        await booth.until(lambda: booth.values("occupancy") == [False, True])
        slave.inputs[1][2] = False
        await booth.until(lambda: booth.values("occupancy") == [False, True, False])
        await slave.rounds(4)
    assert booth.values("occupancy") == [False, True, False]


async def test_a_silent_module_says_nothing_and_its_press_is_found_later(slave, booth) -> None:
    async with running(booth):
        slave.silent.add(1)
        await booth.until(lambda: booth.dropped.get("no_answer", 0) >= 1)
        before = len(booth.sightings)
        slave.inputs[1][2] = True
        slave.press(1, 0)
        await booth.until(lambda: booth.dropped["no_answer"] >= 2)
        assert len(booth.sightings) == before
        slave.silent.clear()
        await booth.until(lambda: bool(booth.values("button")))
    assert booth.values("button") == ["AI"]
    assert booth.values("occupancy") == [False, True]


async def test_a_silent_module_does_not_silence_the_others(slave, wired) -> None:
    both = wired({"unit": 1, "input": [PRESENCE]}, {"unit": 2, "input": [OTHER]})
    slave.silent.add(1)
    async with running(both):
        slave.inputs[2][0] = True
        await both.until(lambda: both.values("contact") == [True, False])
    assert both.values("occupancy") == []


async def test_a_damaged_answer_is_no_answer(slave, booth) -> None:
    async with running(booth):
        slave.damage = True
        await booth.until(lambda: booth.dropped.get("no_answer", 0) >= 1)
        slave.damage = False
        slave.inputs[1][2] = True
        await booth.until(lambda: booth.values("occupancy") == [False, True])


async def test_a_refusal_is_counted_with_its_number(slave, wired) -> None:
    watched = wired({"unit": 1, "input": [PRESENCE | {"input": 99}]})
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("exception_02", 0) >= 1)
    assert watched.sightings == []


async def test_an_adapter_that_is_unplugged_ends_the_run(slave, stick, booth) -> None:
    async with running(booth) as task:
        asyncio.get_running_loop().remove_reader(stick.far_end)
        stick.unplug()
        with pytest.raises(DriverError, match="Plug"):
            await task
    with pytest.raises(DriverError, match="is not there"):
        await booth.driver.run(booth.logbook)


async def test_a_port_in_use_is_left_alone(stick, booth) -> None:
    with Serial(str(stick.name), exclusive=True), pytest.raises(DriverError, match="in use by another program"):
        await booth.driver.run(booth.logbook)


async def test_the_port_is_free_after_the_run(slave, stick, booth) -> None:
    async with running(booth):
        pass
    with Serial(str(stick.name), exclusive=True) as port:
        assert port.is_open


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame["name"])
async def test_a_recorded_exchange_says_what_it_said(stick, wired, frame: dict) -> None:
    request, answer = bytes.fromhex(frame["request"]), bytes.fromhex(frame["answer"])
    count = int.from_bytes(request[4:6], "big")
    if request[1] == 2:
        inputs = [{"device": f"wired-1-{at}", "point": "contact", "input": at} for at in range(count)]
    else:
        inputs = [PRESENCE | {"point": "button", "input": None, "counter": 0, "counter_words": count}]
    watched = wired({"unit": request[0], "input": inputs})
    heard = bytearray()

    def hear() -> None:
        heard.extend(os.read(stick.far_end, 256))
        if len(heard) == len(request):
            os.write(stick.far_end, answer)

    asyncio.get_running_loop().add_reader(stick.far_end, hear)
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings or watched.dropped))
    asyncio.get_running_loop().remove_reader(stick.far_end)
    assert heard.startswith(request)
    if "refused" in frame:
        assert frame["refused"] in watched.dropped
    elif request[1] == 2:
        assert watched.values("contact") == frame["says"]
    else:
        assert watched.sightings
