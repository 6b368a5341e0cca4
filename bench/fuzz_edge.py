"""Bounded fuzz of every decoder of the edge: nothing but the documented error, ``FrameError``, may come out.

    python bench/fuzz_edge.py --frames 200000 [--seed 1]

Half of the frames are random bytes, half are recorded frames with some bytes changed, cut or added; where a checksum or
a seal stands before a decoder, a part of them carries a right one, so that what is behind it is reached. The work is
split evenly over the decoders; of Modbus, whose frames pymodbus decodes, what follows from its answers is fuzzed.
Prints frames a second and what was refused, by reason. Exit status 1 as soon as something else was raised, with the
decoder, the seed and the bytes.

Responsible for throwing bytes. Refuses to judge what a frame says, except that its points are in the vocabulary.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

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
from shigotoba_wire.points import fits

ADDRESS = bytes.fromhex("5448E68F80A5")
KEY = bytes(range(16))
LONGEST = 64


def recorded(kind: str, name: str, key: str = "bytes") -> list[bytes]:
    """The frames recorded with a driver."""
    text = files(f"shigotoba_edge.drivers.{kind}").joinpath(f"frames/{name}.toml").read_text()
    return [bytes.fromhex(frame[key]) for frame in tomllib.loads(text)["frame"]]


def mutated(seed: bytes, rng: Random) -> bytes:
    """A frame with bytes changed, cut off or added."""
    frame = bytearray(seed)
    for _ in range(rng.randrange(1, 4)):
        match rng.randrange(4):
            case 0 if frame:
                del frame[rng.randrange(len(frame)) :]
            case 1:
                frame[rng.randrange(len(frame) + 1) :] += rng.randbytes(rng.randrange(8))
            case _ if frame:
                frame[rng.randrange(len(frame))] = rng.randrange(256)
            case _:
                frame += rng.randbytes(4)
    return bytes(frame)


def say(values: tuple[tuple[str, object], ...]) -> None:
    """See that what was understood is in the vocabulary."""
    for point, value in values:
        assert fits(point, value), (point, value)  # type: ignore[arg-type]


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
) -> Callable[[bytes, Random], None]:
    """A decoder of service data: a part of the frames is sealed rightly."""

    def decode(frame: bytes, rng: Random) -> None:
        data = seal(frame) if rng.random() < 0.2 else frame
        part = take_apart(data, ADDRESS)
        opened = keyring.open("seat", part) if isinstance(part, Sealed) else part
        if opened is not None:
            say(read(data, opened).values)  # type: ignore[attr-defined]

    return decode


def linking_decoder() -> Callable[[bytes, Random], None]:
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


def enocean_decoder() -> Callable[[bytes, Random], None]:
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


NAMES = sorted(PROFILES)


def modbus_decoder() -> Callable[[bytes, Random], None]:
    """What wired inputs say: levels and counters of any value at any time."""
    wired = (
        Input(device="a", point="button", input=0, counter=0),
        Input(device="a", point="button", input=0, inverted=True),
        Input(device="b", point="occupancy", input=0),
    )
    watches = [Watch(each, 1_000) for each in wired]

    def decode(frame: bytes, rng: Random) -> None:
        number = int.from_bytes(frame[:4], "big")
        at_ms = int.from_bytes(frame[4:10], "big")
        counted = (number if rng.random() < 0.5 else number & 0x1F, None, None)
        for watch, count in zip(watches, counted, strict=True):
            sighting = watch.take(bool(number & 1), count, at_ms)
            if sighting is not None:
                say(tuple((reading.point, reading.value) for reading in sighting.readings))

    return decode


def decoders() -> dict[str, tuple[list[bytes], Callable[[bytes, Random], None]]]:
    """Recorded frames and decoder, by name."""
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
    }


def frames(seeds: list[bytes], count: int, rng: Random) -> Iterator[bytes]:
    """Half random, half changed."""
    for _ in range(count):
        if rng.random() < 0.5:
            yield rng.randbytes(rng.randrange(LONGEST))
        else:
            yield mutated(rng.choice(seeds), rng)


def fuzz(name: str, seeds: list[bytes], decode: Callable[[bytes, Random], None], count: int, seed: int) -> bool:
    """Throw ``count`` frames at a decoder; whether it held."""
    rng, refused = Random(f"{seed}/{name}"), Counter[str]()
    began_s = time.perf_counter()
    for number, frame in enumerate(frames(seeds, count, rng)):
        try:
            decode(frame, rng)
        except FrameError as error:
            refused[error.reason if not error.reason.startswith("packet_type") else "packet_type_NN"] += 1
        except Exception as error:
            print(f"{name}: seed {seed}, frame {number}: {frame.hex()} raised {error!r}")
            return False
    took_s = time.perf_counter() - began_s
    reasons = ", ".join(f"{reason} {times}" for reason, times in refused.most_common())
    print(f"{name}: {count} frames, {count / took_s:,.0f}/s, understood {count - refused.total()}; refused: {reasons}")
    return True


def main() -> int:
    """Fuzz all; the exit status."""
    parser = argparse.ArgumentParser(description="Throws bytes at every decoder of the edge.")
    parser.add_argument("--frames", type=int, default=200_000, help="in all, split over the decoders")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    every = decoders()
    share = -(-chosen.frames // len(every))
    return 0 if all(fuzz(name, *each, share, chosen.seed) for name, each in every.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
