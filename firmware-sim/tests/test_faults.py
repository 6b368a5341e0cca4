"""What faults make of devices: whom they befall, when, and what is then heard."""

from __future__ import annotations

from datetime import datetime

import pytest

from shigotoba_sim.clock import ms_of
from shigotoba_sim.faults import kinds
from shigotoba_sim.faults.planning import faults_of
from shigotoba_sim.faults.schedule import NO_FAULTS, Faults
from shigotoba_sim.faults.targets import UnknownTargetError
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan

START, END = (datetime.fromisoformat(f"2026-10-29T{hour}:00:00+09:00") for hour in ("10", "15"))
START_MS, END_MS = ms_of(START), ms_of(END)
MIDDLE_MS = (START_MS + END_MS) // 2


def faults(inputs: PlanInputs, *scheduled: kinds.Fault) -> Faults:
    return faults_of(7, inputs.place, scheduled)


def test_a_dead_sensor_is_silent_from_then_until_before_then(inputs: PlanInputs) -> None:
    one, other = inputs.place.seats[4], inputs.place.seats[5]
    died = faults(inputs, kinds.SensorDies(start=START, end=END, who=(one.space,)))
    told = [died.heard(one.device, at_ms) for at_ms in (START_MS - 1, START_MS, END_MS - 1, END_MS)]
    assert told == [True, False, False, True]
    assert died.heard(other.device, MIDDLE_MS)


def test_a_floor_means_all_its_sensors_and_buttons(inputs: PlanInputs) -> None:
    died = faults(inputs, kinds.SensorDies(start=START, who=("4f",)))
    silent = {sensor.space for sensor in inputs.place.sensors if died.silent(sensor.device, MIDDLE_MS)}
    assert silent == {sensor.space for sensor in inputs.place.sensors if sensor.space.startswith("4f")}
    assert all(
        died.silent(booth.button_device, END_MS) == booth.space.startswith("4f") for booth in inputs.place.booths
    )


def test_what_means_nothing_is_refused_with_what_could(inputs: PlanInputs) -> None:
    with pytest.raises(UnknownTargetError, match=r"'3f-p1' means no such device.*3f-s01"):
        faults(inputs, kinds.SensorDies(start=START, who=("3f-p1",)))


def test_a_fading_battery_falls_to_nothing_and_stays_silent(inputs: PlanInputs) -> None:
    device = inputs.place.seats[0].device
    fades = faults(inputs, kinds.BatteryFades(start=START, end=END, who=(device,)))
    told = [fades.battery_pct(device, at_ms, 80) for at_ms in range(START_MS, END_MS, 600_000)]
    assert told == sorted(told, reverse=True)
    assert (told[0], fades.battery_pct(device, END_MS - 1, 80)) == (80, 0)
    assert fades.heard(device, END_MS - 1)
    assert not fades.heard(device, END_MS)


def test_the_share_of_lost_adverts_is_what_it_says_and_replays(inputs: PlanInputs) -> None:
    device = inputs.place.seats[0].device
    lossy = faults(inputs, kinds.AdvertsLost(start=START, share=0.3))
    again = faults(inputs, kinds.AdvertsLost(start=START, share=0.3))
    times = range(START_MS, START_MS + 3_000_000, 1000)
    lost = [not lossy.heard(device, at_ms) for at_ms in times]
    assert 0.25 < sum(lost) / len(lost) < 0.35
    assert lost == [not again.heard(device, at_ms) for at_ms in times]
    assert sum(not lossy.heard(device, at_ms, times=5) for at_ms in times) < 0.02 * len(lost)


def test_radio_and_stick_fail_for_their_own_devices_only(inputs: PlanInputs) -> None:
    ble, rocker = inputs.place.seats[0].device, inputs.place.booths[0].button_device
    deaf = faults(inputs, kinds.RadioDeaf(start=START, end=END))
    out = faults(inputs, kinds.StickUnplugged(start=START, end=END))
    noisy = faults(inputs, kinds.LineNoise(start=START, share=1.0))
    assert [each.heard(ble, MIDDLE_MS) for each in (deaf, out, noisy)] == [False, True, True]
    assert [each.heard(rocker, MIDDLE_MS) for each in (deaf, out, noisy)] == [True, False, False]


def test_a_rebooting_printer_answers_again_after_its_time(inputs: PlanInputs) -> None:
    device = inputs.place.mfps[0].device
    boots = faults(inputs, kinds.MfpReboots(at=START, lasts_s=90))
    answers = [boots.mfp_answers(device, START_MS + after_ms) for after_ms in (-1, 0, 89_999, 90_000)]
    assert answers == [True, False, False, True]


@pytest.mark.parametrize("bits", [31, 32])
def test_every_register_runs_over_at_the_same_instant(inputs: PlanInputs, plan: Plan, bits: int) -> None:
    device = inputs.place.mfps[0].device
    wraps = faults(inputs, kinds.CounterWraps(at=START, who=("3f-p1",), bits=bits))
    before = wraps.counters(device, START_MS - 1, plan.counters_at).by_point()
    late = wraps.counters(device, ms_of(START) - 5 * 3_600_000, plan.counters_at).by_point()
    after = wraps.counters(device, END_MS, plan.counters_at).by_point()
    really = (plan.counters_at(device, END_MS) - plan.counters_at(device, START_MS - 1)).by_point()
    assert set(before.values()) == {0}
    assert after == really
    assert 2**bits - 10_000 < late["impressions_total"] < 2**bits


def test_a_reset_and_a_swap_count_on_from_where_they_begin(inputs: PlanInputs, plan: Plan) -> None:
    device = inputs.place.mfps[0].device
    swapped = faults(
        inputs,
        kinds.CounterReset(at=START, who=(device,)),
        kinds.BoardSwap(at=END, who=(device,), count=500),
    )

    def shown(at_ms: int) -> int:
        return swapped.counters(device, at_ms, plan.counters_at).impressions_total

    def really(at_ms: int) -> int:
        return plan.counters_at(device, at_ms).impressions_total

    assert shown(START_MS - 1) == really(START_MS - 1)
    assert shown(END_MS - 1) == really(END_MS - 1) - really(START_MS - 1) > 0
    assert shown(END_MS + 9_000_000) == 500 + really(END_MS + 9_000_000) - really(END_MS - 1)


def test_a_replaced_printer_has_another_name_and_other_counts(inputs: PlanInputs, plan: Plan) -> None:
    device = inputs.place.mfps[0].device
    replaced = faults(inputs, kinds.MfpReplaced(at=START, who=("3f-p1",), serial="NEW1"))
    assert (replaced.identity(device, START_MS - 1), replaced.identity(device, START_MS)) == (device, "mfp-NEW1")
    assert replaced.replacements() == [(device, "mfp-NEW1")]
    before, after = (replaced.counters(device, at_ms, plan.counters_at) for at_ms in (START_MS - 1, START_MS))
    assert abs(after.impressions_total - before.impressions_total) > 1000


def test_what_is_active_is_cut_to_the_time_asked_for(inputs: PlanInputs) -> None:
    both = faults(inputs, kinds.RadioDeaf(start=START), kinds.CounterReset(at=END, who=("3f-p1",)))
    device = inputs.place.mfps[0].device
    assert both.active(START_MS - 5, END_MS) == [("radio_deaf", "", START_MS, END_MS)]
    assert both.active(END_MS, END_MS + 5)[0] == ("counter_reset", device, END_MS, END_MS)
    assert not both.none
    assert NO_FAULTS.none


def test_by_another_clock_everything_moves_together(inputs: PlanInputs, plan: Plan) -> None:
    device = inputs.place.mfps[0].device
    moved = faults(inputs, kinds.CounterReset(at=START, who=(device,)), kinds.RadioDeaf(start=START, end=END)).retimed(
        lambda at_ms: at_ms + 1000
    )
    assert [moved.deaf(at_ms) for at_ms in (START_MS, START_MS + 1000, END_MS, END_MS + 1000)] == [0, 1, 1, 0]
    assert moved.counters(device, START_MS + 999, plan.counters_at) == plan.counters_at(device, START_MS + 999)
