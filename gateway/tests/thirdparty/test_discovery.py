"""Home Assistant on a real broker: what is announced, said and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from shigotoba_gateway.thirdparty.discovery import HomeAssistant
from shigotoba_gateway.thirdparty.settings import DiscoverySettings
from shigotoba_testing.waiting import until
from shigotoba_wire.readings import Reading

pytestmark = pytest.mark.integration

NOW_MS = 1_800_000_000_000
DAY_MS = 86_400_000
SEAT_CONFIG = "homeassistant/binary_sensor/gw-1/ble-5448e68f80a5_occupancy/config"
SEAT_STATE = "shigotoba/state/gw-1/ble-5448e68f80a5/occupancy"


@pytest.fixture
def home_assistant(broker) -> Iterator[Callable[..., HomeAssistant]]:
    running: list[HomeAssistant] = []

    def start(clock, **settings: object) -> HomeAssistant:
        chosen = msgspec.convert(settings, DiscoverySettings)
        running.append(HomeAssistant(chosen, broker.settings(), "gw-1", clock))
        running[-1].start()
        return running[-1]

    yield start
    for one in running:
        one.stop()


def seat(value: bool) -> list[Reading]:
    return [
        Reading("ble-5448e68f80a5", "occupancy", value, NOW_MS),
        Reading("ble-5448e68f80a5", "voltage_v", 3.0, NOW_MS),
    ]


def test_sensors_appear_in_home_assistant_and_are_taken_back_when_gone(neighbour, home_assistant, clock) -> None:
    somebody = neighbour("homeassistant/#", "shigotoba/state/#")
    offered = home_assistant(clock, gone_after_days=30)
    until(lambda: _noted(offered, seat(True), somebody, SEAT_STATE) == b"ON")
    config = msgspec.json.decode(somebody.last(SEAT_CONFIG) or b"null")
    assert (config["state_topic"], config["device_class"], config["expire_after"]) == (SEAT_STATE, "occupancy", 900)
    offered.note([Reading("z2m-door", "contact", True, NOW_MS), Reading("enocean-002da8bb", "button", "AI", NOW_MS)])
    until(lambda: somebody.last("shigotoba/state/gw-1/z2m-door/contact") == b"OFF")
    until(lambda: somebody.last("shigotoba/state/gw-1/enocean-002da8bb/button") == b'{"event_type":"AI"}')
    assert not any("voltage" in topic for topic, _, _ in somebody.heard)
    clock.now_ms += 31 * DAY_MS
    until(lambda: _noted(offered, [Reading("z2m-door", "contact", True, NOW_MS)], somebody, SEAT_CONFIG) == b"")
    door = somebody.last("homeassistant/binary_sensor/gw-1/z2m-door_contact/config")
    assert door


def _noted(offered: HomeAssistant, readings: list[Reading], somebody, topic: str) -> bytes | None:
    offered.note(readings)
    return somebody.last(topic)


def test_what_was_offered_before_a_restart_is_known_and_can_all_be_taken_back(neighbour, home_assistant, clock) -> None:
    somebody = neighbour("homeassistant/#")
    foreign = "homeassistant/binary_sensor/gw-2/seat_occupancy/config"
    somebody.say(SEAT_CONFIG, b'{"name": "from before"}', retain=True)
    somebody.say(foreign, b'{"name": "of another gateway"}', retain=True)
    until(lambda: somebody.last(foreign) is not None)
    home_assistant(clock, publish=False).note(seat(True))
    until(lambda: somebody.last(SEAT_CONFIG) == b"")
    assert somebody.last(foreign) != b""
