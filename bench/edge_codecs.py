"""How many frames a second each decoder of the edge takes, against what a building sends.

    python bench/edge_codecs.py

Each frame goes the way it goes in a driver: from the bytes on the air or the wire to what they say, through seals and
checksums. A printer's frame is what one visit brings. Counted in processor time, the best of three rounds, so that
other work on the machine costs little of it; the load is kept beside the figures in ``results/edge_codecs.json``.

Responsible for speed. Refuses to judge what the frames say: tests do.
"""

from __future__ import annotations

import asyncio
import time
import tomllib
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import cycle
from pathlib import Path

from ground.edge_decoders import ADDRESS, Sealer
from ground.recorded_printer import RecordedPrinter
from ground.report import keep
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU

from shigotoba_edge.bluetooth.sealed import Sealed
from shigotoba_edge.bluetooth.service_data import Dialect
from shigotoba_edge.drivers.ble_bthome.driver import DIALECT as BTHOME
from shigotoba_edge.drivers.ble_linking import linking
from shigotoba_edge.drivers.ble_mibeacon.driver import DIALECT as MIBEACON
from shigotoba_edge.drivers.enocean.esp3 import Reader
from shigotoba_edge.drivers.enocean.hearing import Hearing
from shigotoba_edge.drivers.modbus.settings import Input
from shigotoba_edge.drivers.modbus.watch import Watch
from shigotoba_edge.drivers.printer_snmp.acquaintance import meet

SENT_PER_S = {"ble": 300 / 30, "enocean": 2 * 30 / 60, "modbus": 30 / 0.25, "printer": 10 / 60}
"""300 sensors every 30 s, 30 rockers pressed and released once a minute, 30 inputs four times a second, 10 printers."""

TIMES = 5_000
ROUNDS = 3
SEAT = bytes.fromhex("40 00 07 01 64 23 01")
OBJECTS = SEAT[1:]
PAD = bytes.fromhex("3C 48 01 01")
ROCKER_ERP2 = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 8A 75 01 32 8B")
INPUTS = bytes.fromhex("01 02 01 02 20 49")
REGISTERS = bytes.fromhex("01 04 04 00 01 00 02 2B 85")
SHARP = Path(__file__).parents[1] / "edge" / "tests" / "data" / "sharp-mx3570n.snmprec"
PRINTERS = {
    "printer_labels": SHARP,
    "printer_type_codes": "ricoh-table",
    "printer_coded_index": "fujifilm-xcmi",
    "printer_records": "brother",
    "printer_pwg": "pwg-counters",
}
"""One recording for each way in which counters are laid out."""

Decode = Callable[[], object]


def plain(dialect: Dialect, frame: bytes) -> Iterator[Decode]:
    """A frame of service data that is not sealed."""

    def decode() -> None:
        part = dialect.take_apart(frame, ADDRESS)
        assert isinstance(part, bytes)
        dialect.read(frame, part)

    while True:
        yield decode


def sealed(dialect: Dialect, seal: Callable[[bytes], bytes], objects: bytes, sealer: Sealer) -> Iterator[Decode]:
    """Frames with a right seal, each with the next counter."""
    while True:
        frame = seal(objects)

        def decode(frame: bytes = frame) -> None:
            part = dialect.take_apart(frame, ADDRESS)
            assert isinstance(part, Sealed)
            opened = sealer.keyring.open("seat", part)
            assert opened is not None
            dialect.read(frame, opened)

        yield decode


def telegram(frame: bytes) -> Iterator[Decode]:
    """A telegram on the serial line."""
    reader, hearing = Reader(), Hearing({})

    def decode() -> None:
        for packet in reader.feed(frame):
            hearing.sighting(packet, 0)

    while True:
        yield decode


def polled(frame: bytes) -> Iterator[Decode]:
    """A module's answer, through pymodbus to what it says of a button and a seat."""
    framer = FramerRTU(DecodePDU(False))
    button = Watch(Input(device="a", point="button", counter=0), 1_000)
    seat = Watch(Input(device="b", point="occupancy", input=0), 1_000)

    def decode() -> None:
        reply = framer.handleFrame(frame, 1, 0)[1]
        assert reply is not None
        if reply.registers:
            button.take(None, reply.registers[0] << 16 | reply.registers[1], 0)
        else:
            seat.take(bool(reply.bits[0]), None, 0)

    while True:
        yield decode


def visit(recording: Path | str) -> Iterator[Decode]:
    """What one visit to a printer brings, already asked for."""
    folder = files("shigotoba_edge.drivers.printer_snmp").joinpath("frames")
    path = recording if isinstance(recording, Path) else folder.joinpath(f"{recording}.snmprec")
    recorded = RecordedPrinter(path.read_text(encoding="utf-8"))
    printer = asyncio.run(meet(recorded))
    values = recorded.values(printer.objects())
    assert printer.counts(values), recording

    def decode() -> None:
        assert printer.is_same(values)
        printer.counts(values)
        printer.states(values)

    while True:
        yield decode


def codecs() -> dict[str, Iterator[Decode]]:
    """Frames to decode, by codec."""
    beacons = tomllib.loads(files("shigotoba_edge.drivers.ble_linking").joinpath("frames/beacons.toml").read_text())
    telegrams = tomllib.loads(files("shigotoba_edge.drivers.enocean").joinpath("frames/esp3.toml").read_text())
    erp1 = next(one["bytes"] for one in telegrams["frame"] if bytes.fromhex(one["bytes"])[4] == 1 and one["says"])
    beacon, sealer = bytes.fromhex(beacons["frame"][0]["bytes"]), Sealer()
    return {
        "ble_bthome": plain(BTHOME, SEAT),
        "ble_bthome_sealed": sealed(BTHOME, sealer.bthome, OBJECTS, sealer),
        "ble_linking": cycle([lambda: linking.decode(beacon)]),
        "ble_mibeacon_sealed": sealed(MIBEACON, sealer.mibeacon, PAD, sealer),
        "enocean_erp2": telegram(ROCKER_ERP2),
        "enocean_erp1": telegram(bytes.fromhex(erp1)),
        "modbus_inputs": polled(INPUTS),
        "modbus_registers": polled(REGISTERS),
        **{name: visit(recording) for name, recording in PRINTERS.items()},
    }


def per_s(frames: Iterator[Decode]) -> float:
    """Frames a second of processor time, the best of some rounds; what makes the frames is not counted."""

    def once() -> float:
        ready = [next(frames) for _ in range(TIMES)]
        began_s = time.process_time()
        for decode in ready:
            decode()
        return TIMES / (time.process_time() - began_s)

    return max(once() for _ in range(ROUNDS))


def main() -> None:
    """Measure, print, keep."""
    measured = {name: round(per_s(frames)) for name, frames in codecs().items()}
    for name, value in measured.items():
        sent = next(rate for part, rate in SENT_PER_S.items() if name.startswith(part))
        print(f"{name:<20} {value:>9,} frames/s = {value / sent:>9,.0f} times what a building of 300 seats sends")
    print(f"kept in {keep('edge_codecs', {'frames_per_s': measured})}")


if __name__ == "__main__":
    main()
