"""A building for the tests of the model, eight days of office hours, then round the clock; and patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from shigotoba_sim.building import building
from shigotoba_sim.clock import ms_of
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan

OPENED_ON = date(2026, 10, 28)
SIM_TOML = """
seed = 7
site = "honcho"
gateway = "gw-1"
opened_on = "2020-10-26"
lively_from = "2020-10-26T18:00:00+09:00"
commands = "{home}/commands.jsonl"
state = "{home}/state"
enocean_tty = "{home}/tty-enocean"
dbus_socket = "{home}/dbus.sock"
snmp_ports = [16101, 16102, 16103]
"""
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
def sim_toml(tmp_path: Path) -> Path:
    """A settings file of a building that was opened for one day in 2020; a test may add a broker."""
    path = tmp_path / "sim.toml"
    path.write_text(SIM_TOML.format(home=tmp_path), encoding="utf-8")
    return path


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until a condition holds; fails with its value if it never does."""

    async def wait(holds: Callable[[], bool], within_s: float = 120.0) -> None:
        deadline = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < deadline, "it never came to hold"
            await asyncio.sleep(0.02)

    return wait
