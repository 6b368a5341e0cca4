"""How habits change over the years: telework campaigns, refitted floors, paper and fax falling.

Responsible for what is different on a day. Refuses to know the ordinary day (see ``workday`` and ``plan``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from shigotoba_sim.chance import chance_of
from shigotoba_sim.people.staff import Person
from shigotoba_sim.scenario.curves import factor_at
from shigotoba_sim.scenario.model import ORDINARY, Scenario, Telework
from shigotoba_sim.spaces import Space

_YEAR_DAYS: Final = 365.2425


class Habits(msgspec.Struct, frozen=True):
    """What a scenario says about people."""

    scenario: Scenario = ORDINARY

    def works_at_home(self, seed: int, person: Person, day: date) -> bool:
        """Whether a campaign keeps ``person`` at home on ``day``, whatever else the day would bring."""
        return any(
            chance_of(seed, "campaign", campaign.start, person.number, day).happens(campaign.share)
            for campaign in self.scenario.telework
            if _runs(campaign, day) and campaign.department in (None, person.department.name)
        )

    def seats_on(self, day: date, seats: Iterable[Space]) -> list[Space]:
        """The seats as people find them on ``day``."""
        done = [refit for refit in self.scenario.refit if refit.on <= day]
        becomes = {refit.floor: dict[str, str](refit.seat_types.items()) for refit in done}
        return [_refitted(seat, becomes) for seat in seats]

    def appeal_on(self, day: date) -> dict[str, float]:
        """How much more each refitted floor is liked on ``day`` than before it was refitted."""
        return {refit.floor: refit.appeal for refit in self.scenario.refit if refit.on <= day}

    def paper_left(self, day: date) -> float:
        """The share of the base period's printing and copying that is left on ``day``."""
        reform = self.scenario.reform
        return 1.0 if reform is None or reform.paper is None else factor_at(reform.paper, _years(reform.starts_on, day))

    def fax_left(self, day: date) -> float:
        """The share of the base period's faxes that is left on ``day``."""
        reform = self.scenario.reform
        return 1.0 if reform is None or reform.fax is None else factor_at(reform.fax, _years(reform.starts_on, day))


def _runs(campaign: Telework, day: date) -> bool:
    return campaign.start <= day and (campaign.end is None or day < campaign.end)


def _refitted(seat: Space, by_floor: dict[str, dict[str, str]]) -> Space:
    becomes = by_floor.get(seat.floor, {}).get(seat.seat_type or "")
    return seat if becomes is None else msgspec.structs.replace(seat, seat_type=becomes)


def _years(since: date, day: date) -> float:
    return (day - since).days / _YEAR_DAYS
