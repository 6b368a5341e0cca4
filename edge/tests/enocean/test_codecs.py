"""ESP3 and ERP2: captured packets, an independent encoder, noise of every kind."""

from __future__ import annotations

import contextlib
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.enocean import erp2
from shigotoba_edge.drivers.enocean.esp3 import MOST_DATA, Packet, Reader
from shigotoba_edge.drivers.enocean.telegram import RPS, Telegram
from shigotoba_edge.frames import FrameError
from shigotoba_testing.telegrams import checksum, esp3, only_packet, sighting, telegram
from shigotoba_wire.points import fits

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.enocean").joinpath("frames/esp3.toml").read_text())["frame"]
UNDERSTOOD = [frame for frame in FRAMES if "says" in frame]
REFUSED = [frame for frame in FRAMES if "refused" in frame]
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")


@pytest.mark.parametrize("frame", UNDERSTOOD, ids=lambda frame: frame["name"])
def test_a_captured_packet_says_what_it_said(frame: dict) -> None:
    seen = sighting(only_packet(frame), frame.get("profile"))
    assert (seen.device, seen.rssi_dbm, seen.note) == (frame["device"], frame["rssi_dbm"], frame.get("note", ""))
    assert {reading.point: reading.value for reading in seen.readings} == frame["says"]
    assert all(fits(reading.point, reading.value) for reading in seen.readings)


@pytest.mark.parametrize("frame", REFUSED, ids=lambda frame: frame["name"])
def test_a_packet_that_is_not_ours_is_refused_with_its_reason(frame: dict) -> None:
    with pytest.raises(FrameError) as caught:
        sighting(only_packet(frame))
    assert caught.value.reason == frame["refused"]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame["name"])
def test_the_encoder_of_the_tests_makes_the_captured_bytes(frame: dict) -> None:
    packet = only_packet(frame)
    assert esp3(packet.kind, packet.data, packet.optional) == bytes.fromhex(frame["bytes"])


PACKETS = st.builds(Packet, st.integers(0, 255), st.binary(min_size=1, max_size=60), st.binary(max_size=12))


@given(st.lists(PACKETS, max_size=6), st.data())
def test_packets_survive_any_split(packets: list[Packet], data: st.DataObject) -> None:
    stream = b"".join(esp3(packet.kind, packet.data, packet.optional) for packet in packets)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = Reader()
    found = [
        packet
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for packet in reader.feed(stream[start:end])
    ]
    assert found == packets
    assert reader.skipped == 0


@given(st.lists(st.one_of(st.binary(max_size=30), st.just(RELEASED[:9]), st.just(b"\x55")), max_size=6))
def test_no_noise_swallows_the_packet_behind_it(noise: list[bytes]) -> None:
    reader = Reader()
    stream = b"".join(noise) + RELEASED
    found = reader.feed(stream) + reader.give_up()
    # A checksum of 8 bits lets one in 256 pieces of noise pass for a packet; nothing else may hide the real one.
    assert found
    assert Packet(0x0A, RELEASED[6:13], RELEASED[13:15]) in found or any(
        RELEASED[:1] in each.data + each.optional for each in found
    )
    assert reader.skipped + sum(len(esp3(p.kind, p.data, p.optional)) for p in found) == len(stream)


def test_a_wrong_crc_costs_one_byte_not_the_stream() -> None:
    reader = Reader()
    broken = RELEASED[:-1] + bytes([RELEASED[-1] ^ 1])
    assert len(reader.feed(broken + RELEASED)) == 1
    assert reader.skipped == len(broken)


def test_a_packet_inside_a_broken_one_is_found() -> None:
    reader = Reader()
    outer = esp3(0x0A, RELEASED + b"\0\0")
    assert len(reader.feed(outer[:-1] + bytes([outer[-1] ^ 1]))) == 1


def test_lengths_are_not_believed_when_they_are_absurd() -> None:
    header = (MOST_DATA + 1).to_bytes(2, "big") + b"\x00\x0a"
    reader = Reader()
    assert len(reader.feed(b"\x55" + header + bytes([checksum(header)]) + RELEASED)) == 1


def test_a_sync_byte_and_junk_do_not_hold_up_a_packet() -> None:
    assert len(Reader().feed(bytes.fromhex("12 55 99") + RELEASED)) == 1


def test_zeros_are_no_packet() -> None:
    reader = Reader()
    assert reader.feed(b"\x55" + bytes(20)) + reader.give_up() == []
    assert reader.skipped == 21


def test_a_packet_that_never_ends_is_given_up_and_what_follows_is_found() -> None:
    reader = Reader()
    begun = esp3(0x0A, bytes(100))[:20]
    assert reader.feed(begun + RELEASED) == []
    assert reader.waiting
    assert len(reader.give_up()) == 1
    assert not reader.waiting
    assert reader.skipped == len(begun)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_error(stream: bytes) -> None:
    reader = Reader()
    for packet in reader.feed(stream) + reader.give_up():
        try:
            seen = sighting(packet)
        except FrameError:
            continue
        assert all(fits(reading.point, reading.value) for reading in seen.readings)


@given(st.binary(max_size=60))
def test_any_telegram_is_understood_or_raises_the_one_error(body: bytes) -> None:
    for data in (body, body + bytes([checksum(body)])):
        with contextlib.suppress(FrameError):
            sighting(Packet(0x0A, data, b""))


@given(st.sampled_from([0x20, 0x21, 0x22, 0x24]), st.integers(0, 2**32 - 1), st.binary(min_size=1, max_size=14))
def test_a_telegram_with_a_32_bit_source_comes_through(header: int, source: int, payload: bytes) -> None:
    decoded = erp2.decode(telegram(header, source.to_bytes(4, "big") + payload))
    assert decoded == Telegram(source, header & 0xF, payload)


@given(st.integers(0, 15), st.integers(0, 4), st.binary(min_size=1, max_size=6))
def test_a_repeated_telegram_with_optional_data_comes_through(repeats: int, size: int, payload: bytes) -> None:
    body = bytes([repeats << 4 | size]) + bytes.fromhex("002da8bb") + payload + bytes(size)
    decoded = erp2.decode(telegram(0x30, body))
    assert decoded == Telegram(0x2DA8BB, RPS, payload, repeated=repeats)


@pytest.mark.parametrize(
    ("header", "body", "source", "teach_in"),
    [
        (0x00, "2DA8BB 85", 0x2DA8BB, False),
        (0x40, "002DA8BB 05000001 85", 0x2DA8BB, False),
        (0x60, "0000 002DA8BB 85", 0x2DA8BB, True),
    ],
)
def test_every_form_of_address_leads_to_the_same_device(header: int, body: str, source: int, teach_in: bool) -> None:
    decoded = erp2.decode(telegram(header, bytes.fromhex(body)))
    assert (decoded.source, decoded.payload, decoded.teach_in) == (source, b"\x85", teach_in)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (b"\x20", "truncated"),
        (telegram(0x20, bytes(4)), "truncated"),
        (telegram(0x30, b""), "truncated"),
        (telegram(0x30, bytes([0x0F]) + bytes(6)), "truncated"),
        (telegram(0x20, bytes(5))[:-1] + b"\x99", "telegram_crc"),
        (telegram(0x80, bytes(8)), "unsupported_telegram"),
        (telegram(0x2F, bytes(8)), "unsupported_telegram"),
        (telegram(0x24, bytes(8)), "unsupported_telegram"),
        (telegram(0x20, bytes(6)), "unknown_payload"),
    ],
)
def test_a_broken_telegram_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        sighting(Packet(0x0A, data, b""))
    assert caught.value.reason == reason
