"""What a plan is made from.

Responsible for naming every input; two plans with equal inputs are equal. Refuses hidden ones.
"""

from __future__ import annotations

from datetime import date

import msgspec

from shigotoba_sim.building import Building
from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.faults.planning import faults_of
from shigotoba_sim.faults.schedule import NO_FAULTS, Faults
from shigotoba_sim.people.habits import Habits
from shigotoba_sim.people.staff import Roll
from shigotoba_sim.scenario.marks import deaf_after_restarts
from shigotoba_sim.scenario.reading import read_scenario
from shigotoba_sim.settings import SimSettings


class PlanInputs(msgspec.Struct, frozen=True):
    """The inputs of a plan.

    Attributes:
        seed: Names everything that happens.
        place: The building.
        opened_on: Nothing happens before this day.
        lively_ms: Office hours before, round the clock from then on; UTC milliseconds.
        quiet: Nothing happens at all.
        habits: What a scenario says about people.
        faults: What a scenario says about devices; nothing that people do depends on it.
    """

    seed: int
    place: Building
    opened_on: date
    lively_ms: int
    quiet: bool = False
    habits: Habits = Habits()
    faults: Faults = NO_FAULTS

    @property
    def roll(self) -> Roll:
        """Names the people who work here."""
        return Roll(self.seed, tuple(floor.code for floor in self.place.floors))

    @property
    def opened_ms(self) -> int:
        """When the first day begins, UTC milliseconds."""
        return midnight_ms(self.opened_on)


def inputs_of(settings: SimSettings) -> PlanInputs:
    """The plan's inputs as the settings, and the scenario they name, have it.

    Raises:
        SettingsError: The scenario is wrong.
    """
    place = settings.place
    scenario = read_scenario(settings.scenario, place)
    return PlanInputs(
        settings.seed,
        place,
        settings.opened_on,
        settings.lively_ms,
        settings.quiet,
        Habits(scenario),
        faults_of(settings.seed, place, (*scenario.fault, *deaf_after_restarts(scenario, settings.pace))),
    )
