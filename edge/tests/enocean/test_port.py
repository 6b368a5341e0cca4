"""The driver with real pyserial on a pty: noise, torn packets, the stick unplugged and back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from serial import Serial

from shigotoba_edge.driver import DriverError

PRESSED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")


@pytest.fixture
def watched(listening, stick):
    """The driver on the stick's port."""
    return listening(kind="enocean", port=str(stick.name))


@contextlib.asynccontextmanager
async def running(watched) -> AsyncIterator[asyncio.Task[None]]:
    """The driver runs and has opened the port: what was sent before would be thrown away."""
    async with watched.running() as task:
        await watched.ready()
        yield task


async def test_a_press_becomes_a_reading(stick, watched) -> None:
    async with running(watched):
        stick.send(PRESSED + RELEASED)
        await watched.until(lambda: len(watched.sightings) == 2)
    first = watched.sightings[0]
    assert (first.device, first.at_ms, first.rssi_dbm) == ("enocean-002da8bb", 1_800_000_000_000, -50)
    assert watched.values("button") == ["AI", "released"]


async def test_noise_is_skipped_byte_by_byte_and_counted(stick, watched) -> None:
    async with running(watched):
        stick.send(bytes.fromhex("00 FF 55 99 55") + PRESSED + b"\x11\x13\x04" + RELEASED)
        await watched.until(lambda: len(watched.sightings) == 2)
    assert watched.dropped == {"noise_bytes": 8}


async def test_a_torn_packet_is_put_together(stick, watched) -> None:
    async with running(watched):
        for byte in PRESSED:
            stick.send(bytes([byte]))
            await asyncio.sleep(0)
        await watched.until(lambda: bool(watched.sightings))
    assert watched.dropped == {}


async def test_a_packet_that_stands_still_is_given_up(stick, watched) -> None:
    async with running(watched):
        stick.send(PRESSED[:9])
        await watched.until(lambda: watched.dropped == {"noise_bytes": 9})
        stick.send(RELEASED)
        await watched.until(lambda: bool(watched.sightings))
    assert watched.values("button") == ["released"]


async def test_a_telegram_that_is_not_understood_is_counted(stick, watched) -> None:
    async with running(watched):
        stick.send(bytes.fromhex("55 00 05 01 02 DB 00 FF 80 00 00 0A 3E"))
        await watched.until(lambda: watched.dropped == {"packet_type_02": 1})
    assert watched.sightings == []


async def test_a_listed_sensor_is_read_and_another_one_is_counted(stick, listening) -> None:
    watched = listening(kind="enocean", port=str(stick.name), devices={"0029219a": "A5-07-01"})
    occupied = "55 00 0A 07 01 EB A5 96 00 FF 09 00 29 21 9A 00 03 FF FF FF FF 37 00 88"
    async with running(watched):
        stick.send(bytes.fromhex(occupied))
        await watched.until(lambda: bool(watched.sightings))
    assert watched.values("occupancy") == [True]
    stranger = listening(kind="enocean", port=str(stick.name))
    async with running(stranger):
        stick.send(bytes.fromhex(occupied))
        await stranger.until(lambda: stranger.dropped == {"unlisted_device": 1})


async def test_an_unplugged_stick_ends_the_run_and_the_next_one_hears_again(stick, watched) -> None:
    async with running(watched) as task:
        stick.send(PRESSED)
        await watched.until(lambda: bool(watched.sightings))
        stick.unplug()
        with pytest.raises(DriverError, match="is not there"):
            await task
    with pytest.raises(DriverError, match="Plug it in"):
        await watched.driver.run(watched.logbook)
    stick.plug_in()
    async with running(watched):
        stick.send(RELEASED)
        await watched.until(lambda: len(watched.sightings) == 2)
    assert watched.values("button") == ["AI", "released"]


async def test_a_port_in_use_is_left_alone(stick, watched) -> None:
    with Serial(str(stick.name), exclusive=True), pytest.raises(DriverError, match="in use by another program"):
        await watched.driver.run(watched.logbook)


async def test_the_port_is_free_after_the_run(stick, watched) -> None:
    async with running(watched):
        pass
    with Serial(str(stick.name), exclusive=True) as port:
        assert port.is_open
