"""What telegrams mean: rockers, contacts, sensors, teach-ins, and the older radio protocol ERP1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.enocean import erp1, profiles
from shigotoba_edge.drivers.enocean.esp3 import RADIO_ERP1, RADIO_ERP2, Packet
from shigotoba_edge.drivers.enocean.telegram import FOUR_BYTES, ONE_BYTE, Telegram
from shigotoba_edge.frames import FrameError
from shigotoba_testing.telegrams import sighting, telegram
from shigotoba_wire.points import fits


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
