"""A building for the tests of the model, eight days of office hours, then round the clock; and patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
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


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until a condition holds; fails with its value if it never does."""

    async def wait(holds: Callable[[], bool], within_s: float = 30.0) -> None:
        deadline = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < deadline, "it never came to hold"
            await asyncio.sleep(0.02)

    return wait
