"""What is new, and what is only heard again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.repeats import WINDOW_MS, Repeats

SEAT = "ble-5448e68f80a5"


def test_the_same_packet_id_is_heard_once_however_long_it_takes() -> None:
    repeats = Repeats()
    assert repeats.is_new(SEAT, 7, b"a", 0)
    assert not repeats.is_new(SEAT, 7, b"a", 10)
    assert not repeats.is_new(SEAT, 7, b"a", 10 * WINDOW_MS)
    assert repeats.is_new(SEAT, 8, b"b", 10 * WINDOW_MS)


def test_each_device_has_its_own_packet_ids() -> None:
    repeats = Repeats()
    assert repeats.is_new(SEAT, 7, b"a", 0)
    assert repeats.is_new("ble-000000000001", 7, b"a", 0)


def test_without_packet_id_the_same_bytes_are_new_after_the_window() -> None:
    repeats = Repeats()
    assert repeats.is_new(SEAT, None, b"a", 0)
    assert not repeats.is_new(SEAT, None, b"a", WINDOW_MS - 1)
    assert repeats.is_new(SEAT, None, b"b", WINDOW_MS - 1)
    assert not repeats.is_new(SEAT, None, b"b", WINDOW_MS)
    assert repeats.is_new(SEAT, None, b"b", 3 * WINDOW_MS)


def test_a_clock_set_back_does_not_silence_a_device() -> None:
    repeats = Repeats()
    assert repeats.is_new(SEAT, None, b"a", 1_000_000)
    assert repeats.is_new(SEAT, None, b"a", 0)


def test_the_memory_is_bounded_and_keeps_those_still_heard() -> None:
    repeats = Repeats(most=2)
    assert repeats.is_new("ble-000000000001", 1, b"a", 0)
    assert repeats.is_new("ble-000000000002", 1, b"a", 0)
    assert not repeats.is_new("ble-000000000001", 1, b"a", 1)
    assert repeats.is_new("ble-000000000003", 1, b"a", 2)
    assert not repeats.is_new("ble-000000000001", 1, b"a", 3)
    assert repeats.is_new("ble-000000000002", 1, b"a", 4)


@given(st.lists(st.integers(0, 255), max_size=60))
def test_a_burst_of_repeats_counts_as_one(ids: list[int]) -> None:
    repeats = Repeats()
    heard = [packet_id for packet_id in ids for _ in range(3) if repeats.is_new(SEAT, packet_id, bytes([packet_id]), 0)]
    changes = [packet_id for i, packet_id in enumerate(ids) if i == 0 or ids[i - 1] != packet_id]
    assert heard == changes
