from __future__ import annotations

import time
from itertools import pairwise

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bthome_ble.parser import BTHomeBluetoothDeviceData
from habluetooth import BluetoothServiceInfoBleak
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.faces.advert import BTHOME_UUID
from shigotoba_sim.faces.bthome import BUTTON_EVENTS, service_data
from shigotoba_sim.faces.sealed import sealed

ROOM = 31 - 3 - 4
"""Bytes of a legacy advertisement, less the flags, less length, type and UUID of the service data."""

ADDRESS = "54:48:E6:8F:80:A5"

NAMES_THERE = {"battery_pct": "battery", "voltage_v": "voltage"}
EVENTS_THERE = {
    "none": None,
    "press": "press",
    "double": "double_press",
    "triple": "triple_press",
    "long": "long_press",
    "long_double": "long_double_press",
    "long_triple": "long_triple_press",
    "hold": "hold_press",
}

measurements = st.fixed_dictionaries(
    {},
    optional={
        "battery_pct": st.integers(0, 100),
        "voltage_v": st.integers(0, 65_535).map(lambda millivolts: millivolts / 1000),
        "motion": st.booleans(),
        "occupancy": st.booleans(),
        "button": st.sampled_from(sorted(BUTTON_EVENTS)),
        "count": st.integers(0, 2**32 - 1),
    },
)


def heard_by_bthome_ble(data: bytes, decoder: BTHomeBluetoothDeviceData | None = None) -> dict[str, object]:
    """What Home Assistant's own decoder makes of the same bytes, by its names."""
    info = BluetoothServiceInfoBleak.from_device_and_advertisement_data(
        device=BLEDevice(ADDRESS, None, {}),
        advertisement_data=AdvertisementData(
            local_name=None,
            manufacturer_data={},
            service_data={BTHOME_UUID: data},
            service_uuids=[BTHOME_UUID],
            tx_power=None,
            rssi=-60,
            platform_data=(),
        ),
        source="test",
        time=time.monotonic(),
        connectable=False,
    )
    update = (decoder or BTHomeBluetoothDeviceData()).update(info)
    numbers = {key.key: value.native_value for key, value in update.entity_values.items()}
    truths = {key.key: value.native_value for key, value in update.binary_entity_values.items()}
    events = {key.key: value.event_type for key, value in update.events.items()}
    return numbers | truths | events


@pytest.mark.parametrize(
    ("packet_id", "said", "expected"),
    [
        (7, {"battery_pct": 100, "occupancy": True}, "40 00 07 01 64 23 01"),
        (8, {"button": "press"}, "40 00 08 3a 01"),
        (9, {"button": "long", "count": 24585}, "40 00 09 3a 04 3d 09 60"),
        (0, {}, "40 00 00"),
    ],
)
def test_the_bytes_are_those_of_the_format_page(
    packet_id: int, said: dict[str, bool | int | str], expected: str
) -> None:
    assert service_data(packet_id, said) == bytes.fromhex(expected)


def test_a_trigger_based_sensor_says_so_in_the_first_byte() -> None:
    assert service_data(9, {"occupancy": True}, trigger_based=True) == bytes.fromhex("44 00 09 23 01")


@given(st.integers(0, 255), measurements)
def test_home_assistant_reads_the_values_that_were_written(packet_id: int, said: dict[str, bool | int | str]) -> None:
    heard = heard_by_bthome_ble(service_data(packet_id, said))
    button = said.pop("button", "none")
    assert heard.get("button") == EVENTS_THERE[str(button)]
    for point, value in said.items():
        assert heard[NAMES_THERE.get(point, point)] == value
    assert heard["packet_id"] == packet_id


@given(st.integers(0, 255), measurements)
def test_object_ids_ascend_and_an_advertisement_can_carry_them(
    packet_id: int, said: dict[str, bool | int | str]
) -> None:
    data = service_data(packet_id, said)
    sizes = {0x00: 1, 0x01: 1, 0x09: 1, 0x0C: 2, 0x21: 1, 0x23: 1, 0x3A: 1, 0x3D: 2, 0x3E: 4}
    ids, rest = [], data[1:]
    while rest:
        ids.append(rest[0])
        rest = rest[1 + sizes[rest[0]] :]
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert len(data) <= ROOM


@pytest.mark.parametrize(
    "said",
    [
        {"battery_pct": 101},
        {"battery_pct": True},
        {"count": -1},
        {"count": 2**32},
        {"voltage_v": 65.6},
        {"button": "quadruple"},
        {"occupancy": 1},
        {"impressions_total": 3},
    ],
)
def test_what_bthome_cannot_say_is_refused_with_point_and_value(said: dict[str, bool | int | str]) -> None:
    ((point, value),) = said.items()
    with pytest.raises(ValueError, match=f"{point} = {value!r}"):
        service_data(0, said)


KEY = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932")


@pytest.mark.parametrize(
    ("plain", "counter", "expected"),
    [
        ("40 02 CA 09 03 BF 13", 0x00112233, "41 e4 45 f3 c9 96 2b 33 22 11 00 6c 7c 45 19"),
        ("40 00 01 01 64 23 01", 1, "41 05 39 b1 5c fb a7 01 00 00 00 37 3e 18 30"),
    ],
)
def test_encrypted_bytes_are_those_of_the_official_vector(plain: str, counter: int, expected: str) -> None:
    assert sealed(bytes.fromhex(plain), ADDRESS, KEY, counter) == bytes.fromhex(expected)


@given(
    st.integers(0, 255),
    st.integers(0, 100),
    st.booleans(),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=16, max_size=16),
)
def test_home_assistant_decrypts_what_was_encrypted(
    packet_id: int, battery_pct: int, occupied: bool, counter: int, key: bytes
) -> None:
    data = sealed(service_data(packet_id, {"battery_pct": battery_pct, "occupancy": occupied}), ADDRESS, key, counter)
    decoder = BTHomeBluetoothDeviceData(bindkey=key)
    heard = heard_by_bthome_ble(data, decoder)
    assert (heard["battery"], heard["occupancy"], heard["packet_id"]) == (battery_pct, occupied, packet_id)
    assert decoder.bindkey_verified
    assert len(data) <= ROOM


def test_without_the_key_nothing_is_heard() -> None:
    data = sealed(service_data(7, {"occupancy": True}), ADDRESS, KEY, 1)
    decoder = BTHomeBluetoothDeviceData(bindkey=bytes(16))
    assert "occupancy" not in heard_by_bthome_ble(data, decoder)
    assert not decoder.bindkey_verified
