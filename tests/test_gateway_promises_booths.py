"""Booths and commands at a gateway process: cut off, killed, started again; towards the platform over TLS."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_testing.gateways import Backend, GatewayProcess, agent_outbox, broker_table, write_gateway_settings
from shigotoba_testing.uplink import Uplink, uplink
from shigotoba_testing.waiting import until
from shigotoba_wire.booths import (
    BoothDisplay,
    BoothEventKind,
    BoothSchedule,
    BoothState,
    ScheduledBooth,
    ScheduledHold,
    decode_display,
    encode_booths,
)
from shigotoba_wire.commands import Command, CommandKind, Commands, Outcome, encode_commands
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.downlink import DesiredConfig, encode_config
from shigotoba_wire.link import Link
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import COMMANDS, CONFIG, SCHEDULE, display

__all__ = ["uplink"]

pytestmark = [pytest.mark.integration, pytest.mark.promise]

NOWHERE = Broker("127.0.0.1", 1)
MINUTE = 60_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Panel:
    """The display beside the door: connects to the local broker only, and remembers what it was last told."""

    def __init__(self, broker: Broker) -> None:
        self.shows: BoothDisplay | None = None
        self._link = Link(broker, Session("panel", (display("gw-1", "3f-b1"),)), self._when_told)

    def __enter__(self) -> Panel:
        self._link.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._link.stop()

    def _when_told(self, delivery: Delivery) -> None:
        self.shows = decode_display(delivery.payload)

    def says(self, state: BoothState) -> bool:
        return self.shows is not None and self.shows.state is state


@pytest.fixture
def agent(broker, tmp_path: Path) -> Iterator[Outbox]:
    with agent_outbox(tmp_path, broker.settings()) as outbox:
        yield outbox


@pytest.fixture
def gateway(broker, uplink: Uplink, tmp_path: Path) -> Iterator[GatewayProcess]:
    process = GatewayProcess(settings(tmp_path, broker.settings(), uplink.gateway))
    yield process
    process.kill()


def settings(directory: Path, broker: Broker, up: Broker) -> Path:
    return write_gateway_settings(directory / "gateway.toml", directory / "spool.sqlite", broker, up)


def test_a_booth_goes_on_while_cut_off_over_power_cuts_and_tells_it_once_afterwards(
    broker, uplink: Uplink, agent: Outbox, gateway: GatewayProcess, tmp_path: Path
) -> None:
    one = broker.settings()
    start = now_ms()
    hold = ScheduledHold(
        "opaque", start - MINUTE, start + 30 * MINUTE, made_at_ms=start - 600 * MINUTE, label="予約あり"
    )
    booth = ScheduledBooth("3f-b1", "ブース1", ("rocker",), ("pir",), (hold,))
    schedule = BoothSchedule(start, start, start + 24 * 60 * MINUTE, (booth,))
    press = Reading("rocker", "button", "AI", start)
    with Panel(one) as panel:
        with Backend(uplink.platform) as backend:
            backend.ask(SCHEDULE, encode_booths(schedule))
            until(lambda: panel.says(BoothState.WAITING), what="the schedule at the door")
        gateway.kill()
        settings(tmp_path, one, NOWHERE)
        gateway.start()
        agent.append([press])
        agent.append([press])
        until(lambda: panel.says(BoothState.IN_USE), what="the check-in at the door")
        until(lambda: agent.waiting() == 0)
        gateway.kill()
        broker.wipe()
        panel.shows = None
        gateway.start()
        until(lambda: panel.says(BoothState.IN_USE), what="the same after a power cut")
        gateway.kill()
        settings(tmp_path, one, uplink.gateway)
        with Backend(uplink.platform) as backend:
            gateway.start()
            until(lambda: len(backend.events) == 1, what="the event")
            until(lambda: backend.health is not None and backend.health.booths is not None)
            until(lambda: len(backend.values) == 2, what="both readings")
        (event,) = backend.events.values()
    assert (event.kind, event.hold, event.schedule, event.at_ms) == (BoothEventKind.CHECK_IN, "opaque", start, start)


EDGE = """
agent = "edge-1"
gateway = "gw-1"
outbox = "{directory}/edge.sqlite"
health_every_s = 0.5
[broker]
{broker}
[[driver]]
kind = "enocean"
name = "booths"
port = "{directory}/no-such-tty"
"""


def test_a_driver_is_restarted_through_gateway_and_agent_and_the_backend_hears_what_became_of_it(
    broker, uplink: Uplink, gateway: GatewayProcess, tmp_path: Path
) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(EDGE.format(directory=tmp_path, broker=broker_table(broker.settings())), encoding="utf-8")
    edge = GatewayProcess(path, ("-m", "shigotoba_edge", "--settings"))
    later = now_ms() + 10 * MINUTE
    orders = Commands(
        (
            Command("c-restart", CommandKind.RESTART_DRIVER, later, "edge-1", "booths"),
            Command("c-unknown", CommandKind.RESTART_DRIVER, later, "edge-1", "nobody"),
            Command("c-late", CommandKind.RESTART_DRIVER, now_ms() - 1, "edge-1", "booths"),
        )
    )
    with Backend(uplink.platform) as backend:
        backend.ask(CONFIG, encode_config(DesiredConfig(version=1, health_every_s=1.0)))
        backend.ask(COMMANDS, encode_commands(orders))

        def outcomes() -> dict[str, Outcome]:
            return {each.command: each.outcome for each in backend.health.commands} if backend.health else {}

        until(lambda: outcomes().get("c-restart") is Outcome.DONE, what="the restart")
        until(lambda: outcomes().get("c-unknown") is Outcome.FAILED, what="a failure")
        assert outcomes()["c-late"] is Outcome.EXPIRED
        gateway.kill()
        gateway.start()
        backend.health = None
        until(lambda: len(outcomes()) == 3, what="the results after a restart")
    edge.kill()
    assert edge.said().count("c-restart") == 1, "carried out once"


JUMPING = """
import sys, threading, time, signal
from pathlib import Path
from shigotoba_gateway.hub import Hub
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire.clock import SystemClock
from shigotoba_wire.settings import read_settings

class Shifted(SystemClock):
    def now_ms(self):
        return super().now_ms() + int(Path(sys.argv[1] + ".shift").read_text() or 0)

Hub(read_settings(Path(sys.argv[1]), GatewaySettings), Shifted()).run(threading.Event())
"""


@pytest.mark.parametrize("by_s", [7200, -7200])
def test_a_clock_that_jumps_is_said_in_health_and_costs_nothing(
    broker, uplink: Uplink, agent: Outbox, tmp_path: Path, by_s
) -> None:
    path = settings(tmp_path, broker.settings(), uplink.gateway)
    shift = Path(f"{path}.shift")
    shift.write_text("0", encoding="utf-8")
    process = GatewayProcess(path, ("-c", JUMPING))
    with Backend(uplink.platform) as backend:
        backend.ask(CONFIG, encode_config(DesiredConfig(version=1, health_every_s=1.0)))
        until(lambda: backend.health is not None)
        agent.append([Reading("d", "count", number, now_ms()) for number in range(10)])
        shift.write_text(str(by_s * 1000), encoding="utf-8")
        until(lambda: "The clock jumped" in backend.problems(), what="a word of the jump")
        agent.append([Reading("d", "count", number, now_ms()) for number in range(10, 20)])
        until(lambda: len(backend.values) == 20)
        assert backend.health is not None
        assert backend.health.clock is not None
        assert (backend.health.clock.jumps, round(backend.health.clock.last_jump_s)) == (1, by_s)
    process.kill()
    assert sorted(backend.values.values()) == list(range(20))
