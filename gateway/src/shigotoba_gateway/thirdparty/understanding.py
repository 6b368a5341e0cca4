"""What a message of a third-party sensor says, by the mappings.

Responsible for one message. Pure; refuses to keep or count anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from shigotoba_gateway.thirdparty.mapping import Mapping, PointRule
from shigotoba_gateway.thirdparty.paths import PathError
from shigotoba_gateway.thirdparty.transform import UnfitError
from shigotoba_wire.readings import Reading, Value, is_name

LONGEST_PAYLOAD: Final = 65_536
"""A sensor says a few hundred octets; more is something else."""


@dataclass(frozen=True)
class Understood:
    """A message of a device.

    Attributes:
        device: Its identity.
        readings: What it says.
        flaws: Why values of it were left out.
    """

    device: str
    readings: tuple[Reading, ...]
    flaws: tuple[UnfitError, ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A message as it came.

    Attributes:
        topic: Where.
        payload: What.
        at_ms: When it was taken in, UTC milliseconds.
    """

    topic: str
    payload: bytes
    at_ms: int


def matching(mappings: Iterable[Mapping], topic: str) -> list[tuple[Mapping, dict[str, str]]]:
    """The mappings a topic follows, with the names read out of it."""
    found = ((mapping, mapping.topic.read(topic)) for mapping in mappings)
    return [(mapping, names) for mapping, names in found if names is not None]


def understand(mapping: Mapping, names: dict[str, str], message: Message) -> Understood | None:
    """What a message says by one mapping; None if its device is not listed and only listed ones are wanted.

    Raises:
        UnfitError: It is of no device that can be named, or not of the form that the mapping says.
    """
    device = device_of(mapping, names)
    if device is None:
        return None
    document = _document(mapping, message.payload)
    values, flaws = _values(mapping.rules, document)
    if not values and not flaws:
        raise UnfitError("no_point", f"{message.topic}: nothing that is mapped is in it")
    return Understood(
        device, tuple(Reading(device, point, value, message.at_ms) for point, value in values.items()), tuple(flaws)
    )


def connected(mapping: Mapping, message: Message) -> tuple[str, bool] | None:
    """The device whose last will this is, and whether it is connected; None if it is none, or its word is unknown."""
    if mapping.alive is None or mapping.table.alive is None:
        return None
    names = mapping.alive.read(message.topic)
    word = message.payload.decode("utf-8", errors="replace").strip()
    if names is None or word not in mapping.table.alive.words:
        return None
    device = device_of(mapping, names)
    return None if device is None else (device, mapping.table.alive.words[word])


def device_of(mapping: Mapping, names: dict[str, str]) -> str | None:
    """The identity that the names of a topic make; None if it is not listed and only listed ones are wanted.

    Raises:
        UnfitError: It cannot be one.
    """
    made = mapping.table.device.format(**names)
    device = mapping.table.devices.get(made)
    if device is None:
        if mapping.table.only_listed:
            return None
        device = made
    if not is_name(device):
        raise UnfitError("bad_name", f"{device!r} cannot be an identity; give it another one in `devices`")
    return device


def _document(mapping: Mapping, payload: bytes) -> object:
    if len(payload) > LONGEST_PAYLOAD:
        raise UnfitError("too_long", f"{len(payload)} octets")
    if not payload:
        raise UnfitError("empty", "no octets")
    try:
        return payload.decode("utf-8") if mapping.table.payload == "text" else msgspec.json.decode(payload)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        raise UnfitError("malformed", str(error)) from error


def _values(rules: Sequence[PointRule], document: object) -> tuple[dict[str, Value], list[UnfitError]]:
    values: dict[str, Value] = {}
    flaws: list[UnfitError] = []
    for rule in rules:
        if rule.point in values:
            continue
        try:
            found = rule.path.find(document)
            # Zigbee2MQTT says an action once more as an empty one when it is over.
            if found is not None and found != "":
                values[rule.point] = rule.transform.apply(rule.point, found)
        except PathError as error:
            flaws.append(UnfitError("path_failed", str(error)))
        except UnfitError as error:
            flaws.append(error)
    return values, flaws
