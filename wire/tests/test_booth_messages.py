"""Schedules, events, displays and commands: what is encoded is decoded, and what cannot be is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.booths import (
    BoothDisplay,
    BoothEvent,
    BoothEventKind,
    BoothEvents,
    BoothPolicy,
    BoothSchedule,
    BoothState,
    ClosedSpan,
    ScheduledBooth,
    ScheduledHold,
    Trigger,
    decode_display,
    decode_events,
    decode_schedule,
    encode_booths,
)
from shigotoba_wire.commands import (
    Command,
    CommandKind,
    CommandResult,
    Commands,
    Outcome,
    decode_commands,
    decode_result,
    encode_commands,
)
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.topics import display, local

ats_ms = st.integers(1, 2**45)
holds = st.builds(
    lambda hold, start_ms, length_ms, checked_in, label: ScheduledHold(
        hold, start_ms, start_ms + length_ms, checked_in, None, label
    ),
    st.text(min_size=1),
    ats_ms,
    st.integers(1, 86_400_000),
    st.booleans(),
    st.text(),
)
booths = st.builds(
    ScheduledBooth,
    st.text(),
    st.text(),
    st.lists(st.text(), max_size=2).map(tuple),
    st.lists(st.text(), max_size=2).map(tuple),
    st.lists(holds, max_size=3).map(tuple),
    st.none() | ats_ms,
    st.builds(
        BoothPolicy, st.floats(0, 86_400), pause_s=st.floats(0, 86_400), longest_s=st.none() | st.floats(0, 86_400)
    ),
    st.lists(st.builds(lambda start_ms, length_ms: ClosedSpan(start_ms, start_ms + length_ms), ats_ms, ats_ms)).map(
        tuple
    ),
)
events = st.builds(
    BoothEvent,
    st.integers(1, 2**60),
    st.text(),
    st.sampled_from(BoothEventKind),
    ats_ms,
    st.sampled_from(Trigger),
    st.text(),
    st.text(),
    st.none() | ats_ms,
)


@given(st.builds(BoothSchedule, st.integers(1, 2**50), ats_ms, ats_ms, st.lists(booths, max_size=2).map(tuple)))
def test_a_schedule_survives_the_way_there_and_back(schedule: BoothSchedule) -> None:
    assert decode_schedule(encode_booths(schedule)) == schedule


@given(st.builds(BoothEvents, st.text(), st.text(), st.lists(events, min_size=1, max_size=3).map(tuple)))
def test_events_survive_the_way_there_and_back(message: BoothEvents) -> None:
    assert decode_events(encode_booths(message)) == message


@given(st.builds(BoothDisplay, st.text(), st.text(), st.sampled_from(BoothState), ats_ms, st.none() | ats_ms))
def test_a_display_survives_the_way_there_and_back(message: BoothDisplay) -> None:
    assert decode_display(encode_booths(message)) == message


def test_commands_and_results_survive_the_way_there_and_back() -> None:
    commands = Commands((Command("c-1", CommandKind.RESTART_DRIVER, 5, "edge-1", "ble"),))
    assert decode_commands(encode_commands(commands)) == commands
    result = CommandResult("c-1", Outcome.FAILED, 6, "no driver is called ble")
    assert decode_result(encode_commands(result)) == result


def test_a_hold_that_ends_before_it_begins_is_refused() -> None:
    schedule = BoothSchedule(1, 1, 2, (ScheduledBooth("3f-b1", holds=(ScheduledHold("h", 10, 10),)),))
    with pytest.raises(MessageError, match="hold h of 3f-b1") as caught:
        decode_schedule(encode_booths(schedule))
    assert caught.value.reason is Refusal.BAD_TIME


def test_a_booth_that_is_closed_backwards_is_refused() -> None:
    schedule = BoothSchedule(1, 1, 2, (ScheduledBooth("3f-b1", closed=(ClosedSpan(10, 9),)),))
    with pytest.raises(MessageError, match="3f-b1 is closed until 9"):
        decode_schedule(encode_booths(schedule))


@pytest.mark.parametrize(
    "payload",
    [
        b'{"gateway":"g","epoch":"e","events":[]}',
        b'{"gateway":"g","epoch":"e","events":[{"number":0}]}',
    ],
)
def test_events_that_say_nothing_are_refused(payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode_events(payload)


def test_a_display_has_a_topic_of_its_own_beside_the_agents() -> None:
    assert display("gw-1", "3f-b1") == local("gw-1", "displays").down("3f-b1")
