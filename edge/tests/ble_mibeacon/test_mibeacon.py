"""MiBeacon: frames of a real seat pad, an independent encoder, and any bytes at all."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.sealed import Keyring, Sealed
from shigotoba_edge.drivers.ble_mibeacon import mibeacon
from shigotoba_edge.frames import FrameError
from shigotoba_wire.points import fits

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.ble_mibeacon").joinpath("frames/service_data.toml").read_text())
MAC = bytes.fromhex("A4C138BEEF12")


def understood(service_data: bytes, address: bytes, key: bytes | None) -> mibeacon.Message:
    part = mibeacon.take_apart(service_data, address)
    opened = Keyring({"pad": key} if key else {}).open("pad", part) if isinstance(part, Sealed) else part
    assert opened is not None
    return mibeacon.read(service_data, opened)


@pytest.mark.parametrize("frame", [f for f in FRAMES["frame"] if "says" in f], ids=lambda frame: frame["name"])
def test_a_frame_says_what_it_says(frame: dict) -> None:
    key = bytes.fromhex(frame.get("key", "")) or None
    message = understood(bytes.fromhex(frame["bytes"]), bytes.fromhex(frame["address"]), key)
    assert (dict(message.values), message.packet_id, message.flaws) == (frame["says"], frame["counter"], ())


@pytest.mark.parametrize("frame", [f for f in FRAMES["frame"] if "refused" in f], ids=lambda frame: frame["name"])
def test_a_frame_is_refused_with_its_reason(frame: dict) -> None:
    with pytest.raises(FrameError) as caught:
        understood(bytes.fromhex(frame["bytes"]), bytes.fromhex(frame["address"]), None)
    assert caught.value.reason == frame["refused"]


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**32 - 1), st.binary(min_size=1, max_size=20))
def test_what_was_sealed_is_opened_with_the_whole_counter(key: bytes, counter: int, objects: bytes) -> None:
    head = bytes.fromhex("5858 4C3F") + bytes([counter & 0xFF])
    upper = (counter >> 8).to_bytes(3, "little")
    body = AESCCM(key, tag_length=4).encrypt(MAC[::-1] + head[2:] + upper, objects, b"\x11")
    part = mibeacon.take_apart(head + MAC[::-1] + body[:-4] + upper + body[-4:], MAC)
    assert isinstance(part, Sealed)
    assert part.counter == counter
    assert Keyring({"pad": key}).open("pad", part) == objects


@pytest.mark.parametrize(("identity", "byte"), [(0x483C, 2), (0x484E, 3), (0x4C03, 101)])
def test_a_value_out_of_range_does_not_cost_the_rest(identity: int, byte: int) -> None:
    broken = identity.to_bytes(2, "little") + bytes([1, byte])
    message = mibeacon.read(bytes(5), broken + bytes.fromhex("3C48 01 01 0348 01 64"))
    assert dict(message.values) == {"occupancy": True, "battery_pct": 100}
    assert message.flaws == ("bad_value",)


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_decode_or_raise_the_one_error(service_data: bytes, plausible: bool) -> None:
    if plausible:
        service_data = bytes.fromhex("4050") + service_data
    try:
        message = understood(service_data, MAC, None)
    except FrameError:
        return
    assert all(fits(*value) for value in message.values)
