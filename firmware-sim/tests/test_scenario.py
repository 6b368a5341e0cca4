"""Scenario files: what they change, and how they are refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from shigotoba_sim.building import building
from shigotoba_sim.faults.kinds import Fault
from shigotoba_sim.pace import Pace
from shigotoba_sim.people.habits import Habits
from shigotoba_sim.plan.days import office_stays
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.printing import jobs_of
from shigotoba_sim.scenario.curves import curves, factor_at
from shigotoba_sim.scenario.model import Refit, Reform, Scenario, Telework
from shigotoba_sim.scenario.reading import read_scenario
from shigotoba_wire.errors import SettingsError

PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"
THURSDAY = date(2026, 10, 29)

EVERYTHING = """
name = "everything at once"

[[telework]]
from = 2026-11-01
share = 0.3
department = "税務課"

[[refit]]
on = 2026-12-01
floor = "4f"
seat_types = {focus = "big_table"}
appeal = 2.0

[reform]
starts_on = 2026-04-01
paper = "saitama_copy"
fax = "tokyo_fax"

[[fault]]
kind = "sensor_dies"
who = ["3f-s05"]
from = 2026-11-02T10:00:00+09:00

[[fault]]
kind = "adverts_lost"
share = 0.2
from = 2026-11-02T10:00:00+09:00
to = 2026-11-03T10:00:00+09:00

[[fault]]
kind = "counter_wraps"
who = ["3f-p1"]
at = 2026-11-02T10:00:00+09:00
bits = 31

[[mark]]
at = 2026-11-02T12:00:00+09:00
act = "uplink_cut"
lasts_s = 300
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return path


def changed(inputs: PlanInputs, scenario: Scenario) -> PlanInputs:
    return msgspec.structs.replace(inputs, habits=Habits(scenario))


def test_a_file_with_everything_is_read(file: Path, inputs: PlanInputs) -> None:
    scenario = read_scenario(file, inputs.place)
    assert (len(scenario.telework), len(scenario.refit), len(scenario.fault), len(scenario.mark)) == (1, 1, 3, 1)
    assert read_scenario(None, inputs.place) == Scenario()


def test_the_page_about_scenarios_shows_one_that_works_and_names_every_fault(
    tmp_path: Path, inputs: PlanInputs
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (tmp_path / "shown.toml").write_text(page.split("```toml")[1].split("```")[0], encoding="utf-8")
    shown = read_scenario(tmp_path / "shown.toml", inputs.place)
    assert shown.telework
    assert shown.reform
    words = [kind.__struct_config__.tag for kind in get_args(Fault)]
    assert len(words) == 13
    assert [word for word in words if f"| `{word}` |" not in page] == []
    assert [name for name in curves() if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        ("share = 0.2", "share = 1.2", "fault[1].share: Expected `float` <= 1.0"),
        ('kind = "adverts_lost"', 'kind = "adverts_lots"', "fault[1].kind: Invalid value 'adverts_lots'"),
        ("bits = 31", "bits = 33", "fault[2].bits: Invalid enum value 33"),
        ('who = ["3f-s05"]', 'who = ["3f-s99"]', "fault[0].who: '3f-s99' means no such device"),
        ('who = ["3f-p1"]', 'who = ["3f-s01"]', "fault[2].who: '3f-s01' means no such device"),
        ("2026-11-03T10:00:00+09:00", "2026-11-01T10:00:00+09:00", "fault[1].to: 2026-11-01T10:00:00+09:00"),
        ("lasts_s", "last_s", "mark[0].last_s: Object contains unknown field `last_s`"),
        ("on = 2026-12-01", "", "refit[0].on: Object missing required field `on`"),
        ('floor = "4f"', 'floor = "9f"', "refit[0].floor: there is no '9f'; there are 3f, 4f"),
        ('paper = "saitama_copy"', 'paper = "saitama"', "reform.paper: there is no curve 'saitama'"),
        ("税務課", "税務", "telework[0].department: there is no '税務'"),
        ("[[refit]]", "[[refit]", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_key(
    file: Path, inputs: PlanInputs, wrong: str, instead: str, says: str
) -> None:
    file.write_text(EVERYTHING.replace(wrong, instead), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_scenario(file, inputs.place)
    # A key that is missing is missed in its table; what is no TOML at all, tomllib places itself.
    at = EVERYTHING.index("[[refit]]" if not instead else wrong)
    line = f"line {EVERYTHING.count(chr(10), 0, at) + 1}, " if says != "not valid TOML" else ""
    assert str(refused.value).startswith(str(file))
    assert line + says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_campaign_keeps_its_share_at_home(inputs: PlanInputs) -> None:
    campaign = changed(inputs, Scenario(telework=(Telework(THURSDAY, 0.5, THURSDAY + timedelta(days=1)),)))
    people = {stay.person for stay in office_stays(inputs, THURSDAY)}
    left = {stay.person for stay in office_stays(campaign, THURSDAY)}
    assert 0.25 * len(people) < len(left) < 0.75 * len(people)
    friday = THURSDAY + timedelta(days=1)
    assert office_stays(campaign, friday) == office_stays(inputs, friday)


def test_a_refitted_floor_draws_people(inputs: PlanInputs) -> None:
    refitted = changed(inputs, Scenario(refit=(Refit(THURSDAY, "3f", {"focus": "window"}, appeal=8.0),)))
    before, after = (
        sum(stay.end_ms - stay.start_ms for stay in office_stays(each, THURSDAY) if stay.space.startswith("3f-s"))
        for each in (inputs, refitted)
    )
    assert after > 1.05 * before


def test_paper_and_fax_fall_along_the_published_curves(inputs: PlanInputs) -> None:
    reform = changed(inputs, Scenario(reform=Reform(date(2023, 10, 29), "saitama_copy", "tokyo_fax")))
    days = [THURSDAY + timedelta(days=offset) for offset in (0, 1, 4)]
    before, after = ([job for day in days for job in jobs_of(each, day)] for each in (inputs, reform))
    assert set(after) < set(before)
    printed = [sum(job.function in ("print", "copy") for job in jobs) for jobs in (before, after)]
    assert 0.25 < printed[1] / printed[0] < 0.55
    assert sum(job.function.startswith("fax") for job in after) <= 2
    assert sum(job.function == "scan" for job in after) == sum(job.function == "scan" for job in before)


def test_every_curve_falls_from_one_to_the_published_share() -> None:
    assert set(curves()) == {"tokyo_paper", "saitama_copy", "tokyo_fax"}
    for name, points in curves().items():
        told = [factor_at(name, year / 4) for year in range(-4, 40)]
        assert told == sorted(told, reverse=True)
        assert (told[0], told[-1]) == (1.0, points[-1].factor)
    assert factor_at("tokyo_paper", 3) == pytest.approx(0.28**0.5)


def test_a_large_building_keeps_the_identities_of_the_small_one() -> None:
    small, large = (building(7, "honcho", "gw-1", seats=seats) for seats in (40, 200))
    assert len(large.seats) == 200
    assert large.seats[:40] == small.seats
    assert large.mfps[:3] == small.mfps
    assert len({sensor.device for sensor in large.sensors}) == len(large.sensors)


def test_a_pace_can_be_turned_round() -> None:
    pace = Pace(1_000_000, 60.0)
    assert pace.inside(1_000_500) == 1_030_000
    assert pace.on_the_wall(pace.inside(1_000_777)) == 1_000_777
    assert pace.inside(999_000) == pace.on_the_wall(999_000) == 999_000
