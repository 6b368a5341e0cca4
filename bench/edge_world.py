"""The devices of ``edge_cost``: 300 BLE seat sensors, 30 rockers and 10 printers, behind the simulator's protocols.

``python bench/edge_world.py FOLDER PORT...``: prints ``ready``, begins at a line on stdin, ends at the next, and prints
as JSON how many different advertisements and telegrams were sent. Every sensor speaks once in 30 seconds, each time
with a new packet id; every rocker is pressed and released once a minute. Refuses to measure.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from importlib.resources import files
from pathlib import Path

from shigotoba_edge.drivers.enocean.crc8 import crc8
from shigotoba_sim.faces.advert import BTHOME_UUID, Advert
from shigotoba_sim.faces.bluez.service import BluezFace
from shigotoba_sim.faces.bthome import service_data
from shigotoba_sim.faces.bus import bus_address, open_bus
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.snmprec import read_recording

SENSORS = 300
HEARTBEAT_S = 30.0
ROCKERS = 30
PRESS_EVERY_S = 60.0
FRAMES = files("shigotoba_edge.drivers.printer_snmp").joinpath("frames")


class Sent:
    """How much was sent that must arrive."""

    adverts = 0
    telegrams = 0


async def main(folder: Path, ports: list[int]) -> None:
    """Open everything, play until told to stop, close."""
    socket = folder / "bus"
    bus = await open_bus(socket)
    bluez = BluezFace("00:1A:7D:DA:71:13", time.monotonic)
    await bluez.open(bus_address(socket))
    stick, theirs = os.openpty()
    (folder / "tty").symlink_to(os.ttyname(theirs))
    agents = [await _printer(port, number) for number, port in enumerate(ports)]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    playing = [asyncio.create_task(_sensors(bluez)), asyncio.create_task(_rockers(stick))]
    await asyncio.to_thread(sys.stdin.readline)
    for task in playing:
        task.cancel()
    await asyncio.wait(playing)
    print(json.dumps({"adverts": Sent.adverts, "telegrams": Sent.telegrams}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for agent in agents:
        await agent.close()
    await bluez.close()
    await bus.close()


async def _printer(port: int, number: int) -> SnmpAgent:
    names = sorted(entry.name for entry in FRAMES.iterdir() if entry.name.endswith(".snmprec"))
    tree = read_recording(Path(str(FRAMES.joinpath(names[number % len(names)]))))
    agent = SnmpAgent(port, lambda: tree)
    await agent.open()
    return agent


async def _sensors(bluez: BluezFace) -> None:
    """One after the other, evenly over the heartbeat, by a clock of its own."""
    begun_s, number = time.monotonic(), 0
    while True:
        sensor, beat = number % SENSORS, number // SENSORS
        address = f"54:48:E6:00:{sensor // 256:02X}:{sensor % 256:02X}"
        occupied = (beat + sensor) % 20 < 10
        data = service_data(beat % 256, {"battery_pct": 90, "occupancy": occupied})
        bluez.hear(Advert(address=address, rssi_dbm=-60 - sensor % 20, service_data={BTHOME_UUID: data}))
        Sent.adverts += 1
        number += 1
        await asyncio.sleep(max(0.0, begun_s + number * HEARTBEAT_S / SENSORS - time.monotonic()))


async def _rockers(stick: int) -> None:
    begun_s, number = time.monotonic(), 0
    while True:
        rocker, pressed = number // 2 % ROCKERS, number % 2 == 0
        os.write(stick, _telegram(0x002D_0000 + rocker, 0x8A if pressed else 0x00))
        Sent.telegrams += 1
        number += 1
        await asyncio.sleep(max(0.0, begun_s + number * PRESS_EVERY_S / ROCKERS / 2 - time.monotonic()))


def _telegram(sender: int, payload: int) -> bytes:
    """A rocker's ERP2 telegram in an ESP3 packet (research/edge.md sections 3.2 and 3.3)."""
    erp2 = bytes([0x20, *sender.to_bytes(4), payload])
    body = erp2 + bytes([crc8(erp2), 0x01, 0x32])
    header = bytes([0, 7, 2, 0x0A])
    return b"\x55" + header + bytes([crc8(header)]) + body + bytes([crc8(body)])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
