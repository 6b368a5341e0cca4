from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.chance import chance_of
from shigotoba_sim.devices import SeatSensor
from shigotoba_sim.faces.enocean import erp2, profiles
from shigotoba_sim.faces.enocean.esp3 import crc8, packet
from shigotoba_sim.faces.enocean.sensors import EnOceanSensor, door_contact, occupancy_sensor
from shigotoba_sim.faces.enocean.stick import EnOceanStick
from shigotoba_sim.faces.noise import garbled, junk
from shigotoba_wire.errors import SettingsError

CAPTURED_TOP = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 85 58 01 34 99")
CAPTURED_RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")
ROCKER = "002da8bb"


def crc8_bit_by_bit(data: bytes) -> int:
    remainder = 0
    for bit in (byte >> shift & 1 for byte in data for shift in range(7, -1, -1)):
        remainder = (remainder << 1 & 0xFF) ^ (0x07 if (remainder >> 7) ^ bit else 0)
    return remainder


@given(st.binary(max_size=64))
def test_the_table_computes_the_crc_of_the_specification(data: bytes) -> None:
    assert crc8(data) == crc8_bit_by_bit(data)
    assert crc8(data + bytes((crc8(data),))) == 0


def test_a_release_is_byte_for_byte_what_a_japanese_receiver_was_seen_to_send() -> None:
    assert erp2.telegram(erp2.RPS, ROCKER, profiles.RELEASED, rssi_dbm=-0x31) == CAPTURED_RELEASED


def test_a_press_differs_from_a_captured_one_in_nothing_but_contact_and_its_sum() -> None:
    # The captured switch is a single wide rocker: it closes both O contacts at once.
    assert packet(0x0A, CAPTURED_TOP[6:13], CAPTURED_TOP[13:15]) == CAPTURED_TOP
    pressed = erp2.telegram(erp2.RPS, ROCKER, profiles.rocker("AO"), rssi_dbm=-0x34)
    # The packet's sum does not move: it runs over the telegram and the telegram's own sum.
    assert [index for index in range(16) if pressed[index] != CAPTURED_TOP[index]] == [11, 12]


def test_the_four_contacts_have_one_bit_each_beside_the_energy_bow() -> None:
    payloads = {button: profiles.rocker(button) for button in ("AO", "AI", "BO", "BI")}
    assert payloads == {"AO": b"\x81", "AI": b"\x82", "BO": b"\x84", "BI": b"\x88"}


@pytest.mark.parametrize(
    ("captured", "built"),
    [
        ("55 00 07 02 0A 0A 21 05 02 E9 5F 09 D7 01 29 CA", (erp2.telegram, "0502e95f", profiles.contact(True), -0x29)),
        (
            "55 00 07 02 0A 0A 21 05 02 D0 E7 08 EC 01 44 CE",
            (erp2.telegram, "0502d0e7", profiles.contact(False), -0x44),
        ),
        (
            "55 00 09 02 0A 26 61 00 00 05 02 E9 5F 00 5B 01 29 CA",
            (erp2.learn_telegram, "0502e95f", profiles.CONTACT_LEARN, -0x29),
        ),
    ],
)
def test_contacts_send_what_japanese_receivers_were_seen_to_send(captured: str, built: tuple) -> None:
    make, sender_id, payload, rssi_dbm = built
    assert make(erp2.ONE_BYTE, sender_id, payload, rssi_dbm) == bytes.fromhex(captured)


def test_occupancy_payloads_are_those_of_the_profiles() -> None:
    assert profiles.occupancy_pir(True, 3.0) == bytes.fromhex("96 00 FF 09")
    assert profiles.occupancy_pir(False, 3.0) == bytes.fromhex("96 00 00 09")
    assert profiles.occupancy_motion(True, 3.0, 200) == bytes.fromhex("96 32 00 88")
    # Function 07 in six bits, type 01 in seven, maker 00B in eleven; learn bit nought, profile bit set.
    assert profiles.occupancy_learn(1) == bytes.fromhex("1C 08 0B 80")
    assert profiles.occupancy_learn(3) == bytes.fromhex("1C 18 0B 80")


ON_MS = 1_795_219_131_165
PIR = SeatSensor("enocean-050dff5b", "050dff5b", "3f-s06", "enocean_pir")


def sent_until(sensor: EnOceanSensor, end_ms: int) -> list[tuple[int, bytes]]:
    sent: list[tuple[int, bytes]] = []
    while sensor.due_ms < end_ms:
        at_ms = sensor.due_ms
        sent.append((at_ms, sensor.transmit(at_ms)))
    return sent


def test_a_sensor_introduces_itself_once_with_48_bits_and_then_speaks_with_32() -> None:
    (_, first), *others = sent_until(occupancy_sensor(PIR, True, ON_MS), ON_MS + 60_000)
    assert first[6:13] == bytes.fromhex("62 00 00 05 0D FF 5B")
    assert first[13:17] == profiles.occupancy_learn(1)
    said = first[21:]
    assert [each[6:11] for each in (said, *(packets for _, packets in others))] == [bytes.fromhex("22 05 0D FF 5B")] * (
        1 + len(others)
    )
    assert (said[13], said[14]) == (0xFF, 0x09)


def test_a_change_is_told_at_once_and_repeated_at_the_heartbeat() -> None:
    sensor = occupancy_sensor(PIR, False, ON_MS)
    assert {packets[13] for _, packets in sent_until(sensor, ON_MS + 90_000)[1:]} == {0x00}
    sensor.change(True, ON_MS + 90_000)
    (at_ms, _), *later = sent_until(sensor, ON_MS + 300_000)
    assert at_ms == ON_MS + 90_000
    assert [packets[13] for _, packets in later] == [0xFF] * len(later)
    assert 3 <= len(later) <= 4


def test_the_same_sensor_sends_the_same_bytes() -> None:
    one, other = (sent_until(occupancy_sensor(PIR, True, ON_MS), ON_MS + 600_000) for _ in range(2))
    assert one == other


def test_a_door_s_contact_is_closed_while_somebody_is_inside() -> None:
    contact = door_contact("050dff77", True, ON_MS)
    assert sent_until(contact, ON_MS + 70_000)[-1][1][11] == 0x09
    contact.change(False, ON_MS + 70_000)
    assert sent_until(contact, ON_MS + 71_000)[0][1][11] == 0x08


@given(st.integers(), st.binary(min_size=1, max_size=40))
def test_garbled_is_never_what_it_was_and_always_the_same(seed: int, data: bytes) -> None:
    spoilt = garbled(chance_of("noise", seed), data)
    assert spoilt != data
    assert len(spoilt) == len(data)
    assert spoilt == garbled(chance_of("noise", seed), data)
    assert 1 <= len(junk(chance_of("junk", seed), 9)) <= 9


async def test_a_disturbed_line_spoils_the_telegram_and_a_mute_device_says_nothing(tmp_path: Path, eventually) -> None:
    through = {
        "enocean-a": lambda packets: garbled(chance_of("noise", 1), packets),
        "enocean-b": lambda _packets: b"",
        "enocean-c": lambda packets: packets,
    }
    stick = EnOceanStick(tmp_path / "tty-enocean", [], lambda device, packets: through[device](packets))
    stick.open()
    heard = bytearray()
    with opened(tmp_path) as port:
        for device in through:
            stick.receive(device, CAPTURED_RELEASED)
        await eventually(lambda: read_all(port, heard) == 32)
    assert heard[:16] != CAPTURED_RELEASED
    assert heard[16:] == CAPTURED_RELEASED
    stick.close()


@pytest.fixture
async def stick(tmp_path: Path):
    stick = EnOceanStick(tmp_path / "tty-enocean", [ROCKER])
    stick.open()
    yield stick
    stick.close()


def read_all(port: serial.Serial, into: bytearray) -> int:
    into += port.read(4096)
    return len(into)


def opened(tmp_path: Path) -> serial.Serial:
    return serial.Serial(str(tmp_path / "tty-enocean"), 57600, timeout=0, exclusive=True)


async def test_pyserial_reads_press_and_release_off_the_port(stick: EnOceanStick, tmp_path: Path, eventually) -> None:
    heard = bytearray()
    with opened(tmp_path) as port:
        stick.press(ROCKER, "AI")
        await eventually(lambda: read_all(port, heard) == 32)
    assert heard[:12] == bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 82")
    assert heard[16:29] == CAPTURED_RELEASED[:13]


async def test_a_driver_may_come_back(stick: EnOceanStick, tmp_path: Path, eventually) -> None:
    opened(tmp_path).close()
    heard = bytearray()
    with opened(tmp_path) as port:
        stick.press(ROCKER, "BO")
        await eventually(lambda: read_all(port, heard) == 32)


async def test_a_rocker_pressed_again_before_it_is_up_comes_up_in_between(
    stick: EnOceanStick, tmp_path: Path, eventually
) -> None:
    heard = bytearray()
    with opened(tmp_path) as port:
        stick.press(ROCKER, "AI")
        stick.press(ROCKER, "AO")
        await eventually(lambda: read_all(port, heard) == 64)
    assert [heard[start + 11] for start in (0, 16, 32, 48)] == [0x82, 0x00, 0x81, 0x00]


async def test_nobody_reading_blocks_nothing_and_is_said_once(
    stick: EnOceanStick, tmp_path: Path, eventually, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3000):
        stick.press(ROCKER, "AI")
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"nobody reads {tmp_path / 'tty-enocean'}: its buffer is full, and what comes now is lost"
    ]
    heard = bytearray()
    with opened(tmp_path) as port:
        await eventually(lambda: read_all(port, heard) >= 16)
    assert heard.startswith(CAPTURED_RELEASED[:13])


async def test_what_the_driver_sends_is_swallowed_and_not_echoed(
    stick: EnOceanStick, tmp_path: Path, eventually
) -> None:
    version = bytes.fromhex("55 00 01 00 05 70 03 09")
    heard = bytearray()
    with opened(tmp_path) as port:
        await asyncio.to_thread(port.write, 4000 * version)
        stick.press(ROCKER, "AI")
        await eventually(lambda: read_all(port, heard) == 32)
    assert version not in heard


async def test_a_stick_pulled_out_is_gone_for_the_driver_and_leaves_no_link(tmp_path: Path) -> None:
    stick = EnOceanStick(tmp_path / "tty-enocean", [ROCKER])
    stick.open()
    with opened(tmp_path) as port:
        stick.press(ROCKER, "AI")
        stick.close()
        with pytest.raises(serial.SerialException):
            port.read(100)
    assert not (tmp_path / "tty-enocean").is_symlink()


async def test_a_link_left_behind_is_replaced_and_anything_else_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "tty-enocean"
    link.symlink_to("/dev/pts/nowhere")
    stick = EnOceanStick(link, [ROCKER])
    stick.open()
    assert link.exists()
    stick.close()
    link.write_text("somebody's notes")
    with pytest.raises(SettingsError, match=r"enocean_tty: .* is not a link"):
        EnOceanStick(link, [ROCKER]).open()
    assert link.read_text() == "somebody's notes"
