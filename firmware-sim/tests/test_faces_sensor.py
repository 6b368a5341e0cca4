from __future__ import annotations

import asyncio
import struct
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.bindkeys import bindkey_of, write_bindkeys
from shigotoba_sim.building import SeatSensor
from shigotoba_sim.faces.advert import BTHOME_UUID, Advert
from shigotoba_sim.faces.air import Air
from shigotoba_sim.faces.mibeacon import MIBEACON_UUID
from shigotoba_sim.faces.rhythm import COMING_UP_MS, HEARTBEAT_MS, POWER_UP_BEAT_MS, POWER_UP_MS, RADIO_BURST_MS
from shigotoba_sim.faces.sensor import LinkingButton, PresenceSensor
from shigotoba_wire.errors import SettingsError

ON_MS = 1_795_219_131_165
SEAT = SeatSensor("ble-5448e6000001", "54:48:E6:00:00:01", "3f-s01")


def sent_until(sensor: PresenceSensor | LinkingButton, end_ms: int) -> list[tuple[int, Advert]]:
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


def test_a_change_that_is_delivered_twice_comes_once_more_as_a_new_message() -> None:
    sensor = PresenceSensor(SEAT, False, ON_MS)
    sent_until(sensor, ON_MS + 100_000)
    sensor.change(True, ON_MS + 100_000, again_ms=ON_MS + 102_000)
    told = [(at_ms, packet_id(advert)) for at_ms, advert in sent_until(sensor, ON_MS + 103_000)]
    assert [at_ms - ON_MS for at_ms, _ in told] == [100_000 + offset_ms for offset_ms in RADIO_BURST_MS] + [102_000]
    assert len({number for _, number in told}) == 2


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


KEYED = msgspec.structs.replace(SEAT, kind="bthome_encrypted")
PAD = msgspec.structs.replace(SEAT, kind="mibeacon")
LINKING = msgspec.structs.replace(SEAT, kind="linking")


def counter(advert: Advert) -> int:
    return int.from_bytes(advert.service_data[BTHOME_UUID][-8:-4], "little")


def pressed(advert: Advert) -> bool:
    """What a Linptech pad says, taken apart as Home Assistant's decoder does it."""
    data = advert.service_data[MIBEACON_UUID]
    frame_control, product = struct.unpack_from("<HH", data)
    assert (frame_control >> 12, frame_control >> 3 & 1, frame_control >> 6 & 1, product) == (5, 1, 1, 0x3F4C)
    nonce = bytes.fromhex(SEAT.address.replace(":", ""))[::-1] + data[2:5] + data[-7:-4]
    key = bindkey_of(SEAT.address)
    kind, size, value = struct.unpack("<HBB", AESCCM(key, 4).decrypt(nonce, data[5:-7] + data[-4:], b"\x11"))
    assert (kind, size) == (0x483C, 1)
    return value == 1


def linking_items(advert: Advert) -> dict[int, int]:
    """Services and values of a beacon, taken apart as node-linking does it."""
    (head, *items) = struct.unpack(">IHH", advert.manufacturer_data[0x02E2])
    assert head & 0xFFFFF == 0x00001
    return {item >> 12: item & 0xFFF for item in items}


def test_the_counter_of_an_encrypted_sensor_grows_with_every_message_and_over_a_restart() -> None:
    sensor = PresenceSensor(KEYED, False, ON_MS)
    sent = sent_until(sensor, ON_MS + 90_000)
    for number in range(50):
        sensor.change(number % 2 == 0, ON_MS + 90_000)
        sent += sent_until(sensor, ON_MS + 90_001)
    again = sent_until(PresenceSensor(KEYED, True, ON_MS + 96_000), ON_MS + 200_000)
    counters = [counter(advert) for _, advert in sent + again]
    messages = list(dict.fromkeys(counters))
    assert messages == sorted(messages)
    assert len({advert.service_data[BTHOME_UUID] for _, advert in sent + again}) == len(messages)


def test_a_burst_repeats_one_encrypted_message() -> None:
    sensor = PresenceSensor(KEYED, False, ON_MS)
    sent_until(sensor, ON_MS + 5000)
    sensor.change(True, ON_MS + 5000)
    burst = sent_until(sensor, ON_MS + 6000)
    assert len(burst) == 5
    assert len({advert.service_data[BTHOME_UUID] for _, advert in burst}) == 1


def test_a_seat_pad_says_under_encryption_whether_it_is_pressed() -> None:
    sensor = PresenceSensor(PAD, False, ON_MS)
    assert not any(pressed(advert) for _, advert in sent_until(sensor, ON_MS + 5000))
    sensor.change(True, ON_MS + 5000)
    assert all(pressed(advert) for _, advert in sent_until(sensor, ON_MS + 70_000))


def test_a_linking_sensor_says_presence_arrivals_and_battery() -> None:
    sensor = PresenceSensor(LINKING, False, ON_MS, charge_pct=lambda _sensor, _at_ms: 12)
    assert linking_items(sent_until(sensor, ON_MS + 5000)[-1][1]) == {7: 0, 4: 0x800 | 120}
    for at_ms, occupied_now in ((6000, True), (7000, False), (8000, True)):
        sensor.change(occupied_now, ON_MS + at_ms)
    assert linking_items(sent_until(sensor, ON_MS + 9000)[-1][1])[7] == 0x800 | 2


def test_a_linking_button_tells_of_a_press_and_then_of_its_battery() -> None:
    button = LinkingButton(SEAT.address, ON_MS)
    assert linking_items_of_button(sent_until(button, ON_MS + 5000)) == {(4, 1000)}
    for press, code in (("single", 2), ("double", 4), ("long", 7)):
        button.press(press, ON_MS + 5000)
        assert linking_items_of_button(sent_until(button, ON_MS + 6000)) == {(5, code)}
    assert linking_items_of_button(sent_until(button, ON_MS + 20_000)) == {(4, 1000)}


def linking_items_of_button(sent: list[tuple[int, Advert]]) -> set[tuple[int, int]]:
    items = [struct.unpack(">IH", advert.manufacturer_data[0x02E2])[1] for _, advert in sent]
    return {(item >> 12, item & 0xFFF) for item in items}


def test_a_wired_sensor_has_no_voice_on_the_air() -> None:
    with pytest.raises(ValueError, match="does not speak over BLE"):
        PresenceSensor(msgspec.structs.replace(SEAT, kind="wired"), True, ON_MS).transmit(ON_MS)


def test_keys_are_written_for_those_who_encrypt_and_for_the_owner_alone(tmp_path: Path) -> None:
    write_bindkeys(tmp_path / "keys.toml", [SEAT, KEYED])
    assert (tmp_path / "keys.toml").stat().st_mode & 0o777 == 0o600
    written = tomllib.loads((tmp_path / "keys.toml").read_text())
    assert written == {"bindkeys": {KEYED.address: bindkey_of(KEYED.address).hex()}}
    with pytest.raises(SettingsError, match=r"bindkeys: .*Choose a name"):
        write_bindkeys(tmp_path / "no" / "keys.toml", [KEYED])


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
