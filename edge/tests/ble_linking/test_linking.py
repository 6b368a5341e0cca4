"""Linking beacons: recorded forms, an independent encoder, and any bytes at all."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.ble_linking import linking
from shigotoba_edge.drivers.ble_linking.driver import BUTTON_WINDOW_MS, WINDOW_MS, BleLinking, Settings
from shigotoba_edge.frames import FrameError
from shigotoba_wire.points import fits

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.ble_linking").joinpath("frames/beacons.toml").read_text())["frame"]


class Heard:
    """A driver at a time of the test's choosing."""

    def __init__(self) -> None:
        self.now_ms = 0
        settings = Settings(kind="ble_linking", name="tested")
        self._driver = BleLinking(settings, Surroundings(lambda: self.now_ms, Random(7)))

    def says(self, data: bytes) -> dict[str, object]:
        advert = Advert("C0:00:00:00:00:01", {}, {linking.COMPANY: data}, -70)
        understood = self._driver.understand(advert)
        assert understood is not None
        return {reading.point: reading.value for reading in understood.sighting.readings}


def beacon(vendor: int, individual: int, *items: tuple[int, int]) -> bytes:
    """A beacon, written as bits."""
    bits = f"{1:04b}{vendor:08b}{individual:020b}" + "".join(f"{service:04b}{value:012b}" for service, value in items)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame["name"])
def test_a_beacon_says_what_it_says(frame: dict) -> None:
    decoded = linking.decode(bytes.fromhex(frame["bytes"]))
    assert (decoded.vendor, decoded.individual) == (frame["vendor"], frame["individual"])
    assert dict(item.says for item in decoded.items if item.says is not None) == frame["says"]
    assert list(decoded.flaws) == frame.get("flaws", [])


@given(st.integers(0, 255), st.integers(0, 2**20 - 1), st.lists(st.tuples(st.integers(0, 15), st.integers(0, 4095))))
def test_every_bit_has_its_place(vendor: int, individual: int, items: list[tuple[int, int]]) -> None:
    decoded = linking.decode(beacon(vendor, individual, *items))
    assert (decoded.version, decoded.vendor, decoded.individual) == (1, vendor, individual)
    too_full = [item for item in items if item[0] == 4 and item[1] & 0x7FF > 1000]
    assert [(item.service, item.bits) for item in decoded.items] == [item for item in items if item not in too_full]
    assert decoded.flaws == ("bad_value",) * len(too_full)
    assert all(fits(*item.says) for item in decoded.items if item.says is not None)


@given(st.binary(max_size=40))
def test_any_bytes_decode_or_raise_the_one_error(data: bytes) -> None:
    try:
        decoded = linking.decode(data)
    except FrameError:
        return
    assert all(fits(*item.says) for item in decoded.items if item.says is not None)


def test_services_sent_in_turns_do_not_make_each_other_new() -> None:
    heard = Heard()
    human, battery = beacon(1, 7, (7, 0x801)), beacon(1, 7, (4, 1000))
    assert heard.says(human) == {"motion": True}
    assert heard.says(battery) == {"battery_pct": 100.0}
    assert heard.says(human) == {}
    assert heard.says(battery) == {}


def test_an_unchanged_state_is_said_again_after_the_window() -> None:
    heard = Heard()
    assert heard.says(beacon(1, 7, (6, 0x001))) == {"contact": True}
    heard.now_ms = WINDOW_MS - 1
    assert heard.says(beacon(1, 7, (6, 0x001))) == {}
    heard.now_ms = WINDOW_MS
    assert heard.says(beacon(1, 7, (6, 0x001))) == {"contact": True}


def test_a_count_makes_two_events_of_the_same_state() -> None:
    heard = Heard()
    assert heard.says(beacon(1, 7, (7, 0x801))) == {"motion": True}
    assert heard.says(beacon(1, 7, (7, 0x802))) == {"motion": True}


def test_the_same_press_is_another_one_after_a_moment() -> None:
    heard = Heard()
    assert heard.says(beacon(1, 7, (5, 2))) == {"button": "press"}
    assert heard.says(beacon(1, 7, (5, 2))) == {}
    heard.now_ms = BUTTON_WINDOW_MS
    assert heard.says(beacon(1, 7, (5, 2))) == {"button": "press"}
