"""The radio with real bleak on a private D-Bus: hearing, sharing, every way of going deaf, and the way back."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from shigotoba_edge.bluetooth import scan
from shigotoba_edge.commons import Commons
from shigotoba_edge.driver import DriverError
from shigotoba_wire.errors import SettingsError

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


@pytest.mark.parametrize(
    ("adapter", "path"),
    [
        ("dc:a6:32:01:02:03", "/org/bluez/hci0"),
        ("DC:A6:32:0A:0B:0C", "/org/bluez/hci1"),
        ("dc:a6:32:0a:0b:0c", "/org/bluez/hci1"),
        ("", "/org/bluez/hci0"),
    ],
)
async def test_of_two_adapters_the_one_with_the_address_scans(bluez, listening, adapter: str, path: str) -> None:
    bluez.others = {"/org/bluez/hci1": "DC:A6:32:0A:0B:0C"}
    async with listening(kind="ble_bthome", adapter=adapter).running():
        await bluez.scanned()
    assert bluez.asked == [path]


async def test_an_adapter_is_found_under_whatever_name_it_has_after_a_reboot(bluez, listening) -> None:
    bluez.others = {"/org/bluez/hci1": bluez.adapter}
    bluez.adapter = "DC:A6:32:0A:0B:0C"
    async with listening(kind="ble_bthome", adapter="DC:A6:32:01:02:03").running():
        await bluez.scanned()
    assert bluez.asked == ["/org/bluez/hci1"]


async def test_an_adapter_that_is_not_there_is_named(bluez, listening) -> None:
    async with listening(kind="ble_bthome", adapter="00:00:00:00:00:01").running() as task:
        assert "00:00:00:00:00:01" in await failure(task)


async def test_an_adapter_switched_off_is_a_failure(bluez, listening) -> None:
    bluez.powered = False
    async with listening(kind="ble_bthome").running() as task:
        assert "Bluetooth cannot be used" in await failure(task)


async def test_an_adapter_that_is_switched_off_while_scanning_is_noticed_at_once(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running() as task:
        await watched.ready()
        await bluez.lose_power()
        assert "switched off" in await failure(task)


async def test_a_restart_of_bluetoothd_is_noticed_and_the_next_run_hears(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running() as task:
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
        await watched.ready()
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
        await watched.ready()
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
        assert "no advertisement with data from any device for 0.2 s" in await failure(task)
    assert not bluez.scanning


async def test_advertisements_without_data_do_not_count_as_hearing(bluez, listening) -> None:
    watched = listening(kind="ble_bthome", silent_after_s=0.3)
    async with watched.running() as task:
        await bluez.scanned()
        while not task.done():
            await bluez.advertise_name("AA:BB:CC:DD:EE:FF")
            await asyncio.sleep(0.02)
        assert "no advertisement with data" in await failure(task)


async def fail_and_fail_again(watched) -> list[str]:
    """What the driver says in two runs."""
    reasons: list[str] = []
    for _ in range(2):
        async with watched.running() as task:
            reasons.append(await failure(task))
    return reasons


async def test_a_scan_in_progress_for_ever_is_ended_by_switching_the_adapter(bluez, listening) -> None:
    bluez.wedged = True
    watched = listening(kind="ble_bthome")
    assert all("InProgress" in reason for reason in await fail_and_fail_again(watched))
    assert bluez.switched == []
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
    assert bluez.switched == [False, True]


async def test_an_adapter_that_is_off_is_switched_on_in_the_end(bluez, listening) -> None:
    bluez.powered = False
    watched = listening(kind="ble_bthome")
    await fail_and_fail_again(watched)
    async with watched.running():
        await watched.ready()
    assert bluez.powered


async def test_a_bluetoothd_that_is_not_there_yet_is_no_reason_to_switch_the_adapter(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    await bluez.stop()
    reasons = await fail_and_fail_again(watched) + await fail_and_fail_again(watched)
    assert all("Is bluetoothd running?" in reason for reason in reasons)
    await bluez.start()
    async with watched.running():
        await watched.ready()
    assert bluez.switched == []


async def test_an_adapter_is_left_alone_where_that_is_said(bluez, listening) -> None:
    bluez.wedged = True
    watched = listening(kind="ble_bthome", switch_adapter=False)
    await fail_and_fail_again(watched)
    async with watched.running() as task:
        assert "InProgress" in await failure(task)
    assert bluez.switched == []


async def test_a_start_that_outlasts_our_patience_is_taken_over_not_asked_for_twice(
    bluez, listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PATIENCE_S", 0.1)
    bluez.hold_starts()
    watched = listening(kind="ble_bthome")
    async with watched.running() as task:
        assert "has not started the scan" in await failure(task)
    bluez.let_starts_go()
    async with watched.running():
        await watched.ready()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
    assert bluez.switched == []
    assert not bluez.scanning


PAD = "A4:C1:38:BE:EF:12"
FE95 = "0000fe95-0000-1000-8000-00805f9b34fb"
PLAIN_PAD = bytes.fromhex("5059 4C3F 10 12EFBE38C1A4 3C48 01 01")
CURTAIN = bytes.fromhex("1010 0001 7803")


async def test_three_protocols_share_one_scan(bluez, listening) -> None:
    commons = Commons()
    kinds = ("ble_bthome", "ble_linking", "ble_mibeacon")
    watched = [listening(commons, kind=kind) for kind in kinds]
    async with contextlib.AsyncExitStack() as stack:
        for one in watched:
            await stack.enter_async_context(one.running())
            await one.ready()
        await bluez.advertise(SEAT, OCCUPIED)
        await bluez.advertise_linking("00:00:00:00:00:01", CURTAIN)
        await bluez.advertise(PAD, PLAIN_PAD, uuid=FE95)
        for one in watched:
            await one.until(lambda one=one: bool(one.sightings))
        assert len(bluez.filters) == 1
    assert [one.sightings[0].device for one in watched] == ["ble-5448e68f80a5", "ble-000000000001", "ble-a4c138beef12"]
    assert not bluez.scanning


async def test_the_scan_goes_on_when_one_of_two_drivers_leaves(bluez, listening) -> None:
    commons = Commons()
    stays, leaves = listening(commons, kind="ble_bthome"), listening(commons, kind="ble_linking")
    async with stays.running():
        async with leaves.running():
            await stays.ready()
            await leaves.ready()
        await bluez.advertise(SEAT, OCCUPIED)
        await stays.until(lambda: bool(stays.sightings))


async def test_all_drivers_fail_with_the_scan_and_the_first_to_return_starts_it_again(bluez, listening) -> None:
    commons = Commons()
    watched = [listening(commons, kind=kind) for kind in ("ble_bthome", "ble_linking")]
    async with watched[0].running() as first, watched[1].running() as second:
        for one in watched:
            await one.ready()
        await bluez.lose_power()
        assert await failure(first) == await failure(second)
    bluez.powered = True
    async with watched[1].running(), watched[0].running():
        for one in watched:
            await one.ready()


def test_an_adapter_named_by_only_one_driver_is_refused(listening) -> None:
    commons = Commons()
    listening(commons, kind="ble_bthome")
    with pytest.raises(SettingsError, match="in all or in none"):
        listening(commons, kind="ble_linking", adapter="DC:A6:32:01:02:03")


async def test_cancelling_ends_the_scan_in_good_order(bluez, listening) -> None:
    watched = listening(kind="ble_bthome")
    async with watched.running():
        await bluez.scanned()
        await bluez.advertise(SEAT, OCCUPIED)
        await watched.until(lambda: bool(watched.sightings))
    assert not bluez.scanning
