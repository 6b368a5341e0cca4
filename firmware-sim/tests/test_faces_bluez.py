"""The simulated BlueZ as real bleak sees it, on two kinds of bus."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from pathlib import Path

import pytest
from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError
from dbus_fast import Message
from dbus_fast.aio import MessageBus

from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bluez import BluezFace
from shigotoba_sim.faces.bluez.adapter import ADAPTER
from shigotoba_sim.faces.bus import DaemonBus, OwnBus, bus_address
from shigotoba_testing.adverts import HCI, SEAT, advert


@pytest.fixture(params=["daemon", "own"])
async def face(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    daemon = shutil.which("dbus-daemon")
    if request.param == "daemon" and daemon is None:
        pytest.skip("dbus-daemon is not installed")
    path = tmp_path / "dbus.sock"
    bus = DaemonBus(path, Path(str(daemon))) if request.param == "daemon" else OwnBus(path)
    await bus.open()
    face = BluezFace(HCI, time.monotonic)
    await face.open(bus_address(path))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address(path))
    yield face
    await face.close()
    await bus.close()


class Ear:
    """A bleak scanner and everything it has heard."""

    def __init__(self, **filters: object) -> None:
        self.heard: list[tuple[str, bytes, int]] = []
        self.scanner = BleakScanner(self._listen, bluez={"filters": filters})

    def _listen(self, device: BLEDevice, said: AdvertisementData) -> None:
        self.heard.append((device.address, said.service_data[BTHOME_UUID], said.rssi))

    async def __aenter__(self) -> Ear:
        await self.scanner.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.scanner.stop()


async def test_bleak_hears_the_bytes_that_were_sent(face: BluezFace, eventually) -> None:
    async with Ear() as ear:
        face.hear(advert(7, -71))
        await eventually(lambda: len(ear.heard) == 1)
        face.hear(advert(8, -80))
        await eventually(lambda: len(ear.heard) == 2)
    assert ear.heard == [
        (SEAT, bytes.fromhex("40 00 07 23 01"), -71),
        (SEAT, bytes.fromhex("40 00 08 23 01"), -80),
    ]


@pytest.mark.parametrize(("duplicate_data", "expected"), [(True, [1, 1, 1, 2]), (False, [1, 2])])
async def test_bleak_hears_repeats_only_if_it_asks_for_them(
    face: BluezFace, eventually, duplicate_data: bool, expected: list[int]
) -> None:
    async with Ear(DuplicateData=duplicate_data) as ear:
        for packet_id in (1, 1, 1, 2):
            face.hear(advert(packet_id))
        await eventually(lambda: bool(ear.heard) and ear.heard[-1][1][2] == 2)
    assert [data[2] for _, data, _ in ear.heard] == expected


async def test_a_change_of_strength_alone_delivers_the_old_data_again(face: BluezFace, eventually) -> None:
    async with Ear() as ear:
        face.hear(advert(1, -60))
        face.hear(advert(1, -75))
        await eventually(lambda: len(ear.heard) == 2)
    assert [(data[2], rssi_dbm) for _, data, rssi_dbm in ear.heard] == [(1, -60), (1, -75)]


async def test_three_hundred_sensors_at_once_are_heard_without_loss(face: BluezFace, eventually) -> None:
    rounds, seats = 20, [f"54:48:E6:00:{number >> 8:02X}:{number & 255:02X}" for number in range(300)]
    async with Ear(DuplicateData=True) as ear:
        for packet_id in range(rounds):
            for seat in seats:
                face.hear(advert(packet_id, address=seat))
        await eventually(lambda: len(ear.heard) >= rounds * len(seats))
    assert [(address, data[2]) for address, data, _ in ear.heard] == [
        (seat, packet_id) for packet_id in range(rounds) for seat in seats
    ]


async def test_a_long_reply_in_the_middle_of_a_burst_breaks_nothing(face: BluezFace, eventually) -> None:
    seats = [f"54:48:E6:00:{number >> 8:02X}:{number & 255:02X}" for number in range(600)]
    newcomer = await MessageBus(bus_address=os.environ["DBUS_SYSTEM_BUS_ADDRESS"]).connect()
    async with Ear(DuplicateData=True) as ear:
        for seat in seats:
            face.hear(advert(1, address=seat))
        asked = asyncio.create_task(newcomer.call(managed_objects()))
        for packet_id in range(2, 5):
            await asyncio.sleep(0)
            for seat in seats:
                face.hear(advert(packet_id, address=seat))
        assert len((await asked).body[0]) == 1 + len(seats)
        await eventually(lambda: len(ear.heard) == 4 * len(seats))
    newcomer.disconnect()
    await newcomer.wait_for_disconnect()


def managed_objects() -> Message:
    return Message(
        destination="org.bluez",
        path="/",
        interface="org.freedesktop.DBus.ObjectManager",
        member="GetManagedObjects",
    )


@pytest.mark.parametrize(
    ("interface", "member", "signature", "body", "error"),
    [
        ("org.bluez.Adapter1", "MakeTea", "", [], "org.freedesktop.DBus.Error.UnknownMethod"),
        ("org.bluez.Adapter1", "SetDiscoveryFilter", "s", ["x"], "org.bluez.Error.InvalidArguments"),
        ("org.bluez.Adapter1", "StopDiscovery", "", [], "org.bluez.Error.Failed"),
        (
            "org.freedesktop.DBus.Properties",
            "Get",
            "ss",
            [ADAPTER, "Colour"],
            "org.freedesktop.DBus.Error.UnknownProperty",
        ),
        ("org.freedesktop.DBus.Properties", "Get", "s", [ADAPTER], "org.bluez.Error.InvalidArguments"),
    ],
)
async def test_a_wrong_call_is_answered_with_bluez_own_error(
    face: BluezFace, interface: str, member: str, signature: str, body: list[str], error: str
) -> None:
    client = await MessageBus(bus_address=os.environ["DBUS_SYSTEM_BUS_ADDRESS"]).connect()
    call = Message("org.bluez", "/org/bluez/hci0", interface, member, signature=signature, body=body)
    assert (await client.call(call)).error_name == error
    client.disconnect()
    await client.wait_for_disconnect()


async def test_a_session_ends_with_the_client_that_opened_it(face: BluezFace, eventually) -> None:
    seen: list[bool] = []
    watcher = await MessageBus(bus_address=os.environ["DBUS_SYSTEM_BUS_ADDRESS"]).connect()
    watcher.add_message_handler(
        lambda message: (
            seen.append(message.body[1]["Discovering"].value) if message.member == "PropertiesChanged" else None
        )
    )
    rule = ["type='signal',member='PropertiesChanged',path='/org/bluez/hci0'"]
    bus = "org.freedesktop.DBus"
    await watcher.call(Message(bus, "/org/freedesktop/DBus", bus, "AddMatch", signature="s", body=rule))
    scanner = await MessageBus(bus_address=os.environ["DBUS_SYSTEM_BUS_ADDRESS"]).connect()
    await scanner.call(Message("org.bluez", "/org/bluez/hci0", ADAPTER, "StartDiscovery"))
    await eventually(lambda: seen == [True])
    scanner.disconnect()
    await scanner.wait_for_disconnect()
    await eventually(lambda: seen == [True, False])
    watcher.disconnect()
    await watcher.wait_for_disconnect()


async def test_an_adapter_that_is_off_is_reported_and_one_switched_off_ends_the_scan(
    face: BluezFace, eventually
) -> None:
    face.set_powered(False)
    with pytest.raises(BleakBluetoothNotAvailableError):
        await Ear().scanner.start()
    face.set_powered(True)
    ear = Ear()
    await eventually_starts(ear)
    face.set_powered(False)
    face.set_powered(True)
    face.hear(advert())
    with pytest.raises(BleakDBusError, match="No discovery started"):
        await ear.scanner.stop()
    assert ear.heard == []
    async with ear:
        face.hear(advert())
        await eventually(lambda: len(ear.heard) == 1)


async def test_a_restart_of_bluetoothd_leaves_a_scanner_deaf_until_it_starts_anew(face: BluezFace, eventually) -> None:
    died = asyncio.create_task(face.died())
    ear = Ear()
    await ear.scanner.start()
    face.hear(advert(1))
    await eventually(lambda: len(ear.heard) == 1)
    await face.restart()
    face.hear(advert(2))
    with pytest.raises(BleakDBusError, match="No discovery started"):
        await ear.scanner.stop()
    assert len(ear.heard) == 1
    async with ear:
        face.hear(advert(3))
        await eventually(lambda: [data[2] for _, data, _ in ear.heard] == [1, 3])
    assert not died.done()
    died.cancel()


async def eventually_starts(ear: Ear) -> None:
    """Bleak learns from a signal that the adapter is on again, which may come a moment later."""
    for _ in range(1000):
        try:
            await ear.scanner.start()
        except BleakBluetoothNotAvailableError:
            await asyncio.sleep(0.02)
            continue
        return
    pytest.fail("the adapter never came back")
