from __future__ import annotations

import itertools
from bisect import bisect_left
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, midnight_ms, moment_of
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.plan.counters import Counters, base_of, effect_of
from shigotoba_sim.plan.days import stays_of
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan

DAYS = 12
SPAN_MS = DAYS * 24 * HOUR_MS

offsets = st.integers(-24 * HOUR_MS, SPAN_MS)
edges = st.sampled_from([0, 8 * 24 * HOUR_MS, 8 * 24 * HOUR_MS + 14 * HOUR_MS + 12 * MINUTE_MS, 9 * 24 * HOUR_MS])


@pytest.fixture(scope="module")
def everything(plan: Plan) -> list[Event]:
    opened_ms = plan.inputs.opened_ms
    return list(plan.events(opened_ms - 24 * HOUR_MS, opened_ms + SPAN_MS))


def test_the_same_inputs_give_the_same_events(inputs: PlanInputs, everything: list[Event]) -> None:
    again = Plan(inputs).events(inputs.opened_ms - 24 * HOUR_MS, inputs.opened_ms + SPAN_MS)
    assert list(again) == everything


def test_another_seed_gives_another_life(inputs: PlanInputs) -> None:
    other = Plan(msgspec.structs.replace(inputs, seed=8))
    day_ms = inputs.opened_ms + 24 * HOUR_MS
    assert list(other.events(inputs.opened_ms, day_ms)) != list(Plan(inputs).events(inputs.opened_ms, day_ms))


@settings(max_examples=40)
@given(st.lists(offsets | edges, min_size=2, max_size=4).map(sorted))
def test_cutting_the_time_changes_no_event(plan: Plan, everything: list[Event], cuts: list[int]) -> None:
    cuts = [plan.inputs.opened_ms + cut for cut in cuts]
    joined = [event for start, end in itertools.pairwise(cuts) for event in plan.events(start, end)]
    times = [event.at_ms for event in everything]
    assert joined == everything[bisect_left(times, cuts[0]) : bisect_left(times, cuts[-1])]


def test_events_are_in_order_of_time(everything: list[Event]) -> None:
    times = [event.at_ms for event in everything]
    assert times == sorted(times)


@pytest.mark.parametrize("seed", [1, 7, 42])
def test_a_place_is_never_taken_by_two(inputs: PlanInputs, seed: int) -> None:
    inputs = msgspec.structs.replace(inputs, seed=seed)
    for number in range(DAYS):
        busy: dict[str, list[tuple[int, int]]] = {}
        for stay in stays_of(inputs, inputs.opened_on + timedelta(days=number)):
            busy.setdefault(stay.space, []).append((stay.start_ms, stay.end_ms))
        for spans in busy.values():
            spans.sort()
            assert all(start < end for start, end in spans)
            assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))


def test_presence_alternates_and_agrees_with_the_state(plan: Plan, everything: list[Event]) -> None:
    occupied: dict[str, bool] = {}
    for event in everything:
        if isinstance(event, Presence):
            assert occupied.get(event.space, False) is not event.occupied
            occupied[event.space] = event.occupied
            assert plan.occupied_at(event.space, event.at_ms) is event.occupied
            assert plan.occupied_at(event.space, event.at_ms - 1) is not event.occupied


def test_days_off_are_quiet_until_the_building_comes_to_life(plan: Plan) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 3)):
        assert not is_working_day(day)
        assert list(plan.events(midnight_ms(day), midnight_ms(day + timedelta(days=1)))) == []


def test_office_hours_leave_the_night_to_itself(plan: Plan, everything: list[Event]) -> None:
    before = [event for event in everything if event.at_ms < plan.inputs.lively_ms]
    assert before
    assert all(7 <= moment_of(event.at_ms).hour < 23 for event in before)


def test_a_quiet_building_does_nothing_at_all(inputs: PlanInputs) -> None:
    quiet = Plan(msgspec.structs.replace(inputs, quiet=True))
    assert list(quiet.events(inputs.opened_ms, inputs.opened_ms + SPAN_MS)) == []
    for mfp in inputs.place.mfps:
        assert quiet.counters_at(mfp.device, inputs.opened_ms + SPAN_MS) == base_of(mfp.serial)


def test_nothing_happens_before_the_building_opens(inputs: PlanInputs, everything: list[Event]) -> None:
    assert min(event.at_ms for event in everything) >= inputs.opened_ms


def test_a_lively_building_moves_about_every_ten_seconds_at_any_hour(plan: Plan, everything: list[Event]) -> None:
    settled_ms = plan.inputs.lively_ms + HOUR_MS
    moves = [event.at_ms for event in everything if isinstance(event, Presence) and event.at_ms >= settled_ms]
    hours = (plan.inputs.opened_ms + SPAN_MS - settled_ms) // HOUR_MS
    for hour in range(hours):
        start_ms = settled_ms + hour * HOUR_MS
        moved = bisect_left(moves, start_ms + HOUR_MS) - bisect_left(moves, start_ms)
        assert 180 <= moved <= 600, moment_of(start_ms)


def test_a_building_that_comes_to_life_at_night_is_full_two_minutes_later(inputs: PlanInputs) -> None:
    night = Plan(msgspec.structs.replace(inputs, lively_ms=midnight_ms(date(2026, 11, 1)) + 2 * HOUR_MS))
    seats = [sensor.space for sensor in inputs.place.sensors]
    asleep, awake = night.inputs.lively_ms - 1, night.inputs.lively_ms + 2 * MINUTE_MS
    assert sum(night.occupied_at(space, asleep) for space in seats) == 0
    assert sum(night.occupied_at(space, awake) for space in seats) >= 20


def test_rockers_are_pressed_while_somebody_is_in_the_booth(plan: Plan, everything: list[Event]) -> None:
    presses = [event for event in everything if isinstance(event, Press)]
    assert all(plan.occupied_at(press.space, press.at_ms) for press in presses)
    starts = sum(press.button.endswith("I") for press in presses)
    assert 0.7 * starts < len(presses) - starts < starts


def test_booths_are_used_a_little_more_than_once_a_day_as_tottori_counts(plan: Plan, everything: list[Event]) -> None:
    booths = {booth.space for booth in plan.inputs.place.booths}
    entered = [event for event in everything if isinstance(event, Presence) and event.occupied]
    used = [event for event in entered if event.space in booths and event.at_ms < plan.inputs.lively_ms]
    working = sum(is_working_day(plan.inputs.opened_on + timedelta(days=number)) for number in range(8))
    assert 0.7 < len(used) / working / len(booths) < 2.2


def test_counters_are_the_base_plus_the_sum_of_the_jobs_and_never_fall(plan: Plan, everything: list[Event]) -> None:
    counters = {mfp.device: base_of(mfp.serial) for mfp in plan.inputs.place.mfps}
    jobs = [event for event in everything if isinstance(event, Job)]
    assert len(jobs) > 500
    by_time: dict[int, list[Job]] = {}
    for job in jobs:
        by_time.setdefault(job.at_ms, []).append(job)
    for at_ms, done in by_time.items():
        for job in done:
            counters[job.mfp] += effect_of(job)
            assert min(msgspec.structs.astuple(effect_of(job))) >= 0
        for mfp in {job.mfp for job in done}:
            assert plan.counters_at(mfp, at_ms) == counters[mfp]


@given(offsets, offsets)
def test_a_counter_never_falls_between_any_two_times(plan: Plan, one: int, other: int) -> None:
    earlier, later = sorted((plan.inputs.opened_ms + one, plan.inputs.opened_ms + other))
    mfp = plan.inputs.place.mfps[0].device
    grown = plan.counters_at(mfp, later) - plan.counters_at(mfp, earlier)
    assert min(msgspec.structs.astuple(grown)) >= 0


def test_sheets_are_never_more_than_sides_and_never_less_than_half() -> None:
    counters = [base_of(f"C{number}") for number in range(50)]
    assert all(one.impressions_total / 2 <= one.sheets <= one.impressions_total for one in counters)
    job = Job(0, "mfp-1", "print", 7, 4, colour=True)
    assert effect_of(job) == Counters(print_colour=7, sheets=4)
