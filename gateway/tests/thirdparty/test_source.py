"""Third-party sensors on a real broker."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from shigotoba_gateway.thirdparty.settings import ThirdPartySettings
from shigotoba_gateway.thirdparty.source import ThirdParty
from shigotoba_testing.waiting import until
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.health import DriverState
from shigotoba_wire.readings import Reading

pytestmark = pytest.mark.integration

EXAMPLES = Path(str(files("shigotoba_gateway.thirdparty").joinpath("examples")))
NOW_MS = 1_800_000_000_000


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


@pytest.fixture
def third_party(broker, clock) -> Iterator[Callable[..., ThirdParty]]:
    running: list[ThirdParty] = []

    def start(disk: Disk, *names: str) -> ThirdParty:
        settings = ThirdPartySettings(tuple(EXAMPLES / f"{name}.toml" for name in names))
        running.append(ThirdParty(settings, broker.settings(), "gw-1", disk.keep, clock))
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


def _reaches(somebody, disk: Disk) -> bool:
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


def test_a_state_said_once_is_held_up_while_its_device_is_connected(neighbour, third_party, clock) -> None:
    disk, somebody = Disk(), neighbour("esphome/#")
    will, topic = "esphome/booth-1/status", "esphome/booth-1/binary_sensor/presence/state"
    somebody.say(will, b"online", retain=True)
    until(lambda: somebody.last(will) == b"online")
    third_party(disk, "esphome")
    until(lambda: somebody.tries(topic, b"ON") and bool(disk.kept))
    clock.now_ms += 61_000
    until(lambda: disk.kept[-1].at_ms == clock.now_ms)
    assert disk.kept[-1].value is True
    somebody.say(will, b"offline", retain=True)
    somebody.say("esphome/booth-2/binary_sensor/presence/state", b"OFF")
    until(lambda: disk.values("esphome-booth-2", "occupancy") == [False])
    heard = len(disk.kept)
    clock.now_ms += 61_000
    somebody.say("esphome/booth-3/binary_sensor/presence/state", b"OFF")
    until(lambda: disk.values("esphome-booth-3", "occupancy") == [False])
    assert len(disk.kept) == heard + 1


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
