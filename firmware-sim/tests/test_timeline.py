from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS
from shigotoba_sim.commands import Command, CommandLog, FaxPages, Leave, PressRocker, PrintSides, Sit, append_command
from shigotoba_sim.plan.counters import effect_of
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.playback import Playback

LENGTH_MS = 2 * HOUR_MS
SPACES = ["3f-s01", "3f-s02", "4f-s20", "3f-b1", "4f-b4"]
MINUTES = LENGTH_MS // MINUTE_MS

moments = st.integers(0, MINUTES).map(lambda minute: minute * MINUTE_MS)
spaces = st.sampled_from(SPACES)
commands: st.SearchStrategy[list[Command]] = st.lists(
    st.one_of(
        st.builds(Sit, moments, spaces),
        st.builds(Leave, moments, spaces),
        st.builds(PressRocker, moments, st.sampled_from(["3f-b1", "4f-b4"]), st.sampled_from(["AI", "AO", "BI", "BO"])),
        st.builds(PrintSides, moments, st.sampled_from(["3f-p1", "4f-p1"]), st.integers(1, 50)),
        st.builds(FaxPages, moments, st.just("3f-p1"), st.integers(1, 9), st.sampled_from(["in", "out"])),
    ),
    max_size=12,
)


def from_lively(plan: Plan, given: list[Command]) -> list[Command]:
    return [msgspec.structs.replace(one, at_ms=one.at_ms + plan.inputs.lively_ms) for one in given]


def all_of(timeline: Timeline, plan: Plan) -> list[Event]:
    return list(timeline.events(plan.inputs.lively_ms, plan.inputs.lively_ms + LENGTH_MS))


def quiet(inputs: PlanInputs) -> Plan:
    return Plan(msgspec.structs.replace(inputs, quiet=True))


def test_without_commands_the_timeline_is_the_plan(plan: Plan) -> None:
    start_ms = plan.inputs.lively_ms
    assert all_of(Timeline(plan), plan) == list(plan.events(start_ms, start_ms + LENGTH_MS))


@settings(max_examples=50)
@given(commands, st.lists(moments, max_size=3).map(sorted))
def test_cutting_the_time_changes_no_event(plan: Plan, told: list[Command], cuts: list[int]) -> None:
    timeline = Timeline(plan, from_lively(plan, told))
    borders = [plan.inputs.lively_ms + cut for cut in (0, *cuts, LENGTH_MS)]
    joined = [event for start, end in pairwise(borders) for event in timeline.events(start, end)]
    assert joined == all_of(timeline, plan)


@settings(max_examples=50)
@given(commands)
def test_every_presence_is_a_change_and_agrees_with_the_state(plan: Plan, told: list[Command]) -> None:
    timeline = Timeline(plan, from_lively(plan, told))
    before_ms = plan.inputs.lively_ms - 1
    occupied = {space.code: timeline.occupied_at(space.code, before_ms) for space in plan.inputs.place.spaces}
    for event in all_of(timeline, plan):
        if isinstance(event, Presence):
            assert occupied[event.space] is not event.occupied
            occupied[event.space] = event.occupied
    after_ms = plan.inputs.lively_ms + LENGTH_MS - 1
    assert occupied == {space: timeline.occupied_at(space, after_ms) for space in occupied}


@settings(max_examples=50)
@given(commands)
def test_a_seat_that_is_held_stays_occupied_until_leave(plan: Plan, told: list[Command]) -> None:
    told = from_lively(plan, told)
    timeline = Timeline(plan, told)
    moves = sorted((one for one in told if isinstance(one, Sit | Leave)), key=lambda one: one.at_ms)
    end_ms = plan.inputs.lively_ms + LENGTH_MS
    for number, move in enumerate(moves):
        later = [one.at_ms for one in moves[number + 1 :] if one.space == move.space]
        until_ms = min(later, default=end_ms)
        if isinstance(move, Sit) and until_ms > move.at_ms:
            assert all(timeline.occupied_at(move.space, at) for at in range(move.at_ms, until_ms, MINUTE_MS))


@settings(max_examples=50)
@given(commands)
def test_counters_include_the_commands(plan: Plan, told: list[Command]) -> None:
    timeline = Timeline(plan, from_lively(plan, told))
    counters = {
        mfp.device: timeline.counters_at(mfp.device, plan.inputs.lively_ms - 1) for mfp in plan.inputs.place.mfps
    }
    for event in all_of(timeline, plan):
        if isinstance(event, Job):
            counters[event.mfp] += effect_of(event)
    end_ms = plan.inputs.lively_ms + LENGTH_MS - 1
    assert counters == {mfp: timeline.counters_at(mfp, end_ms) for mfp in counters}


def test_in_a_quiet_building_only_the_commands_happen(inputs: PlanInputs) -> None:
    start_ms = inputs.lively_ms
    told = [
        Sit(start_ms + 10, "3f-s01"),
        Sit(start_ms + 20, "3f-s01"),
        PressRocker(start_ms + 30, "3f-b1"),
        Leave(start_ms + 40, "3f-s01"),
        Leave(start_ms + 50, "3f-s02"),
    ]
    assert list(Timeline(quiet(inputs), told).events(start_ms, start_ms + 100)) == [
        Presence(start_ms + 10, "3f-s01", occupied=True),
        Press(start_ms + 30, "3f-b1", "AI"),
        Presence(start_ms + 40, "3f-s01", occupied=False),
    ]


def test_who_is_told_to_leave_makes_room_for_the_next_person_of_the_plan(plan: Plan) -> None:
    start_ms = plan.inputs.lively_ms
    arrival = next(
        one for one in plan.events(start_ms, start_ms + LENGTH_MS) if isinstance(one, Presence) and one.occupied
    )
    timeline = Timeline(plan, [Leave(arrival.at_ms + 1, arrival.space)])
    assert timeline.occupied_at(arrival.space, arrival.at_ms)
    assert not timeline.occupied_at(arrival.space, arrival.at_ms + 1)
    again_ms = plan.next_arrival(arrival.space, arrival.at_ms + 1, start_ms + 24 * HOUR_MS)
    assert again_ms is not None
    assert not timeline.occupied_at(arrival.space, again_ms - 1)
    assert timeline.occupied_at(arrival.space, again_ms)


def test_a_held_booth_hears_no_rocker_of_people_who_were_turned_away(plan: Plan) -> None:
    start_ms, end_ms = plan.inputs.lively_ms + HOUR_MS, plan.inputs.lively_ms + 6 * HOUR_MS
    booth = "3f-b1"
    assert any(isinstance(one, Press) and one.space == booth for one in plan.events(start_ms, end_ms))
    held = Timeline(plan, [Sit(start_ms, booth)]).events(start_ms, end_ms)
    assert not [one for one in held if isinstance(one, Press) and one.space == booth]


def playback(plan: Plan, path: Path, from_ms: int) -> Playback:
    return Playback(plan, CommandLog(path, plan.inputs.place, plan.inputs.lively_ms), from_ms)


def test_playback_tells_each_event_once_however_often_it_is_asked(plan: Plan, tmp_path: Path) -> None:
    start_ms = plan.inputs.lively_ms
    played = playback(plan, tmp_path / "commands.jsonl", start_ms)
    told = [event for step in range(1, 61) for event in played.advance(start_ms + step * 7_013)]
    assert told == list(plan.events(start_ms, start_ms + 60 * 7_013 + 1))


def test_playback_carries_out_a_command_that_comes_late(inputs: PlanInputs, tmp_path: Path) -> None:
    path = tmp_path / "commands.jsonl"
    building_asleep = quiet(inputs)
    played = playback(building_asleep, path, inputs.lively_ms)
    assert played.advance(inputs.lively_ms + 5_000) == []
    append_command(path, Sit(inputs.lively_ms + 3_000, "3f-s07"))
    append_command(path, PressRocker(inputs.lively_ms + 3_100, "3f-b2"))
    append_command(path, PrintSides(inputs.lively_ms + 3_200, "3f-p1", 4))
    told = played.advance(inputs.lively_ms + 6_000)
    assert [type(event) for event in told] == [Press, Job, Presence]
    assert played.occupied["3f-s07"] is True
    assert played.advance(inputs.lively_ms + 7_000) == []


def test_a_playback_started_again_stands_where_the_killed_one_stood(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "commands.jsonl"
    start_ms = plan.inputs.lively_ms
    for command in (
        Sit(start_ms + 10_000, "3f-s01"),
        Leave(start_ms + 50_000, "4f-s02"),
        PrintSides(start_ms, "3f-p1", 9),
    ):
        append_command(path, command)
    first = playback(plan, path, start_ms)
    first.advance(start_ms + HOUR_MS)
    second = playback(plan, path, start_ms + HOUR_MS + 1)
    mfp = plan.inputs.place.mfps[0].device
    assert second.occupied == first.occupied
    assert second.counters_at(mfp, start_ms + HOUR_MS) == first.counters_at(mfp, start_ms + HOUR_MS)
    assert second.advance(start_ms + 2 * HOUR_MS) == first.advance(start_ms + 2 * HOUR_MS)
