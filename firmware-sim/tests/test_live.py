"""The live building as a process: heard, killed, started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from shigotoba_sim.building import building
from shigotoba_sim.commands import PressRocker, PrintSides, Sit
from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bus import bus_address
from shigotoba_testing.live_sim import Live, life_count, now_ms

PLACE = building(7, "honcho", "gw-1")


SEAT = next(sensor for sensor in PLACE.seats if sensor.space == "3f-s05")


BOOTH = PLACE.booths[0]


class Ear:
    """What bleak last heard of each sensor: occupied or not."""

    def __init__(self) -> None:
        self.heard: dict[str, bool] = {}
        self.scanner = BleakScanner(self._listen, bluez={"filters": {"DuplicateData": True}})

    def _listen(self, device: BLEDevice, said: AdvertisementData) -> None:
        data = said.service_data[BTHOME_UUID]
        assert (data[0], data[1], data[3], data[5]) == (0x40, 0x00, 0x01, 0x23)
        self.heard[device.address] = data[6] == 1


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
