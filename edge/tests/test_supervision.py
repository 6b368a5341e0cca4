"""Drivers that fail, in every way, and what the agent says about it."""

from __future__ import annotations

import asyncio
import logging
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge import supervision
from shigotoba_edge.backoff import Backoff
from shigotoba_edge.driver import DriverError
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_edge.roster import Roster
from shigotoba_edge.supervision import Supervisor
from shigotoba_wire.health import DeviceHealth, DriverState


class Faulty:
    """A driver that fails as told, then listens for good."""

    def __init__(self, *faults: Exception | None) -> None:
        self._faults = list(faults)
        self.listening = asyncio.Event()

    async def run(self, logbook: Logbook) -> None:
        if self._faults:
            fault = self._faults.pop(0)
            if fault is not None:
                raise fault
            return
        logbook.ready()
        self.listening.set()
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_S", 0.01)


async def supervised(driver: Faulty) -> Logbook:
    logbook = Logbook("tested", lambda _: None)
    task = asyncio.create_task(Supervisor(driver, logbook, Random(7)).run())
    async with asyncio.timeout(30):
        await driver.listening.wait()
    assert logbook.state is DriverState.RUNNING
    task.cancel()
    await asyncio.wait([task])
    return logbook


async def test_a_driver_is_started_again_whatever_it_raised(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    unplugged = DriverError("/dev/ttyUSB0 is gone. Plug the stick in.")
    logbook = await supervised(Faulty(unplugged, unplugged, KeyError("surprise"), None))
    health = logbook.health()
    assert (health.restarts, health.state, health.last_error) == (4, DriverState.STOPPED, "it ended by itself")


async def test_a_failure_is_logged_once_and_a_surprise_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    unplugged = DriverError("/dev/ttyUSB0 is gone. Plug the stick in.")
    await supervised(Faulty(unplugged, unplugged, unplugged, KeyError("surprise")))
    said = [(record.levelname, record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert said == [
        ("WARNING", "tested: /dev/ttyUSB0 is gone. Plug the stick in.", False),
        ("WARNING", "tested: KeyError: 'surprise'", True),
        ("INFO", "tested: listening", False),
    ]


@given(st.floats(0.01, 10), st.floats(1, 100), st.integers(0, 2**32))
def test_pauses_grow_to_the_longest_and_never_beyond_its_jitter(first_s: float, factor: float, seed: int) -> None:
    longest_s = first_s * factor
    backoff = Backoff(first_s, longest_s, Random(seed))
    pauses = [backoff.next_s() for _ in range(20)]
    assert all(0.8 * first_s <= pause <= 1.2 * longest_s * 1.0001 for pause in pauses)
    assert pauses[-1] >= 0.8 * longest_s * 0.9999
    backoff.reset()
    assert backoff.next_s() <= 1.2 * first_s * 1.0001


def test_the_roster_keeps_the_latest_word_and_the_last_known_battery() -> None:
    roster = Roster()
    roster.note(sighting_of("ble-1", 10, (("battery_pct", 90), ("occupancy", True)), -50))
    roster.note(sighting_of("ble-1", 20, (), -60))
    assert roster.devices() == (DeviceHealth("ble-1", 20, -60, 90.0, frames=2),)


def test_what_a_known_device_said_in_vain_is_counted_with_it_and_reasons_are_bounded() -> None:
    roster = Roster()
    roster.note(sighting_of("mfp-1", 10, note="compare with the panel"))
    roster.blame("ble-never-understood", "truncated", 1)
    for number in range(30):
        roster.blame("mfp-1", f"reason-{number}", 2)
    (health,) = roster.devices()
    assert (len(health.errors), health.errors["reason-0"], health.errors["other"]) == (21, 2, 20)
    assert health.note == "compare with the panel"


def test_the_roster_forgets_the_one_unheard_for_longest() -> None:
    roster = Roster(most=2)
    for device, at_ms in [("a", 1), ("b", 2), ("a", 3), ("c", 4)]:
        roster.note(sighting_of(device, at_ms))
    assert [device.device for device in roster.devices()] == ["a", "c"]
