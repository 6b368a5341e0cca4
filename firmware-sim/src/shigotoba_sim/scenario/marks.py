"""Marks as a runner is given them: what is done to which process, when on the wall, one JSON line each.

Responsible for turning a scenario's marks into times. Refuses to do anything to a process: the supervisor does (see
``shigotoba_standalone.acts``); the simulated bluetoothd alone is the simulator's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from shigotoba_sim.clock import SECOND_MS, moment_of, ms_of
from shigotoba_sim.faults.kinds import RadioDeaf
from shigotoba_sim.pace import Pace
from shigotoba_sim.scenario.model import Act, Mark, Scenario


class Due(msgspec.Struct, frozen=True):
    """A line: what is to be done at ``at`` on the wall, for how long, and by how much."""

    at: datetime
    act: Act
    lasts_s: float
    by_s: float


def due_marks(scenario: Scenario, pace: Pace) -> list[Due]:
    """The marks of ``scenario`` in order of time."""
    found = [Due(_at(mark, pace), mark.act, mark.lasts_s, mark.by_s or 0.0) for mark in scenario.mark]
    return sorted(found, key=lambda due: due.at)


def deaf_after_restarts(scenario: Scenario, pace: Pace) -> Iterator[RadioDeaf]:
    """What restarts of bluetoothd mean for the radio: nothing is heard while they last, one second at least."""
    for mark in scenario.mark:
        if mark.act == "bluetoothd_restart":
            # Faults are told by the building's time, like everything a scenario says.
            start = moment_of(pace.inside(ms_of(_at(mark, pace))))
            yield RadioDeaf(start=start, end=start + timedelta(seconds=max(1.0, mark.lasts_s)))


def _at(mark: Mark, pace: Pace) -> datetime:
    inside_ms = pace.origin_ms + int((mark.after_s or 0) * SECOND_MS) if mark.at is None else ms_of(mark.at)
    return moment_of(pace.on_the_wall(inside_ms))
