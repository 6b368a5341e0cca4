"""Every decoder of the edge as one function that takes a frame, for whoever throws frames at them.

Where a checksum or a seal stands before a decoder, a part of the frames is given a right one, so that what is behind it
is reached. What pymodbus parses goes through its framer and decoder, and on into the driver's arithmetic. What pysnmp
parses is plain values by then (see ``printer_values``).

Responsible for the way into each. Refuses to judge what a frame says, except that its points are in the vocabulary.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from importlib.resources import files
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU

from ground import printer_values
from ground.printer_values import say
from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.bluetooth.sealed import Keyring, Sealed
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.ble_bthome import bthome
from shigotoba_edge.drivers.ble_linking import linking
from shigotoba_edge.drivers.ble_linking.driver import BleLinking
from shigotoba_edge.drivers.ble_linking.driver import Settings as LinkingSettings
from shigotoba_edge.drivers.ble_mibeacon import mibeacon
from shigotoba_edge.drivers.enocean.crc8 import crc8
from shigotoba_edge.drivers.enocean.esp3 import Reader
from shigotoba_edge.drivers.enocean.hearing import Hearing
from shigotoba_edge.drivers.enocean.profiles import PROFILES
from shigotoba_edge.drivers.modbus.settings import Input
from shigotoba_edge.drivers.modbus.watch import Watch
from shigotoba_edge.frames import FrameError

ADDRESS = bytes.fromhex("5448E68F80A5")
KEY = bytes(range(16))
NAMES = sorted(PROFILES)
Decoder = Callable[[bytes, Random], None]

logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def recorded(kind: str, name: str, key: str = "bytes") -> list[bytes]:
    """The frames recorded with a driver."""
    text = files(f"shigotoba_edge.drivers.{kind}").joinpath(f"frames/{name}.toml").read_text()
    return [bytes.fromhex(frame[key]) for frame in tomllib.loads(text)["frame"]]


class Sealer:
    """A keyring that has the key, and frames that carry the right seal with a rising counter."""

    def __init__(self) -> None:
        self.keyring = Keyring({"seat": KEY})
        self._cipher = AESCCM(KEY, tag_length=4)
        self._counter = 0

    def bthome(self, objects: bytes) -> bytes:
        """BTHome service data that open to ``objects``."""
        self._counter += 1
        count = self._counter.to_bytes(4, "little")
        body = self._cipher.encrypt(ADDRESS + bthome.UUID_BYTES + b"\x41" + count, objects or b"\0", None)
        return b"\x41" + body[:-4] + count + body[-4:]

    def mibeacon(self, objects: bytes) -> bytes:
        """MiBeacon service data that open to ``objects``."""
        self._counter += 1
        count = self._counter.to_bytes(4, "little")
        head = bytes.fromhex("4850 4C3F") + count[:1]
        body = self._cipher.encrypt(ADDRESS[::-1] + head[2:] + count[1:], objects or b"\0", b"\x11")
        return head + body[:-4] + count[1:] + body[-4:]


def service_data(
    take_apart: Callable[[bytes, bytes], Sealed | bytes],
    read: Callable[[bytes, bytes], object],
    seal: Callable[[bytes], bytes],
    keyring: Keyring,
) -> Decoder:
    """A decoder of service data: a part of the frames is sealed rightly."""

    def decode(frame: bytes, rng: Random) -> None:
        data = seal(frame) if rng.random() < 0.2 else frame
        part = take_apart(data, ADDRESS)
        opened = keyring.open("seat", part) if isinstance(part, Sealed) else part
        if opened is not None:
            say(read(data, opened).values)

    return decode


def linking_decoder() -> Decoder:
    """Linking, through the driver."""
    settings = LinkingSettings(kind="ble_linking", name="fuzzed")
    driver = BleLinking(settings, Surroundings(lambda: 0, Random(0)))

    def decode(frame: bytes, _rng: Random) -> None:
        understood = driver.understand(Advert("54:48:E6:8F:80:A5", {}, {linking.COMPANY: frame}, None))
        assert understood is not None
        say(tuple((reading.point, reading.value) for reading in understood.sighting.readings))

    return decode


def packet(kind: int, data: bytes, optional: bytes) -> bytes:
    """An ESP3 packet with right checksums."""
    header = len(data).to_bytes(2, "big") + bytes([len(optional), kind])
    return b"\x55" + header + bytes([crc8(header)]) + data + optional + bytes([crc8(data + optional)])


def enocean_decoder() -> Decoder:
    """EnOcean, from the serial line on; one reader for ever, as on a line."""
    reader = Reader()
    hearing = {name: Hearing({"0029219a": name, "0502e95f": name}) for name in PROFILES}

    def decode(frame: bytes, rng: Random) -> None:
        match rng.randrange(4):
            case 0:
                frame = packet(0x01, bytes([rng.choice((0xF6, 0xD5, 0xA5))]) + frame[:9], frame[9:16])
            case 1:
                body = bytes([rng.choice((0x20, 0x21, 0x22, 0x61, 0x62, 0x30)), *frame[:14]])
                frame = packet(0x0A, body + bytes([crc8(body)]), frame[14:20])
            case 2:
                data = rng.choice((b"\xa5", b"\xf6")) + frame[:4] + bytes.fromhex("0029219A") + frame[4:5]
                frame = packet(0x01, data, frame[5:12])
            case _:
                pass
        packets = reader.feed(frame)
        if rng.random() < 0.05:
            packets += reader.give_up()
        for found in packets:
            sighting = hearing[rng.choice(NAMES)].sighting(found, 0)
            say(tuple((reading.point, reading.value) for reading in sighting.readings))

    return decode


def modbus_decoder() -> Decoder:
    """Modbus, from pymodbus on: half the frames with a right CRC; and levels and counters of any value at any time."""
    framer = FramerRTU(DecodePDU(False))
    wired = (
        Input(device="a", point="button", input=0, counter=0),
        Input(device="a", point="button", input=0, inverted=True),
        Input(device="b", point="occupancy", input=0),
    )
    watches = [Watch(each, 1_000) for each in wired]

    def decode(frame: bytes, rng: Random) -> None:
        if rng.random() < 0.5:
            content = b"\x01" + rng.choice((b"\x02", b"\x04", b"\x82", b"")) + frame
            frame = content + FramerRTU.compute_CRC(content).to_bytes(2, "big")
        level, number = _answered(_parsed(framer, frame)) or (bool(frame[:1]), int.from_bytes(frame[:4], "big"))
        at_ms = int.from_bytes(frame[4:10], "big")
        counted = (number if rng.random() < 0.5 else number & 0x1F, None, None)
        for watch, count in zip(watches, counted, strict=True):
            sighting = watch.take(level, count, at_ms)
            if sighting is not None:
                say(tuple((reading.point, reading.value) for reading in sighting.readings))

    return decode


def _parsed(framer: FramerRTU, frame: bytes) -> ModbusPDU | None:
    try:
        return framer.handleFrame(frame, 1, 0)[1]
    except ModbusException as error:
        raise FrameError("no_answer", str(error)) from error


def _answered(reply: ModbusPDU | None) -> tuple[bool, int] | None:
    if reply is None or reply.isError():
        return None
    words = [*reply.registers, 0, 0]
    return bool(reply.bits and reply.bits[0]), int(words[0]) << 16 | int(words[1])


def decoders() -> dict[str, tuple[list[bytes], Decoder]]:
    """Recorded frames and decoder, by name; of printers, whose recordings are objects, octets of each kind."""
    sealer = Sealer()
    keyring = sealer.keyring
    return {
        "ble_bthome": (
            recorded("ble_bthome", "service_data"),
            service_data(bthome.take_apart, bthome.read, sealer.bthome, keyring),
        ),
        "ble_mibeacon": (
            recorded("ble_mibeacon", "service_data"),
            service_data(mibeacon.take_apart, mibeacon.read, sealer.mibeacon, keyring),
        ),
        "ble_linking": (recorded("ble_linking", "beacons"), linking_decoder()),
        "enocean": (recorded("enocean", "esp3"), enocean_decoder()),
        "modbus": (recorded("modbus", "rtu", "answer"), modbus_decoder()),
        "printer_snmp": (printer_values.OCTETS, printer_values.decoder()),
    }
