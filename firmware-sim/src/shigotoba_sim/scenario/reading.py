"""Reads a scenario file and says clearly what is wrong with it: file, line, key.

Responsible for refusals. Refuses to guess: a name that means nothing stops the run before it begins.
"""

from __future__ import annotations

from pathlib import Path

from shigotoba_sim.building import Building
from shigotoba_sim.faults.planning import effects_of
from shigotoba_sim.faults.targets import UnknownTargetError
from shigotoba_sim.people.staff import DEPARTMENTS
from shigotoba_sim.scenario.curves import curves
from shigotoba_sim.scenario.model import ORDINARY, Scenario
from shigotoba_wire.settings_file import SettingsFile


def read_scenario(path: Path | None, place: Building) -> Scenario:
    """The scenario in ``path`` for ``place``; without a path, the ordinary one.

    Raises:
        SettingsError: The file is missing, is not TOML, or a key is unknown, missing, of the wrong kind or names what
            is not there.
    """
    if path is None:
        return ORDINARY
    file = SettingsFile.open(path)
    scenario = file.read(Scenario)
    for key, problem in _nonsense(scenario, place):
        raise file.refusal(key, f"{problem}.")
    return scenario


def _nonsense(scenario: Scenario, place: Building) -> list[tuple[str, str]]:
    return [
        *_wrong_people(scenario, place),
        *_wrong_reform(scenario),
        *_wrong_faults(scenario, place),
        *_wrong_spans(scenario),
        *_wrong_marks(scenario),
    ]


def _wrong_people(scenario: Scenario, place: Building) -> list[tuple[str, str]]:
    departments = [department.name for department in DEPARTMENTS]
    floors = [floor.code for floor in place.floors]
    found = [
        (f"telework[{i}].department", f"there is no {campaign.department!r}; there are {', '.join(departments)}")
        for i, campaign in enumerate(scenario.telework)
        if campaign.department not in (None, *departments)
    ]
    found += [
        (f"refit[{i}].floor", f"there is no {refit.floor!r}; there are {', '.join(floors)}")
        for i, refit in enumerate(scenario.refit)
        if refit.floor not in floors
    ]
    return found


def _wrong_reform(scenario: Scenario) -> list[tuple[str, str]]:
    if scenario.reform is None:
        return []
    named = {"reform.paper": scenario.reform.paper, "reform.fax": scenario.reform.fax}
    known = ", ".join(curves())
    return [
        (key, f"there is no curve {name!r}; there are {known}")
        for key, name in named.items()
        if name is not None and name not in curves()
    ]


def _wrong_faults(scenario: Scenario, place: Building) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for i, fault in enumerate(scenario.fault):
        try:
            list(effects_of(fault, place))
        except UnknownTargetError as error:
            found.append((f"fault[{i}].who", str(error)))
    return found


def _wrong_spans(scenario: Scenario) -> list[tuple[str, str]]:
    lasting = [(f"telework[{i}].to", campaign.start, campaign.end) for i, campaign in enumerate(scenario.telework)]
    lasting += [
        (f"fault[{i}].to", getattr(fault, "start", None), getattr(fault, "end", None))
        for i, fault in enumerate(scenario.fault)
    ]
    return [
        (key, f"{end.isoformat()} is not later than from, {start.isoformat()}")
        for key, start, end in lasting
        if start is not None and end is not None and end <= start
    ]


def _wrong_marks(scenario: Scenario) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for i, mark in enumerate(scenario.mark):
        if mark.at is None and mark.after_s is None:
            found.append((f"mark[{i}]", "says neither at nor after_s; say when"))
        if mark.at is not None and mark.after_s is not None:
            found.append((f"mark[{i}].after_s", "at says already when; leave one of them out"))
        if mark.by_s is not None and mark.act != "clock_jump":
            found.append((f"mark[{i}].by_s", f"belongs to clock_jump, not to {mark.act}"))
        if mark.by_s is None and mark.act == "clock_jump":
            found.append((f"mark[{i}]", "says not by how many seconds the clock jumps; add by_s"))
    return found
