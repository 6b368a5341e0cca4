"""What a plan is made from.

Responsible for naming every input; two plans with equal inputs are equal. Refuses hidden ones.
"""

from __future__ import annotations

from datetime import date

import msgspec

from shigotoba_sim.building import Building
from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.settings import SimSettings


class PlanInputs(msgspec.Struct, frozen=True):
    """The inputs of a plan.

    Attributes:
        seed: Names everything that happens.
        place: The building.
        opened_on: Nothing happens before this day.
        lively_ms: Office hours before, round the clock from then on; UTC milliseconds.
        quiet: Nothing happens at all.
    """

    seed: int
    place: Building
    opened_on: date
    lively_ms: int
    quiet: bool = False

    @property
    def opened_ms(self) -> int:
        """When the first day begins, UTC milliseconds."""
        return midnight_ms(self.opened_on)


def inputs_of(settings: SimSettings) -> PlanInputs:
    """The plan's inputs as the settings name them."""
    return PlanInputs(settings.seed, settings.place, settings.opened_on, settings.lively_ms, settings.quiet)
