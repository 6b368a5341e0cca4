"""Faults as the faces carry them out: who is silent, what is spoilt, what is pulled out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from bleak import BleakScanner
from bleak.exc import BleakDBusError
from pymodbus.client import AsyncModbusSerialClient

from shigotoba_sim.building import building
from shigotoba_sim.faces.bus import bus_address
from shigotoba_sim.faces.enocean.esp3 import RADIO_ERP2, packet
from shigotoba_sim.faces.enocean.face import EnOceanFace
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.mfp.tree import oid
from shigotoba_sim.faces.modbus.face import WiredFace
from shigotoba_sim.faces.radio import RadioFace
from shigotoba_sim.faults.counting import Restart
from shigotoba_sim.faults.schedule import EVERYTHING, Deed, Faults, Spell
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.events import Presence, Press

ON_MS = 1_795_219_131_165
PLACE = building(7, "honcho", "gw-1", "all")
VACANT = {sensor.space: False for sensor in PLACE.sensors}
ROCKER = PLACE.booths[0]
WIRED = next(booth for booth in PLACE.booths if booth.button == "wired")


class Clock:
    def __init__(self) -> None:
        self.now_ms = ON_MS

    def __call__(self) -> int:
        return self.now_ms


async def opened(folder: Path, *spells: Spell) -> tuple[EnOceanFace, Clock]:
    clock = Clock()
    face = EnOceanFace(PLACE, folder / "tty", clock, Faults(7, spells))
    await face.open(VACANT)
    return face, clock


async def test_a_stick_is_pulled_out_and_put_back_as_the_faults_say(tmp_path: Path) -> None:
    face, clock = await opened(tmp_path, Spell("stick_unplugged", "unplugged", EVERYTHING, ON_MS + 1000, ON_MS + 2000))
    there: list[bool] = []
    for clock.now_ms in (ON_MS, ON_MS + 1000, ON_MS + 1500, ON_MS + 2000):
        await face.look(clock.now_ms)
        face.tell(Press(clock.now_ms, ROCKER.space, "AI"))
        there.append((tmp_path / "tty").exists())
    assert there == [True, False, False, True]
    await face.close()


async def test_a_dead_rocker_says_nothing_and_a_noisy_line_spoils_what_is_said(tmp_path: Path, eventually) -> None:
    face, clock = await opened(
        tmp_path,
        Spell("sensor_dies", "silent", ROCKER.button_device, ON_MS, ON_MS + 1000),
        Spell("line_noise", "noisy", EVERYTHING, ON_MS + 1000, ON_MS + 2000),
    )
    heard, rocker = bytearray(), bytes.fromhex(f"20{ROCKER.button_id}")
    with serial.Serial(str(tmp_path / "tty"), 57600, timeout=0) as port:
        face.tell(Press(ON_MS, ROCKER.space, "AI"))
        face.tell(Press(ON_MS, PLACE.booths[1].space, "AI"))
        await eventually(
            lambda: heard.extend(port.read(4096)) or heard.count(bytes.fromhex(PLACE.booths[1].button_id)) == 2
        )
        assert rocker not in heard
        heard.clear()
        clock.now_ms = ON_MS + 1000
        face.tell(Press(clock.now_ms, ROCKER.space, "AI"))
        await eventually(lambda: heard.extend(port.read(4096)) or len(heard) > 32)
    await face.close()
    pieces = [bytes(heard[start : start + 16]) for start in range(len(heard) - 15)]
    assert not [piece for piece in pieces if packet(RADIO_ERP2, piece[6:13], piece[13:15]) == piece]


async def test_a_deaf_radio_hears_again_once_it_is_over_and_the_scan_is_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eventually
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address(tmp_path / "dbus.sock"))
    heard: list[str] = []
    scanner = BleakScanner(
        lambda device, _said: heard.append(device.address), bluez={"filters": {"DuplicateData": True}}
    )
    radio = RadioFace(
        PLACE, tmp_path / "dbus.sock", wall_ms, Faults(7, [Spell("radio_deaf", "deaf", EVERYTHING, 1, 2)])
    )
    await radio.open(VACANT)
    await scanner.start()
    await eventually(lambda: bool(heard))
    await radio.look(1)
    with pytest.raises(BleakDBusError, match="No discovery started"):
        await scanner.stop()
    await radio.look(2)
    heard.clear()
    await scanner.start()
    await eventually(lambda: bool(heard))
    await scanner.stop()
    await radio.close()


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
async def master(tmp_path: Path) -> AsyncIterator[AsyncModbusSerialClient]:
    client = AsyncModbusSerialClient(str(tmp_path / "tty"), baudrate=9600, parity="N")
    yield client
    client.close()


async def test_a_dead_wire_stays_low_and_counts_nothing(tmp_path: Path, master: AsyncModbusSerialClient) -> None:
    silent = [
        Spell("sensor_dies", "silent", device, ON_MS, ON_MS + 1000)
        for device in (WIRED.presence.device, WIRED.button_device)
    ]
    face = WiredFace(PLACE, tmp_path / "tty", Faults(7, silent))
    await face.open(VACANT)
    assert await master.connect()
    for at_ms, risen in ((ON_MS, 0), (ON_MS + 1000, 1)):
        face.tell(Presence(at_ms, WIRED.space, True))
        face.tell(Press(at_ms, WIRED.space, "AO"))
        counts = await master.read_input_registers(0, count=6, device_id=1)
        assert counts.registers == [0, risen, 0, 0, 0, risen]
    await face.close()


def test_a_replaced_printer_has_another_serial_and_counters_of_its_own() -> None:
    mfp, clock = PLACE.mfps[0], Clock()
    restart = Restart(ON_MS + 1000, Counters(print_mono=9))
    deed = Deed("mfp_replaced", mfp.device, ON_MS + 1000, restart=restart, becomes="mfp-NEW1")
    printers = Printers(
        [mfp], lambda _device, _at_ms: Counters(print_mono=500), clock, ON_MS - 1000, None, Faults(7, (), [deed])
    )
    said: list[tuple[object, object]] = []
    for clock.now_ms in (ON_MS, ON_MS + 1000):
        tree = printers.tree(mfp)
        said.append((tree[oid("1.3.6.1.2.1.43.5.1.1.17.1")].value, tree[oid("1.3.6.1.2.1.43.10.2.1.4.1.1")].value))
    assert said == [(mfp.serial.encode(), 500), (b"NEW1", 9)]
