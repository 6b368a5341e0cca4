"""The driver with real bleak on a private D-Bus: hearing, and every way of going deaf."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from random import Random

import pytest

from shigotoba_edge.driver import DriverError, Surroundings
from shigotoba_edge.drivers.ble_bthome import KIND
from shigotoba_edge.drivers.ble_bthome.driver import Settings
from shigotoba_edge.logbook import Logbook, Sighting

SEAT = "54:48:E6:8F:80:A5"
OCCUPIED = bytes.fromhex("40 00 07 01 64 23 01")
VACANT = bytes.fromhex("40 00 08 01 64 23 00")
HERE = Surroundings(lambda: 1_800_000_000_000, Random(7))


class Listening:
    """A running driver and what it has reported."""

    def __init__(self, **settings) -> None:
        self.sightings: list[Sighting] = []
        self._news = asyncio.Event()
        self.logbook = Logbook("ble", self._take)
        self.driver = KIND.build(Settings(kind="ble_bthome", name="ble", **settings), HERE)

    def _take(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self._news.set()

    def values(self, point: str) -> list[object]:
        return [reading.value for s in self.sightings for reading in s.readings if reading.point == point]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.driver.run(self.logbook))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


async def failure(task: asyncio.Task[None]) -> str:
    """What the driver says when it gives up."""
    async with asyncio.timeout(10):
        with pytest.raises(DriverError) as caught:
            await task
    return str(caught.value)


async def test_an_advertisement_becomes_readings(bluez) -> None:
    listening = Listening()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED, rssi_dbm=-61)
        await listening.until(lambda: bool(listening.sightings))
    (sighting,) = listening.sightings
    assert (sighting.device, sighting.rssi_dbm, sighting.at_ms) == ("ble-5448e68f80a5", -61, 1_800_000_000_000)
    assert {reading.point: reading.value for reading in sighting.readings} == {"battery_pct": 100, "occupancy": True}


async def test_the_scan_asks_for_duplicates_and_filters_nothing_out(bluez) -> None:
    async with Listening().running():
        await bluez.scanned()
        asked = {key: variant.value for key, variant in bluez.filters[-1].items()}
    assert asked == {"Transport": "le", "DuplicateData": True}


async def test_old_service_data_with_a_new_signal_strength_is_no_reading(bluez) -> None:
    listening = Listening()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await bluez.change_rssi(SEAT, -90)
        await bluez.advertise(SEAT, VACANT)
        await listening.until(lambda: len(listening.sightings) == 3)
    assert listening.values("occupancy") == [True, False]
    assert [sighting.rssi_dbm for sighting in listening.sightings] == [-60, -90, -60]


async def test_broken_and_encrypted_frames_are_counted_not_reported(bluez) -> None:
    listening = Listening()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, bytes.fromhex("40 00 07 23"))
        await bluez.advertise(SEAT, bytes.fromhex("41 E4 45 F3 C9 96 2B 33 22 11 00 6C 7C 45 19"))
        await bluez.advertise(SEAT, bytes.fromhex("40 00 09 23 01 C7"))
        await listening.until(lambda: bool(listening.sightings))
    assert listening.values("occupancy") == [True]
    assert listening.logbook.health().dropped == {"truncated": 1, "encrypted_without_key": 1, "unknown_object": 1}


async def test_other_advertisers_are_heard_but_not_reported(bluez) -> None:
    listening = Listening()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise_name("AA:BB:CC:DD:EE:FF")
        await bluez.advertise(SEAT, OCCUPIED)
        await listening.until(lambda: bool(listening.sightings))
    assert [sighting.device for sighting in listening.sightings] == ["ble-5448e68f80a5"]
    assert listening.logbook.health().dropped == {}


async def test_the_adapter_is_chosen_by_address(bluez) -> None:
    async with Listening(adapter="dc:a6:32:01:02:03").running():
        await bluez.scanned()


async def test_an_adapter_that_is_not_there_is_named(bluez) -> None:
    async with Listening(adapter="00:00:00:00:00:01").running() as task:
        assert "00:00:00:00:00:01" in await failure(task)


async def test_an_adapter_switched_off_is_a_failure(bluez) -> None:
    bluez.powered = False
    async with Listening().running() as task:
        assert "Bluetooth cannot be used" in await failure(task)


async def test_a_restart_of_bluetoothd_is_noticed_and_the_next_run_hears(bluez) -> None:
    listening = Listening()
    async with listening.running() as task:
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await listening.until(lambda: bool(listening.sightings))
        await bluez.stop()
        await bluez.start()
        assert "bluetoothd" in await failure(task)
    async with listening.running():
        await bluez.scanned()
        # What was said before the restart is not said again; what is new is.
        await bluez.advertise(SEAT, OCCUPIED)
        await bluez.advertise(SEAT, VACANT)
        await listening.until(lambda: len(listening.sightings) == 3)
    assert listening.values("occupancy") == [True, False]


async def test_a_lost_bus_is_noticed_and_the_next_run_hears(bluez, system_bus) -> None:
    listening = Listening()
    async with listening.running() as task:
        await bluez.scanned()
        system_bus.stop()
        assert "D-Bus" in await failure(task)
    async with listening.running() as task:
        assert "Bluetooth cannot be used" in await failure(task)
    await bluez.stop()
    system_bus.start()
    await bluez.start()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await listening.until(lambda: bool(listening.sightings))


async def test_a_silent_scanner_is_given_up(bluez) -> None:
    async with Listening(silent_after_s=0.2).running() as task:
        assert "no advertisement from any device for 0.2 s" in await failure(task)
    assert not bluez.scanning


async def test_cancelling_ends_the_scan_in_good_order(bluez) -> None:
    listening = Listening()
    async with listening.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await listening.until(lambda: bool(listening.sightings))
    assert not bluez.scanning
