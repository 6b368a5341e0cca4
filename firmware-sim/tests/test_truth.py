from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, SECOND_MS, midnight_ms
from shigotoba_sim.commands import Command, Leave, PressRocker, PrintSides, Sit
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.events import Press
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth import Truth, truth_of
from shigotoba_sim.truth.report import printed


def utc(at_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)


@pytest.fixture(scope="module")
def commands(inputs: PlanInputs) -> list[Command]:
    start_ms = inputs.lively_ms
    return [
        Sit(start_ms + 100_000, "3f-s01"),
        Leave(start_ms + 3_700_123, "3f-s01"),
        Leave(start_ms + 200_000, "4f-s03"),
        PressRocker(start_ms + 300_000, "4f-b3", "BI"),
        PrintSides(start_ms + 400_000, "4f-p1", 33),
    ]


def test_occupied_seconds_equal_those_counted_second_by_second(plan: Plan, commands: list[Command]) -> None:
    timeline = Timeline(plan, commands)
    start_ms, end_ms = plan.inputs.lively_ms - HOUR_MS, plan.inputs.lively_ms + 2 * HOUR_MS
    report = truth_of(timeline, plan.inputs.place, start_ms, end_ms)
    for one in report.spaces[::5]:
        # Asked at every second, each answer stands for one second: each change errs by one at most.
        brute: dict[int, int] = {}
        for at_ms in range(start_ms, end_ms, SECOND_MS):
            bucket = at_ms - at_ms % (15 * MINUTE_MS)
            brute[bucket] = brute.get(bucket, 0) + timeline.occupied_at(one.space, at_ms)
        told = {quarter.bucket: quarter.occupied_s for quarter in one.by_15min}
        changes = sum(getattr(event, "space", "") == one.space for event in timeline.events(start_ms, end_ms))
        assert abs(one.occupied_s - sum(brute.values())) <= changes
        for bucket, seconds in brute.items():
            assert abs(told.get(utc(bucket), 0.0) - seconds) <= changes


def test_the_quarters_add_up_to_the_whole_to_the_millisecond(plan: Plan, commands: list[Command]) -> None:
    start_ms = plan.inputs.lively_ms - 5 * HOUR_MS + 123
    report = truth_of(Timeline(plan, commands), plan.inputs.place, start_ms, start_ms + 11 * HOUR_MS)
    for one in report.spaces:
        assert sum(quarter.occupied_s for quarter in one.by_15min) == pytest.approx(one.occupied_s, abs=1e-6)
        assert sum(quarter.presses for quarter in one.by_15min) == one.presses
        assert all(quarter.occupied_s <= 900 for quarter in one.by_15min)


def test_two_halves_have_the_truth_of_the_whole(plan: Plan, commands: list[Command]) -> None:
    timeline = Timeline(plan, commands)
    start_ms = plan.inputs.lively_ms
    middle_ms, end_ms = start_ms + 1_234_567, start_ms + 3 * HOUR_MS
    place = plan.inputs.place
    whole, first, second = (
        {one.space: (one.occupied_s, one.presses) for one in truth_of(timeline, place, *span).spaces}
        for span in ((start_ms, end_ms), (start_ms, middle_ms), (middle_ms, end_ms))
    )
    for space, (occupied_s, presses) in whole.items():
        assert first[space][0] + second[space][0] == pytest.approx(occupied_s, abs=1e-6)
        assert first[space][1] + second[space][1] == presses


def test_presses_are_those_of_the_timeline(plan: Plan, commands: list[Command]) -> None:
    timeline = Timeline(plan, commands)
    start_ms, end_ms = plan.inputs.lively_ms, plan.inputs.lively_ms + 4 * HOUR_MS
    presses = [event for event in timeline.events(start_ms, end_ms) if isinstance(event, Press)]
    report = {one.space: one for one in truth_of(timeline, plan.inputs.place, start_ms, end_ms).spaces}
    assert sum(one.presses for one in report.values()) == len(presses) > 0
    assert report["4f-b3"].starts == sum(one.space == "4f-b3" and one.button in ("AI", "BI") for one in presses)


def test_what_was_printed_is_the_difference_of_the_counters(plan: Plan, commands: list[Command]) -> None:
    timeline = Timeline(plan, commands)
    first, last = date(2026, 10, 29), date(2026, 11, 7)
    start_ms, end_ms = midnight_ms(first), midnight_ms(last)
    report = truth_of(timeline, plan.inputs.place, start_ms, end_ms)
    for one in report.mfps:

        def counted(from_ms: int, to_ms: int, device: str = one.device) -> Counters:
            return timeline.counters_at(device, to_ms - 1) - timeline.counters_at(device, from_ms - 1)

        assert one.total == printed(counted(start_ms, end_ms))
        assert one.total.impressions_total > 0
        for day in one.by_day:
            day_ms = midnight_ms(day.day)
            assert day.printed == printed(counted(day_ms, day_ms + 24 * HOUR_MS))
        for hour in one.by_hour:
            hour_ms = int(hour.bucket.timestamp()) * 1000
            assert hour.printed == printed(counted(hour_ms, hour_ms + HOUR_MS))


def test_a_quiet_building_has_a_truth_of_zeros_and_the_commands(inputs: PlanInputs) -> None:
    asleep = Plan(msgspec.structs.replace(inputs, quiet=True))
    hour_ms = midnight_ms(date(2026, 11, 6))
    told = [Sit(hour_ms + 840_000, "3f-s05"), Leave(hour_ms + 960_500, "3f-s05")]
    report = truth_of(Timeline(asleep, told), inputs.place, hour_ms, hour_ms + HOUR_MS)
    used = [one for one in report.spaces if one.by_15min]
    assert [(one.space, one.occupied_s) for one in used] == [("3f-s05", 120.5)]
    assert [quarter.occupied_s for quarter in used[0].by_15min] == [60.0, 60.5]
    assert all(one.total.impressions_total == 0 and one.by_hour == () for one in report.mfps)


def test_the_report_survives_json(plan: Plan) -> None:
    report = truth_of(Timeline(plan), plan.inputs.place, plan.inputs.lively_ms, plan.inputs.lively_ms + HOUR_MS)
    encoded = msgspec.json.encode(report)
    assert msgspec.json.decode(encoded, type=Truth) == report
    assert encoded.startswith(b'{"from":"2026-11-05T05:12:00Z","to":')
