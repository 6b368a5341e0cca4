"""A building for the tests of the model: eight days of office hours, then round the clock."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shigotoba_sim.building import building
from shigotoba_sim.clock import ms_of
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan

OPENED_ON = date(2026, 10, 28)
LIVELY_FROM = datetime.fromisoformat("2026-11-05T14:12:00+09:00")


@pytest.fixture(scope="session")
def inputs() -> PlanInputs:
    """From Wednesday 28 October over Culture Day (3 November) to the afternoon of Thursday 5 November."""
    return PlanInputs(7, building(7, "honcho", "gw-1"), OPENED_ON, ms_of(LIVELY_FROM))


@pytest.fixture(scope="session")
def plan(inputs: PlanInputs) -> Plan:
    """The plan of that building."""
    return Plan(inputs)
