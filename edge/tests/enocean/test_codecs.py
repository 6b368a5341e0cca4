"""ESP3, ERP1, ERP2 and profiles: captured packets, an independent encoder, noise of every kind."""

from __future__ import annotations

import contextlib
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.enocean import erp1, erp2, profiles
from shigotoba_edge.drivers.enocean.esp3 import MOST_DATA, RADIO_ERP1, RADIO_ERP2, Packet, Reader
from shigotoba_edge.drivers.enocean.hearing import Hearing
from shigotoba_edge.drivers.enocean.telegram import FOUR_BYTES, ONE_BYTE, RPS, Telegram
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.points import fits

FRAMES = tomllib.loads(files("shigotoba_edge.drivers.enocean").joinpath("frames/esp3.toml").read_text())["frame"]
UNDERSTOOD = [frame for frame in FRAMES if "says" in frame]
REFUSED = [frame for frame in FRAMES if "refused" in frame]
RELEASED = bytes.fromhex("55 00 07 02 0A 0A 20 00 2D A8 BB 00 CA 01 31 82")


def checksum(data: bytes) -> int:
    """The checksum by long division, unlike the driver's table."""
    remainder = int.from_bytes(data + b"\0", "big")
    for bit in reversed(range(8, 8 * len(data) + 8)):
        if remainder >> bit & 1:
            remainder ^= 0x107 << (bit - 8)
    return remainder


def esp3(kind: int, data: bytes, optional: bytes = b"") -> bytes:
    header = len(data).to_bytes(2, "big") + bytes([len(optional), kind])
    body = data + optional
    return b"\x55" + header + bytes([checksum(header)]) + body + bytes([checksum(body)])


def telegram(header: int, body: bytes) -> bytes:
    return bytes([header]) + body + bytes([checksum(bytes([header]) + body)])


def sighting(packet: Packet, profile: str | None = None) -> Sighting:
    """What a receiver says that knows two senders by this profile, or none."""
    senders = ("0029219a", "002da8bb") if profile else ()
    return Hearing(dict.fromkeys(senders, profile)).sighting(packet, at_ms=1)  # type: ignore[arg-type]


def only_packet(frame: dict) -> Packet:
    reader = Reader()
    (packet,) = reader.feed(bytes.fromhex(frame["bytes"]))
    assert reader.skipped == 0
    return packet


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


def said(name: profiles.ProfileName, payload: bytes, status: int | None = None) -> dict[str, object]:
    kind = profiles.PROFILES[name].kind
    return dict(profiles.read(name, Telegram(1, kind, payload, status=status)))


@pytest.mark.parametrize(
    ("bits", "button"),
    [(0x82, "AI"), (0x81, "AO"), (0x88, "BI"), (0x84, "BO"), (0x8A, "AI"), (0x85, "AO"), (0x00, "released")],
)
def test_a_japanese_rocker_names_the_side_that_is_pressed(bits: int, button: str) -> None:
    assert said("F6-02-04", bytes([bits])) == {"button": button}


@pytest.mark.parametrize(
    ("bits", "status", "button"),
    [
        (0x10, 0x30, "AI"),
        (0x30, 0x30, "AO"),
        (0x50, 0x30, "BI"),
        (0x70, 0x30, "BO"),
        (0x15, 0x30, "AI"),
        (0x37, 0x30, "AO"),
        (0x55, None, "BI"),
        (0x00, 0x20, "released"),
        (0x10, None, "AI"),
    ],
)
def test_a_european_rocker_names_the_side_that_is_pressed(bits: int, status: int | None, button: str) -> None:
    assert said("F6-02-01", bytes([bits]), status) == said("F6-02-02", bytes([bits]), status) == {"button": button}


@pytest.mark.parametrize(
    ("name", "bits", "status"),
    [
        ("F6-02-04", 0x80, None),
        ("F6-02-04", 0x05, None),
        ("F6-02-04", 0x95, None),
        ("F6-02-01", 0x90, 0x30),
        ("F6-02-01", 0x19, 0x30),
        ("F6-02-01", 0x70, 0x20),
    ],
)
def test_bits_a_rocker_does_not_have_are_refused(name: profiles.ProfileName, bits: int, status: int | None) -> None:
    with pytest.raises(FrameError, match="unknown_payload"):
        said(name, bytes([bits]), status)


@pytest.mark.parametrize(("name", "bits"), [("F6-02-04", 0x83), ("F6-02-01", 0x13)])
def test_both_sides_of_a_rocker_at_once_are_refused(name: profiles.ProfileName, bits: int) -> None:
    with pytest.raises(FrameError, match="both_sides_pressed"):
        said(name, bytes([bits]), 0x30)


@pytest.mark.parametrize(
    ("name", "payload", "says"),
    [
        ("A5-07-01", "96 00 7F 09", {"occupancy": False, "voltage_v": 3.0}),
        ("A5-07-01", "96 00 80 08", {"occupancy": True}),
        ("A5-07-01", "FB 00 80 09", {"occupancy": True}),
        ("A5-07-02", "FA 00 00 88", {"occupancy": True, "voltage_v": 5.0}),
        ("A5-07-02", "00 00 00 08", {"occupancy": False, "voltage_v": 0.0}),
        ("A5-07-03", "FF FF C0 88", {"occupancy": True}),
        ("A5-08-01", "FF 00 00 0B", {"occupancy": False, "voltage_v": 5.1}),
        ("A5-08-02", "00 00 00 09", {"occupancy": True, "voltage_v": 0.0}),
        ("A5-08-02", "00 00 00 0A", {"occupancy": False, "voltage_v": 0.0, "button": "press"}),
    ],
)
def test_a_sensor_says_what_its_bits_say(name: profiles.ProfileName, payload: str, says: dict) -> None:
    assert said(name, bytes.fromhex(payload)) == says


@given(st.sampled_from(sorted(profiles.PROFILES)), st.binary(min_size=4, max_size=4), st.integers(0, 255))
def test_every_profile_says_points_of_the_vocabulary(name: profiles.ProfileName, bits: bytes, status: int) -> None:
    payload = bits if name.startswith("A5") else bits[:1]
    try:
        values = said(name, payload, status)
    except FrameError:
        return
    assert values
    assert all(fits(point, value) for point, value in values.items())


LINE = '"0029219a" = "A5-07-01"'


def four_bytes(payload: str, source: str = "0029219A") -> bytes:
    return bytes.fromhex(f"A5 {payload} {source} 00")


def test_a_profile_for_another_kind_of_telegram_is_refused() -> None:
    with pytest.raises(FrameError, match="wrong_profile"):
        sighting(Packet(RADIO_ERP1, four_bytes("96 00 FF 09"), b""), "F6-02-01")


@pytest.mark.parametrize(
    ("profile", "payload", "note"),
    [
        (None, "1C 08 0B 80", f"introduced itself as A5-07-01, maker 00B; to hear it, put {LINE} into `devices`"),
        ("A5-07-01", "1C 08 0B 80", "introduced itself as A5-07-01, as listed"),
        ("A5-07-03", "1C 08 0B 80", "introduced itself as A5-07-01, but is listed as A5-07-03"),
        (None, "00 00 00 00", "introduced itself without a profile"),
        ("A5-07-03", "00 00 00 00", "introduced itself without a profile, listed as A5-07-03"),
    ],
)
def test_a_teach_in_is_a_note_for_people_not_a_reading(profile: str | None, payload: str, note: str) -> None:
    seen = sighting(Packet(RADIO_ERP1, four_bytes(payload), b""), profile)
    assert (seen.device, seen.readings, seen.note) == ("enocean-0029219a", (), note)


def test_a_japanese_teach_in_has_48_bits_and_leads_to_the_device_that_sends_data_with_32() -> None:
    introduced = sighting(Packet(RADIO_ERP2, telegram(0x62, bytes.fromhex("0000 0029219A 1C 08 0B 80")), b""))
    data = sighting(Packet(RADIO_ERP2, telegram(0x22, bytes.fromhex("0029219A 96 00 FF 09")), b""), "A5-07-01")
    assert introduced.device == data.device
    assert "A5-07-01" in introduced.note
    assert introduced.readings == ()
    assert [reading.value for reading in data.readings] == [True, 3.0]


@pytest.mark.parametrize("kind", [ONE_BYTE, FOUR_BYTES])
def test_a_learn_bit_says_nothing_about_the_state(kind: int) -> None:
    assert profiles.teaches(Telegram(1, kind, bytes(4)))
    assert not profiles.teaches(Telegram(1, kind, bytes([0, 0, 0, 8])))


@given(st.sampled_from([0xF6, 0xD5, 0xA5]), st.integers(0, 2**32 - 1), st.integers(0, 255), st.binary(min_size=1))
def test_an_erp1_telegram_comes_through(rorg: int, source: int, status: int, payload: bytes) -> None:
    decoded = erp1.decode(bytes([rorg]) + payload + source.to_bytes(4, "big") + bytes([status]))
    assert (decoded.source, decoded.payload, decoded.status) == (source, payload, status)
    assert decoded.repeated == status % 16


@given(
    st.sampled_from([*sorted(profiles.PROFILES), None]),
    st.sampled_from([RADIO_ERP1, RADIO_ERP2]),
    st.sampled_from([0xF6, 0xD5, 0xA5, 0x20, 0x21, 0x22, 0x62]),
    st.binary(max_size=12),
)
def test_any_plausible_telegram_is_understood_or_raises_the_one_error(
    profile: str | None, protocol: int, head: int, body: bytes
) -> None:
    data = bytes([head]) + body if protocol == RADIO_ERP1 else telegram(head, body)
    try:
        seen = sighting(Packet(protocol, data, b""), profile)
    except FrameError:
        return
    assert all(fits(reading.point, reading.value) for reading in seen.readings)


@pytest.mark.parametrize(
    ("data", "reason"),
    [("", "truncated"), ("F6 00 29 21 9A 00", "truncated"), ("D2 00 00 29 21 9A 00", "unsupported_telegram")],
)
def test_a_broken_erp1_telegram_is_refused_with_its_reason(data: str, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        erp1.decode(bytes.fromhex(data))
    assert caught.value.reason == reason
