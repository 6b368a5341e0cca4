"""A gateway as a process, with a Zigbee2MQTT beside it: from the sensor to the batch upstream and to Home Assistant."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.health import GatewayHealth, decode_gateway_health
from shigotoba_wire.link import Link
from shigotoba_wire.readings import Value
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.topics import HEALTH, READINGS, upstream

pytestmark = pytest.mark.integration

EXAMPLE = files("shigotoba_gateway.thirdparty").joinpath("examples/zigbee2mqtt.toml")
UP = upstream("honcho", "gw-1")
SETTINGS = """
site = "honcho"
gateway = "gw-1"
spool = "{folder}/spool.sqlite"
[local]
{broker}
[upstream]
{broker}
[third_party]
mappings = ["{example}"]
[home_assistant]
points = ["contact"]
"""
BROKER = 'host = "{b.host}"\nport = {b.port}\nusername = "{b.username}"\npassword_file = "{b.password_file}"'


class Onlooker:
    """Sees everything on the broker, and says what a sensor would."""

    def __init__(self, broker) -> None:
        self.readings: list[tuple[str, str, Value]] = []
        self.health: GatewayHealth | None = None
        self.seen: dict[str, bytes] = {}
        self.link = Link(broker.settings(), Session("onlooker", ("#",)), self._see)
        self.link.start()

    def _see(self, delivery: Delivery) -> None:
        self.seen[delivery.topic] = delivery.payload
        if delivery.topic == UP.up(HEALTH):
            self.health = decode_gateway_health(delivery.payload)
        if delivery.topic == UP.up(READINGS):
            batch = decode_batch(delivery.payload)
            self.readings += [(one.device, one.point, one.value) for one in batch.readings]

    def sensor(self, name: str):
        """How the gateway says that a sensor is."""
        agents = self.health.agents if self.health else ()
        return next((device for agent in agents for device in agent.devices if device.device == name), None)


@pytest.fixture
def onlooker(broker, tmp_path: Path) -> Iterator[Onlooker]:
    settings = tmp_path / "gateway.toml"
    own = BROKER.format(b=broker)
    settings.write_text(SETTINGS.format(folder=tmp_path, broker=own, example=EXAMPLE))
    onlooker = Onlooker(broker)
    process = subprocess.Popen([sys.executable, "-m", "shigotoba_gateway", "--settings", str(settings)])
    yield onlooker
    process.terminate()
    assert process.wait(30) == 0
    onlooker.link.stop()


def test_a_zigbee_contact_goes_upstream_shows_in_the_health_and_in_home_assistant(onlooker: Onlooker) -> None:
    topic, payload = "zigbee2mqtt/door", b'{"contact": true, "battery": 97}'
    until(lambda: onlooker.link.publish(topic, payload) and ("z2m-door", "contact", True) in onlooker.readings)
    assert ("z2m-door", "battery_pct", 97) in onlooker.readings
    until(lambda: onlooker.sensor("z2m-door") is not None)
    assert onlooker.sensor("z2m-door").battery_pct == 97
    config = "homeassistant/binary_sensor/gw-1/z2m-door_contact/config"
    until(lambda: config in onlooker.seen)
    until(lambda: onlooker.seen.get("shigotoba/state/gw-1/z2m-door/contact") == b"OFF")
