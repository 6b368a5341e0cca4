"""What the gateway promises, kept by whole processes between real brokers: cut off, full, damaged, doubled, killed.

Towards the platform they speak TLS with certificates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shigotoba_gateway.spool import Spool
from shigotoba_testing.gateways import Backend, GatewayProcess, agent_outbox, write_gateway_settings
from shigotoba_testing.uplink import Uplink, uplink
from shigotoba_testing.waiting import until
from shigotoba_wire.downlink import DesiredConfig, encode_config
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import CONFIG

__all__ = ["uplink"]

pytestmark = [pytest.mark.integration, pytest.mark.promise]

NOWHERE = Broker("127.0.0.1", 1)
START_MS = 1_795_000_000_000
HOUR_MS = 3_600_000
WEEK = 7 * 24
"""Hourly batches."""


@pytest.fixture
def agent(broker, tmp_path: Path) -> Iterator[Outbox]:
    """An edge agent's outbox and courier, as the agent runs them."""
    with agent_outbox(tmp_path, broker.settings()) as outbox:
        yield outbox


class Stand:
    """Where a gateway's settings say that upstream is, which a test may change; the spool stays."""

    def __init__(self, directory: Path, between: tuple[Broker, Broker], name: str, more: str) -> None:
        self._directory = directory
        self._below, self._above = between
        self._name = name
        self._more = more
        self._processes: list[GatewayProcess] = []
        self.spool = directory / f"{name}.sqlite"

    def start(self, local: Broker | None = None, up: Broker | None = None) -> GatewayProcess:
        """Start it, between its own broker and the platform's unless said otherwise."""
        path = self._directory / f"{self._name}.toml"
        settings = write_gateway_settings(path, self.spool, local or self._below, up or self._above, self._more)
        self._processes.append(GatewayProcess(settings))
        return self._processes[-1]

    def waiting(self) -> int:
        """Readings in the spool, seen from outside."""
        with sqlite3.connect(f"file:{self.spool}?mode=ro", uri=True) as connection:
            (count,) = connection.execute("SELECT coalesce(sum(readings), 0) FROM waiting").fetchone()
        connection.close()
        return count

    def end(self) -> None:
        for process in self._processes:
            process.kill()


@pytest.fixture
def stands(broker, uplink: Uplink, tmp_path: Path) -> Iterator[Callable[..., Stand]]:
    """Makes stands; whatever runs on them ends with the test."""
    made: list[Stand] = []

    def make(name: str = "gateway", more: str = "") -> Stand:
        made.append(Stand(tmp_path, (broker.settings(), uplink.gateway), name, more))
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def stand(stands: Callable[..., Stand]) -> Stand:
    """An ordinary one."""
    return stands()


def numbered(first: int, count: int, at_ms: int = START_MS, point: str = "count") -> list[Reading]:
    return [Reading("d", point, number, at_ms) for number in range(first, first + count)]


def every_number(backend: Backend, count: int) -> bool:
    return len(backend.values) >= count


def test_after_a_week_cut_off_live_data_come_first_and_the_backlog_in_order(
    uplink: Uplink, agent, stand: Stand
) -> None:
    fill(stand.spool, WEEK, 10)
    with Backend(uplink.platform, pause_s=0.01) as backend:
        stand.start()
        until(lambda: len(backend.order) > 20, what="the backlog's beginning")
        agent.append(numbered(1_000_000, 1))
        until(lambda: every_number(backend, 10 * WEEK + 1), what="the whole week")
        until(lambda: stand.waiting() == 0, what="receipts for all")
    live = next(place for place, key in enumerate(backend.order) if backend.values[key] == 1_000_000)
    backlog = [first for place, (_, first) in enumerate(backend.order) if place != live]
    assert backlog == sorted(backlog)
    assert live < len(backend.order) - 20, "it did not queue up behind the backlog"
    assert sorted(backend.values.values()) == [*range(10 * WEEK), 1_000_000]


def fill(path: Path, batches: int, each: int) -> None:
    """A spool of the past: one batch for every hour."""
    spool = Spool.open(path, "honcho", "gw-1")
    for batch in range(batches):
        spool.keep(numbered(each * batch, each, START_MS + batch * HOUR_MS))
    spool.close()


def test_a_full_disk_gives_up_the_least_valuable_first_and_in_the_end_nothing_is_missing(
    uplink: Uplink, agent, stands
) -> None:
    rank = '[[disk.give_up]]\npoints = ["battery_pct"]\nbelow_share = 0.5\n'
    stand = stands(more=f"[disk]\nlimit_bytes = 400000\nreserve_bytes = 0\nalarm_below_share = 0.6\n{rank}")
    cut = stand.start(up=NOWHERE)
    for batch in range(40):
        agent.append(numbered(200 * batch, 100, point="battery_pct"))
        agent.append(numbered(200 * batch + 100, 100, point="occupancy_raw"))
    until(lambda: "not taken from now on: battery_pct" in cut.said(), what="a refusal that is said")
    until(lambda: stand.waiting() + agent.waiting() == 8000 and stand.waiting() > 4000, what="everything that is taken")
    assert 0 < agent.waiting() < 4000, "the agent keeps what is refused"
    assert "of the spool's room is free" in cut.said()
    cut.kill()
    with Backend(uplink.platform) as backend:
        stand.start()
        until(lambda: every_number(backend, 8000), what="all of it")
        until(lambda: agent.waiting() == 0, what="receipts for all")
    assert sorted(backend.values.values()) == list(range(8000))


def test_a_damaged_spool_is_set_aside_said_and_what_it_held_counts_once(uplink: Uplink, agent, stand: Stand) -> None:
    fill(stand.spool, 50, 20)
    with sqlite3.connect(stand.spool) as connection:
        connection.execute("UPDATE waiting SET digest = 'rotten' WHERE first_seq = 401")
    connection.close()
    with Backend(uplink.platform) as backend:
        stand.start()
        until(lambda: every_number(backend, 980), what="what could be saved")
        agent.append(numbered(5000, 20))
        until(lambda: every_number(backend, 1000), what="what is new")
        until(lambda: "The spool was damaged" in backend.problems())
        assert backend.health is not None
        assert backend.health.spool is not None
        aside = stand.spool.with_name(backend.health.spool.set_aside_file)
        assert (aside.exists(), backend.health.spool.salvaged) == (True, 980)
    assert sorted(backend.values.values()) == [*range(400), *range(420, 1000), *range(5000, 5020)]
    assert len({epoch for epoch, _ in backend.values}) == 2


def test_brokers_that_forget_every_session_cost_nothing(broker, uplink: Uplink, agent, stand: Stand) -> None:
    stand.start()
    with Backend(uplink.platform) as backend:
        for batch in range(60):
            agent.append(numbered(10 * batch, 10))
            if batch in (20, 40):
                broker.wipe()
                uplink.wipe()
        until(lambda: every_number(backend, 600), what="all of it")
    assert sorted(backend.values.values()) == list(range(600))


def test_two_gateways_with_one_name_are_told_of_and_cost_nothing(broker, agent, stand: Stand, stands) -> None:
    """At a broker that lets both in, which one that knows us by our certificates does not."""
    twin = stands("twin")
    with Backend(broker.settings()) as backend:
        stand.start(up=broker.settings())
        until(lambda: backend.health is not None)
        backend.ask(CONFIG, encode_config(DesiredConfig(version=1, health_every_s=1.0)))
        agent.append(numbered(0, 50))
        twin.start(local=NOWHERE, up=broker.settings())
        until(lambda: "Another machine speaks to the platform as gw-1" in backend.problems(), what="a word of the twin")
        until(lambda: len(backend.instances) == 2, what="a word of each")
        twin.end()
        agent.append(numbered(50, 50))
        until(lambda: every_number(backend, 100))
        until(lambda: agent.waiting() == 0)
    assert sorted(set(backend.values.values())) == list(range(100))
