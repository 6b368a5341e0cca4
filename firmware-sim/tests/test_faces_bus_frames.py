"""Messages of D-Bus as bytes, and the rules by which signals are chosen."""

from __future__ import annotations

import pytest
from dbus_fast import Message, Variant
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.faces.bus.frames import (
    FIXED_LENGTH,
    Frame,
    FrameError,
    MessageKind,
    decode,
    encode,
    leading_strings,
    message_length,
)
from shigotoba_sim.faces.bus.rules import RuleError, matches, parse_rule

words = st.text("abcXYZ012_ü", max_size=12)


paths = st.lists(words, max_size=4).map(lambda parts: "/" + "/".join(parts))


frames = st.builds(
    Frame,
    kind=st.sampled_from(MessageKind),
    serial=st.integers(1, 2**32 - 1),
    flags=st.integers(0, 7),
    path=st.just("") | paths,
    interface=words,
    member=words,
    error_name=words,
    reply_serial=st.integers(0, 2**32 - 1),
    destination=words,
    sender=words,
    signature=st.sampled_from(["", "s", "a{sv}"]),
    body=st.binary(max_size=64),
    order=st.sampled_from(["<", ">"]),
)


@given(frames)
def test_a_message_comes_back_as_it_was_in_either_byte_order(frame: Frame) -> None:
    raw = encode(frame)
    assert message_length(raw[:FIXED_LENGTH]) == len(raw)
    assert decode(raw) == frame


@given(frames, st.data())
def test_any_bytes_are_a_message_or_a_frame_error(frame: Frame, data: st.DataObject) -> None:
    raw = bytearray(encode(frame))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        if message_length(bytes(raw[:FIXED_LENGTH])) == len(raw):
            leading_strings(decode(bytes(raw)))
    except FrameError:
        return


def test_strings_at_the_front_of_a_body_are_read_up_to_the_first_other_type() -> None:
    message = Message(
        destination="org.bluez",
        path="/",
        member="Set",
        signature="ssv",
        body=["a", "übel", Variant("b", True)],
        serial=7,
    )
    frame = decode(bytes(message._marshall(False)))
    assert leading_strings(frame) == ["a", "übel"]
    assert (frame.kind, frame.serial, frame.member) == (MessageKind.CALL, 7, "Set")


def signal_of(path: str = "/org/bluez/hci0", first: str = "/org/bluez/hci0/dev_1") -> Frame:
    message = Message.new_signal(path, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", "os", [first, "x"])
    message.serial = 1
    return decode(bytes(message._marshall(False)))


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ("", True),
        ("type='signal'", True),
        ("type=signal,member=InterfacesAdded", True),
        ("type='method_call'", False),
        ("sender='org.bluez'", True),
        ("sender='org.other'", False),
        ("path='/org/bluez/hci0'", True),
        ("path_namespace='/org/bluez'", True),
        ("path_namespace='/org/blue'", False),
        ("path_namespace='/'", True),
        ("arg0path='/org/bluez/'", True),
        ("arg0path='/org/bluez'", False),
        ("arg0path='/org/bluez/hci0/dev_1'", True),
        ("arg0='/org/bluez/hci0/dev_1', arg1='x'", True),
        ("arg1='y'", False),
        ("arg2='z'", False),
    ],
)
def test_match_rules_mean_what_the_specification_says(rule: str, fits: bool) -> None:
    assert matches(parse_rule(rule), signal_of(), {":1.1", "org.bluez"}) is fits


@pytest.mark.parametrize("rule", ["colour='red'", "type", "type='signal' member='X'", "='x'"])
def test_a_rule_that_is_none_is_refused_with_the_place(rule: str) -> None:
    with pytest.raises(RuleError, match=r"character|unknown key"):
        parse_rule(rule)
