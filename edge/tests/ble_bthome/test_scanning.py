"""The driver with real bleak on a private D-Bus: hearing, and every way of going deaf."""

from __future__ import annotations

import asyncio

import pytest

from shigotoba_edge.driver import DriverError

SEAT = "54:48:E6:8F:80:A5"
OCCUPIED = bytes.fromhex("40 00 07 01 64 23 01")
VACANT = bytes.fromhex("40 00 08 01 64 23 00")


async def failure(task: asyncio.Task[None]) -> str:
    """What the driver says when it gives up."""
    async with asyncio.timeout(10):
        with pytest.raises(DriverError) as caught:
            await task
    return str(caught.value)


async def test_an_advertisement_becomes_readings(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED, rssi_dbm=-61)
        await watched.until(lambda: bool(watched.sightings))
    (sighting,) = watched.sightings
    assert (sighting.device, sighting.rssi_dbm, sighting.at_ms) == ("ble-5448e68f80a5", -61, 1_800_000_000_000)
    assert {reading.point: reading.value for reading in sighting.readings} == {"battery_pct": 100, "occupancy": True}


async def test_the_scan_asks_for_duplicates_and_filters_nothing_out(bluez, listening) -> None:
    async with listening(kind="ble_bthome").running():
        await bluez.scanned()
        asked = {key: variant.value for key, variant in bluez.filters[-1].items()}
    assert asked == {"Transport": "le", "DuplicateData": True}


async def test_old_service_data_with_a_new_signal_strength_is_no_reading(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await bluez.change_rssi(SEAT, -90)
        await bluez.advertise(SEAT, VACANT)
        await watched.until(lambda: len(watched.sightings) == 3)
    assert watched.values("occupancy") == [True, False]
    assert [sighting.rssi_dbm for sighting in watched.sightings] == [-60, -90, -60]


async def test_broken_and_encrypted_frames_are_counted_not_reported(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, bytes.fromhex("40 00 07 23"))
        await bluez.advertise(SEAT, bytes.fromhex("41 E4 45 F3 C9 96 2B 33 22 11 00 6C 7C 45 19"))
        await bluez.advertise(SEAT, bytes.fromhex("40 00 09 23 01 C7"))
        await watched.until(lambda: bool(watched.sightings))
    assert watched.values("occupancy") == [True]
    assert watched.dropped == {"truncated": 1, "encrypted_without_key": 1, "unknown_object": 1}


async def test_other_advertisers_are_heard_but_not_reported(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise_name("AA:BB:CC:DD:EE:FF")
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
    assert [sighting.device for sighting in watched.sightings] == ["ble-5448e68f80a5"]
    assert watched.dropped == {}


async def test_the_adapter_is_chosen_by_address(bluez, listening) -> None:
    async with listening(kind="ble_bthome", adapter="dc:a6:32:01:02:03").running():
        await bluez.scanned()


async def test_an_adapter_that_is_not_there_is_named(bluez, listening) -> None:
    async with listening(kind="ble_bthome", adapter="00:00:00:00:00:01").running() as task:
        assert "00:00:00:00:00:01" in await failure(task)


async def test_an_adapter_switched_off_is_a_failure(bluez, listening) -> None:
    bluez.powered = False
    async with listening(kind="ble_bthome").running() as task:
        assert "Bluetooth cannot be used" in await failure(task)


async def test_a_restart_of_bluetoothd_is_noticed_and_the_next_run_hears(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running() as task:
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
        await bluez.stop()
        await bluez.start()
        assert "bluetoothd" in await failure(task)
    async with watched.running():
        await bluez.scanned()
        # What was said before the restart is not said again; what is new is.
        await bluez.advertise(SEAT, OCCUPIED)
        await bluez.advertise(SEAT, VACANT)
        await watched.until(lambda: len(watched.sightings) == 3)
    assert watched.values("occupancy") == [True, False]


async def test_a_lost_bus_is_noticed_and_the_next_run_hears(bluez, system_bus, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running() as task:
        await bluez.scanned()
        system_bus.stop()
        assert "D-Bus" in await failure(task)
    async with watched.running() as task:
        assert "Bluetooth cannot be used" in await failure(task)
    await bluez.stop()
    system_bus.start()
    await bluez.start()
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))


async def test_a_silent_scanner_is_given_up(bluez, listening) -> None:
    async with listening(kind="ble_bthome", silent_after_s=0.2).running() as task:
        assert "no advertisement from any device for 0.2 s" in await failure(task)
    assert not bluez.scanning


async def test_cancelling_ends_the_scan_in_good_order(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
    assert not bluez.scanning
