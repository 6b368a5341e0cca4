"""A live building with every kind of device, heard by the libraries that offices use."""

from __future__ import annotations

import time
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bthome_ble.parser import BTHomeBluetoothDeviceData
from habluetooth import BluetoothServiceInfoBleak
from pymodbus.client import AsyncModbusSerialClient
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC192_SHA256,
    USM_PRIV_CFB128_AES,
    CommunityData,
    UsmUserData,
)

from shigotoba_sim.building import SeatSensor, building
from shigotoba_sim.commands import PressRocker, Sit
from shigotoba_sim.devices import BLE_KINDS, ENOCEAN_KINDS
from shigotoba_sim.faces.bus import bus_address
from shigotoba_sim.plan.counters import base_of
from shigotoba_testing.live_sim import Live, life_count, now_ms

EVERY_KIND = """\
devices = "all"
modbus_tty = "{folder}/tty-modbus"
bindkeys = "{folder}/bindkeys.toml"

[snmp_v3]
user = "reader"
auth_file = "{folder}/auth"
privacy_file = "{folder}/privacy"
"""


EVERYTHING = building(7, "honcho", "gw-1", "all")


class Antenna:
    """What bleak heard of everybody: the last bytes by address, whatever their format."""

    def __init__(self) -> None:
        self.heard: dict[str, AdvertisementData] = {}
        self.scanner = BleakScanner(self._listen, bluez={"filters": {"DuplicateData": True}})

    def _listen(self, device: BLEDevice, said: AdvertisementData) -> None:
        self.heard[device.address] = said

    def decrypted(self, sensor: SeatSensor, bindkey: str) -> bool | None:
        """Whether an encrypted seat is occupied, as Home Assistant's decoder reads it."""
        if sensor.address not in self.heard:
            return None
        said = self.heard[sensor.address]
        device = BLEDevice(sensor.address, None, {})
        info = BluetoothServiceInfoBleak.from_device_and_advertisement_data(
            device, said, "test", time.monotonic(), False
        )
        update = BTHomeBluetoothDeviceData(bindkey=bytes.fromhex(bindkey)).update(info)
        return next((each.native_value for each in update.binary_entity_values.values()), None)


@pytest.fixture
async def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address(tmp_path / "dbus.sock"))
    for name in ("auth", "privacy"):
        (tmp_path / name).write_text(f"{name}-pass-phrase\n", encoding="utf-8")
    live = Live(tmp_path, len(EVERYTHING.mfps), EVERY_KIND)
    yield live
    await live.stop()


async def test_every_kind_of_device_is_heard_by_the_library_that_offices_use(everything: Live, eventually) -> None:
    live = everything
    await live.start()
    antenna, telegrams = Antenna(), bytearray()
    await eventually(lambda: live.process.returncode is None and (live.folder / "tty-modbus").exists())
    await antenna.scanner.start()
    await eventually(live.is_live)

    senders = {bytes.fromhex(sensor.address) for sensor in EVERYTHING.sensors if sensor.kind in ENOCEAN_KINDS}
    senders |= {bytes.fromhex(booth.door) for booth in EVERYTHING.booths if booth.door}
    with serial.Serial(str(live.folder / "tty-enocean"), 57600, timeout=0) as port:
        await eventually(lambda: telegrams.extend(port.read(4096)) or all(each in telegrams for each in senders))

    keys = tomllib.loads((live.folder / "bindkeys.toml").read_text(encoding="utf-8"))["bindkeys"]
    seat = next(sensor for sensor in EVERYTHING.seats if sensor.kind == "bthome_encrypted")
    booth = next(booth for booth in EVERYTHING.booths if booth.button == "wired")
    live.give(Sit(now_ms(), seat.space))
    live.give(Sit(now_ms(), booth.space))
    live.give(PressRocker(now_ms(), booth.space, "AI"))
    await eventually(lambda: antenna.decrypted(seat, keys[seat.address]) is True)
    on_air = {sensor.address for sensor in EVERYTHING.sensors if sensor.kind in BLE_KINDS}
    on_air |= {booth.button_id for booth in EVERYTHING.booths if booth.button == "linking"}
    await eventually(lambda: set(antenna.heard) == on_air)
    await antenna.scanner.stop()

    master = AsyncModbusSerialClient(str(live.folder / "tty-modbus"), baudrate=9600, parity="N")
    assert await master.connect()
    first = int(booth.presence.address)
    levels = await master.read_discrete_inputs(first, count=1, device_id=1)
    presses = await master.read_input_registers(2 * (first + 1), count=4, device_id=1)
    assert (levels.bits[0], presses.registers) == (True, [0, 1, 0, 0])
    master.close()

    login = UsmUserData(
        "reader", "auth-pass-phrase", "privacy-pass-phrase", USM_AUTH_HMAC192_SHA256, USM_PRIV_CFB128_AES
    )
    for mfp, port in zip(EVERYTHING.mfps, live.ports, strict=True):
        who = CommunityData("public", mpModel=0) if mfp.vendor == "canon" else login
        assert await life_count(port, who) == base_of(mfp.serial).impressions_total


async def test_a_wired_building_without_a_link_for_its_module_is_one_line(tmp_path: Path) -> None:
    live = Live(tmp_path, len(EVERYTHING.mfps), 'devices = "all"\n')
    await live.start()
    assert await live.ended() == 2
    assert live.said[-1].startswith("modbus_tty is missing.")
