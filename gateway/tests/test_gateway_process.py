"""The gateway as a process between two real brokers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shigotoba_testing.gateways import Backend, GatewayProcess, agent_outbox, write_gateway_settings
from shigotoba_testing.waiting import until
from shigotoba_wire.downlink import DesiredConfig, encode_config
from shigotoba_wire.logs import batch_name
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.topics import CONFIG

pytestmark = [pytest.mark.integration, pytest.mark.promise]


@pytest.fixture
def gateway(broker, tmp_path: Path) -> Iterator[GatewayProcess]:
    one = broker.settings()
    lines = 'logs = {style = "json", batches = true}'
    settings = write_gateway_settings(tmp_path / "gateway.toml", tmp_path / "spool.sqlite", one, one, lines)
    process = GatewayProcess(settings)
    yield process
    process.kill()


@pytest.fixture
def agent(broker, tmp_path: Path) -> Iterator[Outbox]:
    with agent_outbox(tmp_path, broker.settings()) as outbox:
        yield outbox


def readings(first: int, end: int) -> list[Reading]:
    return [Reading("d", "count", number, 1_795_000_000_000) for number in range(first, end)]


@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True)
def test_sigkill_of_the_gateway_and_the_broker_loses_and_doubles_nothing(broker, gateway, agent) -> None:
    with Backend(broker.settings()) as backend:
        for number in range(1, 401, 20):
            agent.append(readings(number, number + 20))
            if number % 100 == 61:
                gateway.kill()
                gateway.start()
            if number == 201:
                broker.kill()
                broker.restart()
        until(lambda: agent.waiting() == 0)
        until(lambda: len(backend.values) >= 400)
        until(lambda: backend.health is not None and backend.health.waiting == 0 and backend.health.next_seq == 401)
    assert sorted(backend.values.values()) == list(range(1, 401))


def test_the_desired_configuration_is_applied_or_refused_and_reported(broker, gateway) -> None:
    with Backend(broker.settings()) as backend:
        until(lambda: backend.health is not None)
        backend.ask(CONFIG, encode_config(DesiredConfig(version=3, health_every_s=1.0)))
        until(lambda: backend.health is not None and backend.health.config_version == 3)
        backend.ask(CONFIG, b'{"version":4,"health_every_s":0}')
        until(lambda: backend.health is not None and backend.health.config_refused is not None)
        assert backend.health is not None
        refused = backend.health.config_refused
        assert refused is not None
        assert (refused.version, backend.health.config_version) == (4, 3)
        assert "health_every_s" in refused.reason
        gateway.kill()
        gateway.start()
        backend.health = None
        until(lambda: backend.health is not None and backend.health.config_version == 3)


def test_sigterm_ends_the_gateway_cleanly_and_its_log_shows_the_way_of_a_batch(broker, gateway, agent) -> None:
    agent.append(readings(1, 2))
    until(lambda: agent.waiting() == 0)
    until(lambda: stations(gateway, "sent"), what="the way up")
    assert gateway.terminate() == 0
    [kept] = stations(gateway, "kept")
    assert (kept["batch"], kept["numbers"]) == (batch_name("gw-1", "edge-1", agent.epoch, 1), "1-1")
    assert stations(gateway, "sent")[0]["batch"] == batch_name("honcho", "gw-1", kept["spool"], 1)


def stations(gateway: GatewayProcess, station: str) -> list[dict[str, Any]]:
    """What the gateway says of batches at that station."""
    lines = [json.loads(line) for line in gateway.said().splitlines()]
    return [line for line in lines if line["message"] == station]


def test_wrong_settings_are_one_line_and_exit_2(tmp_path: Path) -> None:
    settings = tmp_path / "gateway.toml"
    settings.write_text('site = "honcho"\n')
    command = [sys.executable, "-m", "shigotoba_gateway", "--settings", str(settings)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "gateway" in done.stderr
