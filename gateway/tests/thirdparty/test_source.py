"""Third-party sensors and Home Assistant on a real broker."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from shigotoba_gateway.thirdparty.discovery import HomeAssistant
from shigotoba_gateway.thirdparty.settings import DiscoverySettings, ThirdPartySettings
from shigotoba_gateway.thirdparty.source import ThirdParty
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.health import DriverState
from shigotoba_wire.link import Link
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration

EXAMPLES = Path(str(files("shigotoba_gateway.thirdparty").joinpath("examples")))
NOW_MS = 1_800_000_000_000
DAY_MS = 86_400_000


class Disk:
    """Keeps readings, or refuses to."""

    def __init__(self) -> None:
        self.kept: list[Reading] = []
        self.full = threading.Event()
        self.refused = threading.Event()

    def keep(self, readings: Sequence[Reading]) -> None:
        if self.full.is_set():
            self.refused.set()
            raise sqlite3.OperationalError("database or disk is full")
        self.kept += readings

    def values(self, device: str, point: str) -> list[object]:
        return [one.value for one in self.kept if (one.device, one.point) == (device, point)]


class Neighbour:
    """Somebody else on the broker, who publishes, and sees what is announced and said."""

    def __init__(self, broker: Broker, filters: tuple[str, ...] = ()) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self._link = Link(broker, Session("neighbour", filters), self._hear)
        self._link.start()
        until(lambda: self._link.connection is not None)

    def _hear(self, delivery: Delivery) -> None:
        self.heard.append((delivery.topic, delivery.payload, delivery.retained))

    def last(self, topic: str) -> bytes | None:
        return next((payload for at, payload, _ in reversed(self.heard) if at == topic), None)

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        assert self._link.publish(topic, payload, retain=retain)

    def leave(self) -> None:
        self._link.stop()


@pytest.fixture
def neighbour(broker) -> Iterator[Callable[..., Neighbour]]:
    there: list[Neighbour] = []

    def come(*filters: str) -> Neighbour:
        there.append(Neighbour(broker.settings(), filters))
        return there[-1]

    yield come
    for one in there:
        one.leave()


@pytest.fixture
def third_party(broker) -> Iterator[Callable[..., ThirdParty]]:
    running: list[ThirdParty] = []

    def start(disk: Disk, *names: str) -> ThirdParty:
        settings = ThirdPartySettings(tuple(EXAMPLES / f"{name}.toml" for name in names))
        running.append(ThirdParty(settings, broker.settings(), "gw-1", disk.keep, lambda: NOW_MS))
        running[-1].start()
        until(lambda: running[-1].health().drivers[0].state is DriverState.RUNNING)
        return running[-1]

    yield start
    for one in running:
        one.stop()


def dropped(source: ThirdParty) -> dict[str, int]:
    return {reason: times for driver in source.health().drivers for reason, times in driver.dropped.items()}


def test_what_sensors_say_is_kept_and_what_cannot_be_taken_is_counted(neighbour, third_party) -> None:
    disk, somebody = Disk(), neighbour()
    source = third_party(disk, "zigbee2mqtt", "tasmota")
    until(lambda: _reaches(somebody, disk))
    somebody.say("zigbee2mqtt/door", b'{"contact": true, "battery": "empty"}')
    somebody.say("zigbee2mqtt/door", b"{")
    somebody.say("zigbee2mqtt/lamp", b'{"state": "ON"}')
    somebody.say("zigbee2mqtt/\xe4\xbc\x9a".encode("latin1").decode(), b'{"contact": true}')
    somebody.say("tele/box/SENSOR", b'{"Switch2": "TOGGLE"}')
    somebody.say("tele/box/SENSOR", b'{"Switch2": "ON"}')
    until(lambda: disk.values("tasmota-box", "occupancy") == [True])
    assert disk.values("z2m-door", "contact") == [True]
    assert {one.at_ms for one in disk.kept} == {NOW_MS}
    assert dropped(source) == {"wrong_kind": 1, "malformed": 1, "no_point": 1, "bad_name": 1, "unknown_word": 1}
    door = next(device for device in source.health().devices if device.device == "z2m-door")
    assert door.errors == {"wrong_kind": 1}
    assert "'TOGGLE' is none of ON, OFF" in source.health().drivers[1].last_error


def _reaches(somebody: Neighbour, disk: Disk) -> bool:
    """The subscription stands once something comes through."""
    somebody.say("zigbee2mqtt/probe", b'{"contact": true}')
    return bool(disk.values("z2m-probe", "contact"))


def test_a_retained_word_is_no_fresh_reading(neighbour, third_party) -> None:
    disk, somebody = Disk(), neighbour("esphome/#")
    topic = "esphome/booth-1/binary_sensor/presence/state"
    somebody.say(topic, b"ON", retain=True)
    until(lambda: somebody.last(topic) == b"ON")
    source = third_party(disk, "esphome")
    until(lambda: dropped(source) == {"retained": 1})
    somebody.say(topic, b"OFF", retain=True)
    until(lambda: bool(disk.kept))
    assert disk.values("esphome-booth-1", "occupancy") == [False]


def test_what_a_full_disk_refuses_is_held_and_kept_later(neighbour, third_party) -> None:
    disk, somebody = Disk(), neighbour()
    third_party(disk, "zigbee2mqtt")
    until(lambda: _reaches(somebody, disk))
    disk.full.set()
    for contact in (b"true", b"false", b"true"):
        somebody.say("zigbee2mqtt/door", b'{"contact": ' + contact + b"}")
    assert disk.refused.wait(30)
    disk.full.clear()
    until(lambda: disk.values("z2m-door", "contact") == [True, False, True])


def test_a_broker_that_is_restarted_is_listened_to_again(broker, neighbour, third_party) -> None:
    disk, somebody = Disk(), neighbour()
    source = third_party(disk, "zigbee2mqtt")
    until(lambda: _reaches(somebody, disk))
    broker.kill()
    until(lambda: source.health().drivers[0].state is DriverState.WAITING)
    broker.restart()
    until(
        lambda: (
            somebody._link.publish("zigbee2mqtt/door", b'{"contact": true}')
            and bool(disk.values("z2m-door", "contact"))
        )
    )


def test_two_files_of_one_name_are_refused(broker, tmp_path: Path) -> None:
    twin = tmp_path / "twin.toml"
    twin.write_text((EXAMPLES / "tasmota.toml").read_text())
    settings = ThirdPartySettings((EXAMPLES / "tasmota.toml", twin))
    with pytest.raises(SettingsError, match="two mapping files have the name 'tasmota'"):
        ThirdParty(settings, broker.settings(), "gw-1", lambda _: None, lambda: NOW_MS)


SEAT_CONFIG = "homeassistant/binary_sensor/gw-1/ble-5448e68f80a5_occupancy/config"
SEAT_STATE = "shigotoba/state/gw-1/ble-5448e68f80a5/occupancy"


class Clock:
    now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def home_assistant(broker) -> Iterator[Callable[..., HomeAssistant]]:
    running: list[HomeAssistant] = []

    def start(clock: Clock, **settings: object) -> HomeAssistant:
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


def test_sensors_appear_in_home_assistant_and_are_taken_back_when_gone(neighbour, home_assistant) -> None:
    clock, somebody = Clock(), neighbour("homeassistant/#", "shigotoba/state/#")
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


def _noted(offered: HomeAssistant, readings: list[Reading], somebody: Neighbour, topic: str) -> bytes | None:
    offered.note(readings)
    return somebody.last(topic)


def test_what_was_offered_before_a_restart_is_known_and_can_all_be_taken_back(neighbour, home_assistant) -> None:
    somebody = neighbour("homeassistant/#")
    foreign = "homeassistant/binary_sensor/gw-2/seat_occupancy/config"
    somebody.say(SEAT_CONFIG, b'{"name": "from before"}', retain=True)
    somebody.say(foreign, b'{"name": "of another gateway"}', retain=True)
    until(lambda: somebody.last(foreign) is not None)
    home_assistant(Clock(), publish=False).note(seat(True))
    until(lambda: somebody.last(SEAT_CONFIG) == b"")
    assert somebody.last(foreign) != b""
