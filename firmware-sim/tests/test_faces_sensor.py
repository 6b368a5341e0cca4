from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.building import SeatSensor
from shigotoba_sim.faces.advert import BTHOME_UUID, Advert
from shigotoba_sim.faces.air import Air
from shigotoba_sim.faces.rhythm import COMING_UP_MS, HEARTBEAT_MS, POWER_UP_BEAT_MS, POWER_UP_MS, RADIO_BURST_MS
from shigotoba_sim.faces.sensor import PresenceSensor

ON_MS = 1_795_219_131_165
SEAT = SeatSensor("ble-5448e6000001", "54:48:E6:00:00:01", "3f-s01")


def sent_until(sensor: PresenceSensor, end_ms: int) -> list[tuple[int, Advert]]:
    sent: list[tuple[int, Advert]] = []
    while sensor.due_ms < end_ms:
        at_ms = sensor.due_ms
        sent.append((at_ms, sensor.transmit(at_ms)))
    return sent


def packet_id(advert: Advert) -> int:
    return advert.service_data[BTHOME_UUID][2]


def occupied(advert: Advert) -> bool:
    assert advert.service_data[BTHOME_UUID][5] == 0x23
    return advert.service_data[BTHOME_UUID][6] == 1


def test_a_sensor_that_comes_up_is_heard_every_few_seconds_and_after_a_minute_once_a_minute() -> None:
    sent = sent_until(PresenceSensor(SEAT, True, ON_MS), ON_MS + 10 * HEARTBEAT_MS)
    times = [at_ms for at_ms, _ in sent]
    first, beats = times[: len(RADIO_BURST_MS)], times[len(RADIO_BURST_MS) :]
    assert ON_MS <= first[0] < ON_MS + COMING_UP_MS
    assert [at_ms - first[0] for at_ms in first] == list(RADIO_BURST_MS)
    apart = [later - earlier for earlier, later in pairwise([first[-1], *beats])]
    quick = [each for each in apart if each <= POWER_UP_BEAT_MS + 1000]
    assert len(quick) >= POWER_UP_MS // POWER_UP_BEAT_MS - 2
    assert apart[: len(quick)] == quick
    assert set(apart[len(quick) + 1 :]) == {HEARTBEAT_MS}
    assert all(occupied(advert) for _, advert in sent)


def test_whoever_listens_late_in_the_first_minute_still_hears_everybody_within_six_seconds() -> None:
    for late_ms in range(0, 50_000, 5_000):
        sent = sent_until(PresenceSensor(SEAT, True, ON_MS), ON_MS + 60_000)
        assert any(ON_MS + late_ms <= at_ms < ON_MS + late_ms + 6_000 for at_ms, _ in sent)


def test_a_change_is_said_five_times_within_a_second_under_one_new_packet_id() -> None:
    sensor = PresenceSensor(SEAT, False, ON_MS)
    before = sent_until(sensor, ON_MS + 5000)[-1][1]
    sensor.change(True, ON_MS + 5000)
    burst = sent_until(sensor, ON_MS + 6000)
    assert len(burst) == 5
    assert {packet_id(advert) for _, advert in burst} == {(packet_id(before) + 1) % 256}
    assert all(occupied(advert) for _, advert in burst)
    assert len({advert.service_data[BTHOME_UUID] for _, advert in burst}) == 1


def test_a_change_that_is_none_is_not_sent() -> None:
    sensor = PresenceSensor(SEAT, True, ON_MS)
    sent_until(sensor, ON_MS + 6000)
    due_ms = sensor.due_ms
    sensor.change(True, ON_MS + 6000)
    assert sensor.due_ms == due_ms


@given(st.lists(st.tuples(st.integers(1, 100_000), st.booleans()), max_size=30))
def test_no_two_different_messages_share_a_packet_id_with_the_one_before(changes: list[tuple[int, bool]]) -> None:
    sensor = PresenceSensor(SEAT, False, ON_MS)
    now_ms, sent = ON_MS, []
    for wait_ms, state in changes:
        now_ms += wait_ms
        sent += sent_until(sensor, now_ms)
        sensor.change(state, now_ms)
    sent += sent_until(sensor, now_ms + HEARTBEAT_MS)
    for (_, one), (_, other) in pairwise(sent):
        assert (packet_id(one) == packet_id(other)) == (one.service_data == other.service_data)


@given(st.integers(0, 0xFFFFFF), st.booleans())
def test_the_signal_is_plausible_and_the_same_for_the_same_address(tail: int, state: bool) -> None:
    seat = SeatSensor("ble-x", f"54:48:E6:{tail >> 16:02X}:{tail >> 8 & 255:02X}:{tail & 255:02X}", "3f-s01")
    one, other = (sent_until(PresenceSensor(seat, state, ON_MS), ON_MS + 3 * HEARTBEAT_MS) for _ in range(2))
    assert one == other
    assert all(-95 <= advert.rssi_dbm <= -40 for _, advert in one)
    assert all(9 <= advert.service_data[BTHOME_UUID][4] <= 100 for _, advert in one)


async def test_the_air_carries_what_is_due_and_a_change_at_once(eventually) -> None:
    heard: list[Advert] = []

    def now_ms() -> int:
        return time.time_ns() // 1_000_000

    air: Air[Advert] = Air(lambda _device, advert, _at_ms: heard.append(advert))
    running = asyncio.create_task(air.run(now_ms))
    sensor = PresenceSensor(SEAT, False, now_ms())
    air.add(SEAT.device, sensor)
    await eventually(lambda: len(heard) >= 5)
    assert not any(occupied(advert) for advert in heard)
    sensor.change(True, now_ms())
    air.stir(SEAT.device)
    await eventually(lambda: sum(occupied(advert) for advert in heard) >= 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
