"""The decoder: official vectors, an independent encoder, an independent decoder, and any bytes at all."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bthome_ble.const import MEAS_TYPES
from bthome_ble.parser import BTHomeBluetoothDeviceData
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from habluetooth import BluetoothServiceInfoBleak
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.sealed import Keyring, Sealed
from shigotoba_edge.drivers.ble_bthome import bthome, objects
from shigotoba_edge.drivers.ble_bthome.driver import SERVICE_UUID
from shigotoba_edge.frames import FrameError
from shigotoba_wire.points import fits

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.ble_bthome").joinpath("frames/service_data.toml").read_text())
UNDERSTOOD = [frame for frame in FRAMES["frame"] if "says" in frame and "key" not in frame]
REFUSED = [frame for frame in FRAMES["frame"] if "refused" in frame]


SEALED = [frame for frame in FRAMES["frame"] if "key" in frame]
MAC = bytes.fromhex("5448E68F80A5")


def decoded_plain(service_data: bytes) -> bthome.Frame:
    """A frame from a sensor without key."""
    part = bthome.take_apart(service_data, MAC)
    opened = Keyring({}).open("seat", part) if isinstance(part, Sealed) else part
    assert opened is not None
    return bthome.read(service_data, opened)


def bytes_of(frame: dict[str, str]) -> bytes:
    return bytes.fromhex(frame["bytes"])


@pytest.mark.parametrize("frame", UNDERSTOOD, ids=lambda frame: frame["name"])
def test_a_recorded_frame_says_what_it_said(frame: dict) -> None:
    decoded = decoded_plain(bytes_of(frame))
    assert dict(decoded.values) == frame["says"]
    assert decoded.packet_id == frame.get("packet_id")
    assert decoded.trigger_based == frame.get("trigger_based", False)
    assert decoded.flaws == ()


@pytest.mark.parametrize("frame", REFUSED, ids=lambda frame: frame["name"])
def test_a_recorded_frame_is_refused_with_its_reason(frame: dict) -> None:
    with pytest.raises(FrameError) as caught:
        decoded_plain(bytes_of(frame))
    assert caught.value.reason == frame["refused"]


@pytest.mark.parametrize(
    ("service_data", "reason"),
    [
        ("", "truncated"),
        ("40 23", "truncated"),
        ("40 00 07 3D 01", "truncated"),
        ("40 3B", "truncated"),
        ("40 3B 02 03 05", "truncated"),
        ("40 53 03 41 42", "truncated"),
        ("20 23 01", "unsupported_version"),
        ("60 23 01", "unsupported_version"),
        ("42 23 01", "unsupported_version"),
        ("41 01 00 00 00 01 02 03 04", "truncated"),
        ("41 FF 01 00 00 00 01 02 03 04", "encrypted_without_key"),
    ],
)
def test_a_broken_frame_is_refused_with_its_reason(service_data: str, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        decoded_plain(bytes.fromhex(service_data))
    assert caught.value.reason == reason


def test_an_unknown_object_hides_only_what_follows() -> None:
    decoded = decoded_plain(bytes.fromhex("40 23 01 C7 01 21 01"))
    assert decoded.values == (("occupancy", True),)
    assert decoded.flaws == ("unknown_object",)


@pytest.mark.parametrize("broken", ["23 02", "01 65", "3A FE"])
def test_a_value_out_of_range_does_not_cost_the_rest(broken: str) -> None:
    decoded = decoded_plain(bytes.fromhex(f"40 {broken} 21 01"))
    assert decoded.values == (("motion", True),)
    assert decoded.flaws == ("bad_value",)


def test_a_button_that_did_nothing_says_nothing() -> None:
    assert decoded_plain(bytes.fromhex("40 00 01 3A 00")).values == ()


def test_the_first_of_a_repeated_point_counts() -> None:
    assert decoded_plain(bytes.fromhex("40 09 01 3D 02 00")).values == (("count", 1),)


def test_every_length_is_the_one_bthome_ble_knows() -> None:
    theirs = {
        identity: kind.data_length
        for identity, kind in MEAS_TYPES.items()
        if kind.data_format not in ("raw", "string", "command")
    }
    assert theirs == objects.LENGTHS
    assert frozenset(MEAS_TYPES) == objects.KNOWN


def test_every_point_is_in_the_vocabulary_with_its_kind() -> None:
    for identity, (point, decoded) in objects.POINTS.items():
        assert fits(point, decoded(bytes(objects.LENGTHS[identity])))


def encoded(identity: int, value: bool | float, size: int, factor: float = 1, *, signed: bool = False) -> bytes:
    return bytes([identity]) + round(value / factor).to_bytes(size, "little", signed=signed)


# One entry per point: a frame holds no point twice, so that nothing depends on which of two would count.
ENCODERS = {
    "battery_pct": st.integers(0, 100).map(lambda v: (v, encoded(0x01, v, 1))),
    "occupancy": st.booleans().map(lambda v: (v, encoded(0x23, v, 1))),
    "motion": st.booleans().map(lambda v: (v, encoded(0x21, v, 1))),
    "voltage_v": st.integers(0, 65535).map(lambda v: (v / 1000, encoded(0x0C, v, 2))),
    "count": st.one_of(
        st.integers(0, 255).map(lambda v: (v, encoded(0x09, v, 1))),
        st.integers(0, 65535).map(lambda v: (v, encoded(0x3D, v, 2))),
        st.integers(0, 2**32 - 1).map(lambda v: (v, encoded(0x3E, v, 4))),
        st.integers(-(2**31), 2**31 - 1).map(lambda v: (v, encoded(0x5B, v, 4, signed=True))),
    ),
    "button": st.sampled_from(sorted(objects.BUTTON_EVENTS.items())).map(lambda e: (e[1], encoded(0x3A, e[0], 1))),
}
SAYINGS = st.sets(st.sampled_from(sorted(ENCODERS))).flatmap(
    lambda points: st.fixed_dictionaries({point: ENCODERS[point] for point in sorted(points)})
)


@given(SAYINGS, st.integers(0, 255), st.randoms(use_true_random=False))
def test_what_was_encoded_is_decoded_in_any_order(said: dict, packet_id: int, rng) -> None:
    parts = [part for _, part in said.values()]
    rng.shuffle(parts)
    decoded = decoded_plain(b"\x40" + bytes([0, packet_id]) + b"".join(parts))
    assert dict(decoded.values) == {point: value for point, (value, _) in said.items()}
    assert decoded.packet_id == packet_id


@given(st.binary(max_size=40))
def test_any_bytes_decode_or_raise_the_one_error(service_data: bytes) -> None:
    try:
        frame = decoded_plain(service_data)
    except FrameError:
        return
    assert all(fits(point, value) for point, value in frame.values)


@given(st.binary(max_size=40))
def test_any_objects_decode_or_raise_the_one_error(payload: bytes) -> None:
    try:
        frame = decoded_plain(b"\x40" + payload)
    except FrameError:
        return
    assert all(fits(point, value) for point, value in frame.values)


@pytest.mark.parametrize("frame", SEALED, ids=lambda frame: frame["name"])
def test_a_sealed_frame_opens_with_its_key(frame: dict) -> None:
    keyring = Keyring({"seat": bytes.fromhex(frame["key"])})
    sealed = bthome.take_apart(bytes_of(frame), bytes.fromhex(frame["address"]))
    assert isinstance(sealed, Sealed)
    assert sealed.counter == frame["counter"]
    objects = keyring.open("seat", sealed)
    assert objects is not None
    assert dict(bthome.read(bytes_of(frame), objects).values) == frame["says"]


def seal(key: bytes, counter: int, objects: bytes, info: int = 0x41) -> bytes:
    """A sealed frame as the format page composes it, made without the driver's code."""
    count = counter.to_bytes(4, "little")
    nonce = MAC + bytes.fromhex("D2FC") + bytes([info]) + count
    sealed = AESCCM(key, tag_length=4).encrypt(nonce, objects, None)
    return bytes([info]) + sealed[:-4] + count + sealed[-4:]


def oracle(service_data: bytes, key: bytes | None = None) -> dict[str, object]:
    """What bthome-ble says of occupancy, motion, battery, voltage and count."""
    device = BLEDevice("54:48:E6:8F:80:A5", "seat", {})
    heard = AdvertisementData("seat", {}, {SERVICE_UUID: service_data}, [SERVICE_UUID], None, -60, ())
    info = BluetoothServiceInfoBleak.from_device_and_advertisement_data(device, heard, "hci0", 0.0, connectable=False)
    said = BTHomeBluetoothDeviceData(bindkey=key).update(info)
    values = {key.key: value.native_value for key, value in said.entity_values.items()}
    return values | {key.key: value.native_value for key, value in said.binary_entity_values.items()}


NAMES = {"battery_pct": "battery", "voltage_v": "voltage"}


@given(SAYINGS, st.integers(0, 255))
def test_bthome_ble_reads_the_same(said: dict, packet_id: int) -> None:
    # Their receiver wants ascending ids and complains otherwise.
    parts = sorted(part for point, (_, part) in said.items() if point != "button")
    service_data = b"\x40" + bytes([0, packet_id]) + b"".join(parts)
    theirs = oracle(service_data)
    for point, value in decoded_plain(service_data).values:
        assert theirs[NAMES.get(point, point)] == pytest.approx(value)


@given(SAYINGS, st.binary(min_size=16, max_size=16), st.integers(0, 2**32 - 1), st.sampled_from([0x41, 0x45]))
def test_bthome_ble_opens_the_same(said: dict, key: bytes, counter: int, info: int) -> None:
    parts = sorted(part for point, (_, part) in said.items() if point != "button")
    service_data = seal(key, counter, b"".join([b"\x00\x07", *parts]), info)
    sealed = bthome.take_apart(service_data, MAC)
    assert isinstance(sealed, Sealed)
    objects = Keyring({"seat": key}).open("seat", sealed)
    assert objects == b"".join([b"\x00\x07", *parts])
    theirs = oracle(service_data, key)
    for point, value in bthome.read(service_data, objects).values:
        assert theirs[NAMES.get(point, point)] == pytest.approx(value)
