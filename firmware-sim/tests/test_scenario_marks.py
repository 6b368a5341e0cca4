"""Marks of a scenario: the times a runner is given, what the simulator does itself, and how wrong ones are refused."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from shigotoba_sim.building import building
from shigotoba_sim.cli import main
from shigotoba_sim.clock import SECOND_MS, ms_of
from shigotoba_sim.pace import Pace
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.scenario.marks import Due, due_marks
from shigotoba_sim.scenario.model import Scenario
from shigotoba_sim.scenario.reading import read_scenario
from shigotoba_sim.settings import read_sim_settings
from shigotoba_wire.errors import SettingsError

LIVELY = datetime.fromisoformat("2026-11-02T12:00:00+09:00")

BAD_DAY = """
name = "a bad day"

[[mark]]
act = "uplink_cut"
after_s = 60
lasts_s = 300

[[mark]]
act = "clock_jump"
at = 2026-11-02T12:00:30+09:00
by_s = -3600

[[mark]]
act = "bluetoothd_restart"
after_s = 90
lasts_s = 20
"""


def test_marks_come_in_order_of_time_whether_by_the_clock_or_after_the_building_came_to_life() -> None:
    scenario = msgspec.convert(tomllib.loads(BAD_DAY), Scenario)
    at = [due.at.isoformat()[11:19] for due in due_marks(scenario, Pace(ms_of(LIVELY)))]
    assert at == ["12:00:30", "12:01:00", "12:01:30"]
    hurried = due_marks(scenario, Pace(ms_of(LIVELY), 60.0))
    assert [(due.act, due.at.isoformat()[11:21]) for due in hurried] == [
        ("clock_jump", "12:00:00.5"),
        ("uplink_cut", "12:00:01+0"),
        ("bluetoothd_restart", "12:00:01.5"),
    ]


def test_marks_are_written_for_a_runner(tmp_path: Path, sim_toml: Path) -> None:
    (tmp_path / "bad-day.toml").write_text(BAD_DAY, encoding="utf-8")
    arguments = ["--settings", str(sim_toml), "--scenario", str(tmp_path / "bad-day.toml")]
    for name in ("once", "again"):
        assert main(["marks", *arguments, "--out", str(tmp_path / name)]) == 0
    told = [msgspec.json.decode(line, type=Due) for line in (tmp_path / "once").read_bytes().splitlines()]
    assert [(due.act, due.lasts_s, due.by_s) for due in told] == [
        ("uplink_cut", 300.0, 0.0),
        ("bluetoothd_restart", 20.0, 0.0),
        ("clock_jump", 0.0, -3600.0),
    ]
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_a_restart_of_bluetoothd_is_the_simulators_own_and_stands_in_the_truth(tmp_path: Path, sim_toml: Path) -> None:
    (tmp_path / "bad-day.toml").write_text(BAD_DAY, encoding="utf-8")
    settings = msgspec.structs.replace(read_sim_settings(sim_toml), scenario=tmp_path / "bad-day.toml")
    faults = inputs_of(settings).faults
    start_ms = settings.lively_ms + 90 * SECOND_MS
    assert [faults.deaf(start_ms + ms) for ms in (-1, 0, 19_999, 20_000)] == [False, True, True, False]
    assert [kind for kind, *_ in faults.active(start_ms, start_ms + 1)] == ["radio_deaf"]


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        ("after_s = 60\n", "", "line 4, mark[0]: says neither at nor after_s"),
        ("by_s = -3600\n", "", "line 9, mark[1]: says not by how many seconds"),
        ("after_s = 60", "after_s = 60\nat = 2026-11-02T12:00:00+09:00", "line 6, mark[0].after_s: at says already"),
        ("lasts_s = 300", "by_s = 300", "line 7, mark[0].by_s: belongs to clock_jump, not to uplink_cut"),
        ("uplink_cut", "uplink_cat", "line 5, mark[0].act: Invalid enum value 'uplink_cat'"),
        ("after_s = 60", "after_s = -60", "line 6, mark[0].after_s: Expected `float` >= 0.0"),
    ],
)
def test_a_wrong_mark_is_refused_with_line_and_key(tmp_path: Path, wrong: str, instead: str, says: str) -> None:
    file = tmp_path / "bad-day.toml"
    file.write_text(BAD_DAY.replace(wrong, instead), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_scenario(file, building(7, "honcho", "gw-1"))
    assert says in str(refused.value)
