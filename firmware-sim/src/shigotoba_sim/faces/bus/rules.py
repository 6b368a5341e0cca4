"""Match rules: which broadcasts a client has asked for.

Source: D-Bus Specification, "Match Rules". Responsible for parsing a rule and for saying whether a message fits it;
refuses to know who is connected: the names of a sender are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import msgspec

from shigotoba_sim.faces.bus.frames import Frame, leading_strings

_PAIR: Final = re.compile(r"\s*([a-z0-9_]+)\s*=\s*(?:'([^']*)'|([^',]*))\s*(?:,|$)")
_ARGUMENT: Final = re.compile(r"arg(\d{1,2})(path|namespace)?\Z")
_PLAIN: Final = ("interface", "member", "path", "destination")


class RuleError(Exception):
    """A match rule cannot be understood."""


class Argument(msgspec.Struct, frozen=True):
    """A condition on one argument of a message.

    Attributes:
        index: Which argument, from 0.
        how: Empty for equality, ``path`` or ``namespace``.
        value: What to compare with.
    """

    index: int
    how: str
    value: str


class Rule(msgspec.Struct, frozen=True):
    """A match rule, taken apart.

    Attributes:
        text: The rule as the client wrote it; RemoveMatch names it so.
        keys: Conditions on the header by key.
        arguments: Conditions on the arguments.
    """

    text: str
    keys: dict[str, str]
    arguments: tuple[Argument, ...]


def parse_rule(text: str) -> Rule:
    """The rule that ``text`` writes.

    Raises:
        RuleError: A key is unknown or the text is not made of ``key='value'`` or ``key=value`` pairs.
    """
    keys: dict[str, str] = {}
    arguments: list[Argument] = []
    position = 0
    while position < len(text):
        pair = _PAIR.match(text, position)
        if pair is None:
            raise RuleError(f"expected key='value' at character {position} of {text!r}")
        position = pair.end()
        key, value = pair[1], pair[2] if pair[2] is not None else pair[3]
        if argument := _ARGUMENT.match(key):
            arguments.append(Argument(int(argument[1]), argument[2] or "", value))
        elif key in {*_PLAIN, "type", "sender", "path_namespace", "eavesdrop"}:
            keys[key] = value
        else:
            raise RuleError(f"unknown key {key!r} in {text!r}")
    return Rule(text, keys, tuple(arguments))


def matches(rule: Rule, frame: Frame, sender_names: Collection[str]) -> bool:
    """Whether ``frame``, sent by the connection that owns ``sender_names``, fits ``rule``."""
    keys = rule.keys
    if keys.get("type", _type_word(frame)) != _type_word(frame):
        return False
    if "sender" in keys and keys["sender"] not in sender_names:
        return False
    if any(key in keys and keys[key] != getattr(frame, key) for key in _PLAIN):
        return False
    if "path_namespace" in keys and not _within(keys["path_namespace"], frame.path, "/"):
        return False
    return not rule.arguments or _arguments_match(rule.arguments, leading_strings(frame))


def _type_word(frame: Frame) -> str:
    return ("method_call", "method_return", "error", "signal")[frame.kind - 1]


def _arguments_match(conditions: tuple[Argument, ...], values: list[str]) -> bool:
    return all(
        condition.index < len(values) and _argument_matches(condition, values[condition.index])
        for condition in conditions
    )


def _argument_matches(condition: Argument, value: str) -> bool:
    wanted = condition.value
    if condition.how == "path":
        return value == wanted or _starts(wanted, value) or _starts(value, wanted)
    if condition.how == "namespace":
        return _within(wanted, value, ".")
    return value == wanted


def _starts(prefix: str, value: str) -> bool:
    return prefix.endswith("/") and value.startswith(prefix)


def _within(namespace: str, value: str, separator: str) -> bool:
    return value == namespace or value.startswith(namespace.rstrip(separator) + separator)
