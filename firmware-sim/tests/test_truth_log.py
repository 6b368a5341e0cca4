"""The truth log: the same truth as the report's, in files that only ever become more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from shigotoba_sim.clock import HOUR_MS, midnight_ms, ms_of
from shigotoba_sim.commands import Leave, Sit
from shigotoba_sim.faults import kinds
from shigotoba_sim.faults.planning import faults_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth import truth_of
from shigotoba_sim.truth.log import TruthLog, read_table

START = datetime.fromisoformat("2026-11-04T00:00:00+09:00")
START_MS = ms_of(START)


def timeline(plan: Plan) -> Timeline:
    """The plan, but whoever is at 3f-s05 makes room for somebody on command, for two hours."""
    sits_ms = plan.inputs.lively_ms + HOUR_MS
    given = [Leave(sits_ms - 1, "3f-s05"), Sit(sits_ms, "3f-s05"), Leave(sits_ms + 2 * HOUR_MS, "3f-s05")]
    return Timeline(plan, given)


def test_the_log_sums_to_the_report_however_it_was_cut(plan: Plan, tmp_path: Path) -> None:
    what, end_ms = timeline(plan), plan.inputs.lively_ms + 14 * HOUR_MS
    for until_ms in (START_MS + 1234, START_MS + 9 * HOUR_MS, plan.inputs.lively_ms + 2 * HOUR_MS, end_ms):
        # A new log each time, as after a SIGKILL.
        TruthLog(tmp_path, plan.inputs.place, START_MS).write(what, until_ms)
    report = truth_of(what, plan.inputs.place, START_MS, end_ms)
    spent = pl.col("end") - pl.col("start")
    stays = read_table(tmp_path, "stays").group_by("space").agg(spent.sum().dt.total_milliseconds()).collect()
    truly_ms = {one.space: round(one.occupied_s * 1000) for one in report.spaces if one.occupied_s}
    assert dict(stays.iter_rows()) == truly_ms
    jobs = read_table(tmp_path, "jobs").group_by("mfp").agg(pl.col("impressions").sum()).collect()
    assert dict(jobs.iter_rows()) == {one.device: one.total.impressions_total for one in report.mfps}
    assert read_table(tmp_path, "presses").collect().height == sum(one.presses for one in report.spaces)


def test_nobody_is_in_two_places_and_no_place_holds_two(plan: Plan, tmp_path: Path) -> None:
    TruthLog(tmp_path, plan.inputs.place, START_MS).write(timeline(plan), plan.inputs.lively_ms)
    stays = read_table(tmp_path, "stays").collect()
    assert stays["person"].n_unique() > 25
    for whose in ("person", "space"):
        ordered = stays.sort(whose, "start")
        overlaps = ordered.filter(pl.col("start") < pl.col("end").shift(1).over(whose))
        # Visitors from elsewhere borrow the habits, and so the number, of somebody who may be in as well.
        assert overlaps.height <= (8 if whose == "person" else 0)


def test_somebody_on_command_has_no_number(plan: Plan, tmp_path: Path) -> None:
    TruthLog(tmp_path, plan.inputs.place, plan.inputs.lively_ms).write(
        timeline(plan), plan.inputs.lively_ms + 4 * HOUR_MS
    )
    held = read_table(tmp_path, "stays").filter(pl.col("person").is_null()).collect()
    assert held["space"].unique().to_list() == ["3f-s05"]
    assert (held["end"] - held["start"]).sum().total_seconds() == 7200


def test_chunks_end_at_midnight_and_are_not_touched_again(plan: Plan, tmp_path: Path) -> None:
    log = TruthLog(tmp_path, plan.inputs.place, START_MS)
    log.write(timeline(plan), START_MS + 20 * HOUR_MS)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    log.write(timeline(plan), START_MS + 30 * HOUR_MS)
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())
    bounds = sorted(int(path.stem.split("-")[2]) for path in tmp_path.glob("stays-*"))
    midnight = midnight_ms(datetime.fromisoformat("2026-11-05").date())
    assert bounds == [START_MS + 20 * HOUR_MS, midnight, START_MS + 30 * HOUR_MS]


def test_the_active_faults_are_in_it(plan: Plan, tmp_path: Path) -> None:
    deaf = faults_of(7, plan.inputs.place, [kinds.RadioDeaf(start=START)])
    TruthLog(tmp_path, plan.inputs.place, START_MS, deaf).write(timeline(plan), START_MS + HOUR_MS)
    (row,) = read_table(tmp_path, "faults").collect().to_dicts()
    assert (row["fault"], row["device"]) == ("radio_deaf", "")
    assert (row["end"] - row["start"]).total_seconds() == 3600
