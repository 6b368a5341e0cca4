"""Mapping files: what a mistake is told as, and what the worked examples make of real payloads."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_gateway.thirdparty.mapping import Mapping, read_mappings
from shigotoba_gateway.thirdparty.topics import TopicPattern
from shigotoba_gateway.thirdparty.transform import Transform, UnfitError
from shigotoba_gateway.thirdparty.understanding import Message, matching, understand
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.points import VOCABULARY, fits

EXAMPLES = files("shigotoba_gateway.thirdparty").joinpath("examples")
Z2M_DOOR = b'{"battery":97,"battery_low":false,"contact":false,"linkquality":120,"tamper":false,"voltage":2985}'
Z2M_PRESENCE = (
    b'{"device_temperature":29,"presence":true,"presence_event":"enter","power_outage_count":3,"linkquality":87}'
)
Z2M_MOTION = b'{"occupancy":false,"illuminance":12,"battery":100,"voltage":3042}'
SHELLY_POWER = b'{"id":0,"battery":{"V":5.37,"percent":82},"external":{"present":false}}'

SAID = [
    ("zigbee2mqtt", "zigbee2mqtt/door", Z2M_DOOR, "z2m-door contact=False battery_pct=97 voltage_v=2.985"),
    ("zigbee2mqtt", "zigbee2mqtt/0x54ef441000d2", Z2M_PRESENCE, "z2m-0x54ef441000d2 occupancy=True"),
    ("zigbee2mqtt", "zigbee2mqtt/pir", Z2M_MOTION, "z2m-pir occupancy=False battery_pct=100 voltage_v=3.042"),
    ("zigbee2mqtt", "zigbee2mqtt/b1", b'{"action":"double","battery":90}', "z2m-b1 button=double battery_pct=90"),
    ("zigbee2mqtt", "zigbee2mqtt/b1", b'{"action":"","battery":90}', "z2m-b1 battery_pct=90"),
    ("esphome", "esphome/booth-1/binary_sensor/presence/state", b"ON", "esphome-booth-1 occupancy=True"),
    ("esphome", "esphome/booth-1/binary_sensor/door/state", b"ON", "esphome-booth-1 contact=False"),
    ("esphome", "esphome/booth-1/sensor/battery/state", b"87.5", "esphome-booth-1 battery_pct=87.5"),
    ("tasmota", "stat/tasmota_0F1A/RESULT", b'{"Switch1":{"Action":"OFF"}}', "tasmota-tasmota_0F1A contact=False"),
    (
        "tasmota",
        "tele/tasmota_0F1A/SENSOR",
        b'{"Time":"2026-11-21T09:00:00","Switch1":"ON","Switch2":"OFF"}',
        "tasmota-tasmota_0F1A contact=True occupancy=False",
    ),
    ("shelly", "shelly/i4-a8032a/status/input:0", b'{"id":0,"state":true}', "shelly-i4-a8032a contact=True"),
    ("shelly", "shelly/i4-a8032a/status/input:1", b'{"id":1,"state":false}', "shelly-i4-a8032a occupancy=False"),
    ("shelly", "shelly/ht-1/status/devicepower:0", SHELLY_POWER, "shelly-ht-1 battery_pct=82 voltage_v=5.37"),
]


def example(name: str) -> tuple[Mapping, ...]:
    return read_mappings(Path(str(EXAMPLES.joinpath(f"{name}.toml"))))


@pytest.mark.parametrize(("name", "topic", "payload", "said"), SAID)
def test_the_examples_understand_what_such_devices_say(name: str, topic: str, payload: bytes, said: str) -> None:
    ((mapping, names),) = matching(example(name), topic)
    understood = understand(mapping, names, Message(topic, payload, 7))
    assert understood is not None
    assert understood.flaws == ()
    words = (f"{one.point}={one.value}" for one in understood.readings)
    assert f"{understood.device} {' '.join(words)}" == said
    assert {one.at_ms for one in understood.readings} == {7}


def test_the_bridge_and_other_topics_of_the_same_family_are_nobodys() -> None:
    for topic in ("zigbee2mqtt/bridge/devices", "zigbee2mqtt/door/availability", "zigbee2mqtt", "zigbee2mqtt/"):
        assert matching(example("zigbee2mqtt"), topic) == []


WRONG = [
    ('topic = "#"', "the first level must be said", "topic"),
    ('topic = "a/x{device}"', "must be a whole level", "topic"),
    ('device = "z-{room}"', "uses names that the topic does not have; it has {device}", "device"),
    ('device = "z {device}"', "cannot be an identity", "device"),
    ('devices = { "z-a" = "会議室" }', "cannot be an identity", "devices"),
    ("only_listed = true", "no device is listed", "only_listed"),
    ('alive = { topic = "a/{room}/lwt", words = { on = true } }', "the names are others", "mapping[0].alive.topic"),
    ('point = "presence"', "'presence' is not a point", "point[0].point"),
    ('path = "a.[b"', "is no JMESPath", "point[0].path"),
    ('words = { ON = "yes" }', "occupancy is a truth, but 'ON' means 'yes'", "point[0].words"),
    ("scale = 0.1", "occupancy is a truth, which has no scale", "point[0].scale"),
    ('point = "button"\ninvert = true', "button is a text, which has no other way round", "point[0].invert"),
    ('payload = "xml"', "Invalid enum value 'xml'", "mapping[0].payload"),
    ('jsonpath = "a"', "unknown field `jsonpath`", "mapping[0]"),
]


def mapping_toml(line: str) -> str:
    """A mapping with this line in the place of its own."""
    own = {"topic": '"a/{device}"', "device": '"z-{device}"'}
    point = {"point": '"occupancy"', "path": '"a"'}
    of_point = line.split(" ", maxsplit=1)[0] in ("point", "path", "words", "scale", "invert")
    for key in line.replace("\n", " ").split(" ")[:1]:
        own.pop(key, None)
        point.pop(key, None)
    head = "\n".join(f"{key} = {value}" for key, value in own.items()) + ("" if of_point else f"\n{line}")
    rest = "\n".join(f"{key} = {value}" for key, value in point.items()) + (f"\n{line}" if of_point else "")
    return f'name = "t"\n[[mapping]]\n{head}\n[[mapping.point]]\n{rest}\n'


@pytest.mark.parametrize(("line", "said", "key"), WRONG)
def test_a_mistake_is_told_with_file_line_and_key(line: str, said: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(mapping_toml(line))
    with pytest.raises(SettingsError) as told:
        read_mappings(path)
    text = str(told.value)
    number = 1 + path.read_text().splitlines().index(line.rpartition("\n")[2])
    assert text.startswith(f"{path}, line {number}, ")
    assert said in text
    assert key in text


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('name = "t"\n[[mapping]\n')
    with pytest.raises(SettingsError, match=r"mapping\.toml: .*line 2"):
        read_mappings(path)


def test_the_check_shows_what_a_message_would_be_taken_for(tmp_path: Path) -> None:
    file = str(EXAMPLES.joinpath("zigbee2mqtt.toml"))
    command = [sys.executable, "-m", "shigotoba_gateway.thirdparty", "--check", file, "--topic", "zigbee2mqtt/door"]
    done = subprocess.run([*command, "--payload", Z2M_DOOR.decode()], capture_output=True, text=True, check=True)
    assert "zigbee2mqtt: z2m-door contact = False" in done.stdout
    vain = subprocess.run([*command, "--payload", "nonsense"], capture_output=True, text=True, check=False)
    assert (vain.returncode, vain.stderr.count("\n")) == (1, 1)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('name = "t"\n')
    refused = subprocess.run([*command[:4], str(wrong)], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "mapping" in refused.stderr


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["contact", "presence", "occupancy", "action", "battery", "voltage", "Switch1", "Switch2", "state"]
)
DOCUMENTS = st.dictionaries(KEYS, JSON, max_size=5).map(msgspec.json.encode)
ALL = [mapping for name in ("zigbee2mqtt", "esphome", "tasmota", "shelly") for mapping in example(name)]


@given(st.sampled_from(ALL), st.binary(max_size=60) | DOCUMENTS)
def test_any_payload_says_something_of_the_vocabulary_or_is_refused(mapping: Mapping, payload: bytes) -> None:
    try:
        said = understand(mapping, dict.fromkeys(mapping.topic.names, "x"), Message("t", payload, 0))
    except UnfitError:
        return
    assert said is not None
    assert all(fits(one.point, one.value) for one in said.readings)


@given(st.sampled_from(sorted(VOCABULARY)), JSON, st.booleans())
def test_a_value_that_is_taken_is_of_the_points_kind(point: str, found: object, invert: bool) -> None:
    try:
        value = Transform(invert=invert).apply(point, found)
    except UnfitError:
        return
    assert fits(point, value)


@pytest.mark.parametrize(
    ("pattern", "topic", "names"),
    [
        ("a/{x}/+/{y}", "a/1/2/3", {"x": "1", "y": "3"}),
        ("a/{x}/#", "a/1/2/3", {"x": "1"}),
        ("a/{x}/#", "a/1", {"x": "1"}),
        ("a/{x}", "a/1/2", None),
        ("a.c/{x}", "abc/1", None),
        ("a/{x}", "a/会議室\n", {"x": "会議室\n"}),
    ],
)
def test_a_pattern_reads_the_names_out_of_a_topic(pattern: str, topic: str, names: dict[str, str] | None) -> None:
    assert TopicPattern(pattern).read(topic) == names
