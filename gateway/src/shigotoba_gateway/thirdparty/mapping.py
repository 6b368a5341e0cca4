"""Mapping files: which topics are whose, and where in their messages is what.

    name = "zigbee2mqtt"

    [[mapping]]
    topic = "zigbee2mqtt/{device}"
    device = "z2m-{device}"
    keep_alive_s = 3600

    [[mapping.point]]
    point = "contact"
    path = "contact"

Responsible for reading such a file whole, so that a mistake shows before anything is subscribed to. Refuses to guess:
an unknown key, point or name is an error that says where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from shigotoba_gateway.thirdparty.paths import WHOLE, JsonPath, PathError
from shigotoba_gateway.thirdparty.topics import TopicPattern
from shigotoba_gateway.thirdparty.transform import Transform
from shigotoba_wire.points import VOCABULARY, Kind, fits
from shigotoba_wire.readings import Value, is_name
from shigotoba_wire.settings_file import SettingsFile

SAMPLE_NAME: Final = "x"
"""Stands for a level of a topic when the form of a device's identity is tried."""


class PointTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[mapping.point]]``: one value in the message. Of several for the same point the first that is there counts.

    Attributes:
        point: Of the vocabulary.
        path: Where it is, a JMESPath expression; the whole message if left out.
        words: What each word means, such as ``{ ON = true, OFF = false }``.
        scale: Factor for numbers, such as 0.001 for millivolts.
        invert: Truth the other way round.
    """

    point: str
    path: str = WHOLE
    words: dict[str, Value] = {}
    scale: float = 1.0
    invert: bool = False


class AliveTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``alive``: where the broker keeps whether a device is connected (its last will), for those silent without change.

    Attributes:
        topic: Pattern with the same names as that of the mapping.
        words: What its words mean, such as ``{ online = true, offline = false }``.
    """

    topic: str
    words: Annotated[dict[str, bool], msgspec.Meta(min_length=1)]


class MappingTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[mapping]]``: a family of topics.

    Attributes:
        topic: Pattern, such as ``tele/{device}/SENSOR``.
        device: Identity of the device, with the names of the topic in braces.
        point: What is in a message, at least one.
        payload: ``json`` or ``text``.
        keep_alive_s: How long such a device is silent at most while it is well.
        alive: States are said again every ``keep_alive_s`` while the device is connected; not, if left out.
        devices: Other identities for some, by the identity that ``device`` makes; for names that cannot be one, too.
        only_listed: Devices that are not in ``devices`` are passed over.
    """

    topic: str
    device: str
    point: Annotated[tuple[PointTable, ...], msgspec.Meta(min_length=1)]
    payload: Literal["json", "text"] = "json"
    keep_alive_s: Annotated[float, msgspec.Meta(ge=1, le=2_678_400)] = 3_600.0
    alive: AliveTable | None = None
    devices: dict[str, str] = {}
    only_listed: bool = False


class MappingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping file.

    Attributes:
        name: For log and health.
        mapping: Its families of topics.
    """

    name: str
    mapping: Annotated[tuple[MappingTable, ...], msgspec.Meta(min_length=1)]


class PointRule(msgspec.Struct, frozen=True):
    """A ``PointTable``, ready for use."""

    point: str
    path: JsonPath
    transform: Transform


class Mapping(msgspec.Struct, frozen=True):
    """A ``MappingTable``, ready for use; ``file`` is the name of its file."""

    file: str
    table: MappingTable
    topic: TopicPattern
    rules: tuple[PointRule, ...]
    alive: TopicPattern | None = None


def read_mappings(path: Path) -> tuple[Mapping, ...]:
    """The mappings in a file.

    Raises:
        SettingsError: It is missing, no TOML, or something in it is wrong; names file, line and key.
    """
    file = SettingsFile.open(path)
    read = file.read(MappingFile)
    if not is_name(read.name):
        raise file.refusal("name", f"{read.name!r} cannot be a name. Use letters, digits and : . _ -")
    return tuple(_mapping(file, f"mapping[{at}]", read.name, table) for at, table in enumerate(read.mapping))


def _mapping(file: SettingsFile, key: str, name: str, table: MappingTable) -> Mapping:
    topic = _pattern(file, f"{key}.topic", table.topic)
    alive = _pattern(file, f"{key}.alive.topic", table.alive.topic) if table.alive else None
    if alive is not None and set(alive.names) != set(topic.names):
        raise file.refusal(f"{key}.alive.topic", "the names are others than in `topic`.")
    for of, flaw in _flaws(table, topic):
        raise file.refusal(f"{key}.{of}", flaw)
    rules = tuple(_rule(file, f"{key}.point[{number}]", one) for number, one in enumerate(table.point))
    return Mapping(name, table, topic, rules, alive)


def _pattern(file: SettingsFile, key: str, text: str) -> TopicPattern:
    try:
        return TopicPattern(text)
    except ValueError as error:
        raise file.refusal(key, f"{text!r} is no topic pattern: {error}.") from error


def _flaws(table: MappingTable, topic: TopicPattern) -> Iterator[tuple[str, str]]:
    try:
        sample = table.device.format(**dict.fromkeys(topic.names, SAMPLE_NAME))
    except (KeyError, IndexError, ValueError, AttributeError):
        known = ", ".join(f"{{{name}}}" for name in topic.names) or "no names"
        yield "device", f"{table.device!r} uses names that the topic does not have; it has {known}."
        return
    if not is_name(sample):
        yield "device", f"{table.device!r} cannot be an identity. Use letters, digits and : . _ - and names in braces."
    for identity in table.devices.values():
        if not is_name(identity):
            yield "devices", f"{identity!r} cannot be an identity. Use letters, digits and : . _ -"
    if table.only_listed and not table.devices:
        yield "only_listed", "no device is listed, so none would be taken in. Fill `devices`."


def _rule(file: SettingsFile, key: str, table: PointTable) -> PointRule:
    if table.point not in VOCABULARY:
        raise file.refusal(f"{key}.point", f"{table.point!r} is not a point. Use one of {', '.join(VOCABULARY)}.")
    for of, flaw in _misfits(table):
        raise file.refusal(f"{key}.{of}", flaw)
    try:
        path = JsonPath(table.path)
    except PathError as error:
        raise file.refusal(f"{key}.path", f"{table.path!r} is no JMESPath: {error}.") from error
    return PointRule(table.point, path, Transform(table.words, table.scale, table.invert))


def _misfits(table: PointTable) -> Iterator[tuple[str, str]]:
    kind = VOCABULARY[table.point].kind
    for word, value in table.words.items():
        if not fits(table.point, value):
            yield "words", f"{table.point} is a {kind.value}, but {word!r} means {value!r}."
    if table.invert and kind is not Kind.TRUTH:
        yield "invert", f"{table.point} is a {kind.value}, which has no other way round."
    if table.scale != 1.0 and kind is not Kind.NUMBER:
        yield "scale", f"{table.point} is a {kind.value}, which has no scale."
