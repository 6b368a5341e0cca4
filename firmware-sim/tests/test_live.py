from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
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
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
)

from shigotoba_sim.building import SeatSensor, building
from shigotoba_sim.clock import ZONE
from shigotoba_sim.commands import Command, PressRocker, PrintSides, Sit, append_command
from shigotoba_sim.devices import BLE_KINDS, ENOCEAN_KINDS
from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bus import bus_address
from shigotoba_sim.plan.counters import base_of

PLACE = building(7, "honcho", "gw-1")
SEAT = next(sensor for sensor in PLACE.seats if sensor.space == "3f-s05")
BOOTH = PLACE.booths[0]
LIFE_COUNT = "1.3.6.1.2.1.43.10.2.1.4.1.1"

SETTINGS = """\
seed = 7
site = "honcho"
gateway = "gw-1"
opened_on = {opened_on}
lively_from = "{lively_from}"
quiet = true
commands = "{folder}/commands.jsonl"
state = "{folder}/state"
enocean_tty = "{folder}/tty-enocean"
dbus_socket = "{folder}/dbus.sock"
snmp_ports = {ports}
"""


class Live:
    """The simulator as a process of its own, in ``folder``."""

    def __init__(self, folder: Path, printers: int = 3, extra: str = "") -> None:
        self.folder = folder
        self.ports = free_ports(printers)
        self.said: list[str] = []
        now = datetime.now(UTC)
        self._settings = folder / "sim.toml"
        self._settings.write_text(
            SETTINGS.format(
                opened_on=(now.astimezone(ZONE) - timedelta(days=1)).date(),
                lively_from=(now - timedelta(hours=1)).isoformat(),
                folder=folder,
                ports=self.ports,
            )
            + extra.format(folder=folder),
            encoding="utf-8",
        )

    async def start(self, **environment: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "shigotoba_sim", "live", "--settings", str(self._settings),
            stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen())

    def is_live(self) -> bool:
        assert self.process.returncode is None, self.said
        return any("is live" in line for line in self.said)

    async def ended(self) -> int:
        async with asyncio.timeout(60):
            await self._listening
            return await self.process.wait()

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.terminate()
        return await self.ended()

    def give(self, command: Command) -> None:
        append_command(self.folder / "commands.jsonl", command)

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode().rstrip())


class Ear:
    """What bleak last heard of each sensor: occupied or not."""

    def __init__(self) -> None:
        self.heard: dict[str, bool] = {}
        self.scanner = BleakScanner(self._listen, bluez={"filters": {"DuplicateData": True}})

    def _listen(self, device: BLEDevice, said: AdvertisementData) -> None:
        data = said.service_data[BTHOME_UUID]
        assert (data[0], data[1], data[3], data[5]) == (0x40, 0x00, 0x01, 0x23)
        self.heard[device.address] = data[6] == 1


def free_ports(number: int) -> list[int]:
    probes = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def life_count(port: int, who: CommunityData | UsmUserData | None = None) -> int:
    engine = SnmpEngine()
    target = await UdpTransportTarget.create(("127.0.0.1", port), timeout=1, retries=10)
    wanted = ObjectType(ObjectIdentity(LIFE_COUNT))
    trouble, _, _, rows = await get_cmd(
        engine, who or CommunityData("public"), target, ContextData(), wanted, lookupMib=False
    )
    engine.close_dispatcher()
    await asyncio.sleep(0)
    assert trouble is None
    return int(rows[0][1])


@pytest.fixture
async def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address(tmp_path / "dbus.sock"))
    live = Live(tmp_path)
    yield live
    await live.stop()


@pytest.mark.parametrize("path", ["as it is", "without a dbus-daemon"])
async def test_what_happens_in_the_building_is_heard_through_every_device(live: Live, eventually, path: str) -> None:
    await live.start(**({} if path == "as it is" else {"PATH": str(live.folder)}))
    await eventually(live.is_live)
    printed = await life_count(live.ports[0])

    ear = Ear()
    await ear.scanner.start()
    live.give(Sit(now_ms(), SEAT.space))
    await eventually(lambda: ear.heard.get(SEAT.address) is True)
    await ear.scanner.stop()

    heard = bytearray()
    with serial.Serial(str(live.folder / "tty-enocean"), 57600, timeout=0) as port:
        live.give(PressRocker(now_ms(), BOOTH.space, "AI"))
        await eventually(lambda: heard.extend(port.read(64)) or len(heard) == 32)
    assert heard[7:12] == bytes.fromhex(BOOTH.button_id) + b"\x82"

    live.give(PrintSides(now_ms(), PLACE.mfps[0].device, 3))
    await eventually(lambda: any(": print, 3 sides" in line for line in live.said))
    assert await life_count(live.ports[0]) == printed + 3

    assert await live.stop() == 0
    assert not (live.folder / "dbus.sock").exists()
    assert not (live.folder / "tty-enocean").is_symlink()
    assert ("our own message bus" in "\n".join(live.said)) is (
        path != "as it is" or shutil.which("dbus-daemon") is None
    )


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


async def test_after_a_sigkill_every_sensor_says_the_right_state_again(live: Live, eventually) -> None:
    live.give(Sit(now_ms(), SEAT.space))
    await live.start()
    await eventually(live.is_live)
    live.process.kill()
    await live.ended()
    live.said.clear()
    await live.start()

    ear = Ear()
    await eventually(lambda: any("serial port" in line for line in live.said))
    await ear.scanner.start()
    live.give(Sit(now_ms(), BOOTH.space))
    # Who was not heard coming up, because the scan began too late, is heard at the next of the quick heartbeats.
    expected = {sensor.address: sensor.space in {SEAT.space, BOOTH.space} for sensor in PLACE.sensors}
    await eventually(lambda: ear.heard == expected, within_s=90)
    await ear.scanner.stop()


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")
async def test_a_dead_daemon_ends_the_process_and_a_dead_process_the_daemon(live: Live, eventually) -> None:
    await live.start()
    await eventually(live.is_live)
    os.kill(daemon_of(live), signal.SIGKILL)
    assert await live.ended() == 1
    assert "bus" in live.said[-1]
    assert "Traceback" not in "\n".join(live.said)

    live.said.clear()
    await live.start()
    await eventually(live.is_live)
    daemon = daemon_of(live)
    live.process.kill()
    await live.ended()
    await eventually(lambda: not Path(f"/proc/{daemon}/exe").exists())


def daemon_of(live: Live) -> int:
    """The daemon's process, by what the kernel says about the other end of its socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(live.folder / "dbus.sock"))
        return int.from_bytes(probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4), "little")


async def test_a_port_that_is_taken_is_one_line_and_leaves_nothing_behind(live: Live) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", live.ports[1]))
        await live.start()
        assert await live.ended() == 2
    assert live.said[-1] == f"snmp_ports: UDP port {live.ports[1]} is in use. Choose another one."
    assert not (live.folder / "dbus.sock").exists()
    assert not (live.folder / "tty-enocean").is_symlink()
