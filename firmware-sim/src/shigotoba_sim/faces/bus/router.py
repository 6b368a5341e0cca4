"""Who is on the bus, who owns which name, and who gets which message.

Source: D-Bus Specification, "Message Bus Specification". Values in, values out: a message comes in, the messages to
send come out. Refuses sockets, queues for names and starting of services; a name that is taken stays taken.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_sim.faces.bus.frames import (
    NO_REPLY_EXPECTED,
    Frame,
    MessageKind,
    leading_strings,
    number_body,
    string_body,
    string_list_body,
)
from shigotoba_sim.faces.bus.rules import Rule, RuleError, matches, parse_rule

BUS: Final = "org.freedesktop.DBus"
ERROR: Final = "org.freedesktop.DBus.Error."

NAME_TAKEN_BY_CALLER: Final = 1
NAME_EXISTS: Final = 3
NAME_ALREADY_OWNED_BY_CALLER: Final = 4

NAME_RELEASED: Final = 1
NAME_UNKNOWN: Final = 2
NAME_NOT_OWNED_BY_CALLER: Final = 3


class Delivery(msgspec.Struct, frozen=True):
    """A message and the unique name of the connection it goes to."""

    to: str
    frame: Frame


class RefusalError(Exception):
    """The bus answers a call with this error."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = ERROR + name


class Reply(msgspec.Struct, frozen=True):
    """What the bus returns to a call, and what it tells others because of it."""

    signature: str = ""
    body: bytes = b""
    told: tuple[Delivery, ...] = ()


class Router:
    """The state of a message bus."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Rule]] = {}
        self._owners: dict[str, str] = {}
        self._joined = 0
        self._serial = 0
        self._id = secrets.token_hex(16)
        self._methods: dict[str, Callable[[str, Frame], Reply]] = {
            "Hello": self._hello,
            "RequestName": self._request_name,
            "ReleaseName": self._release_name,
            "GetNameOwner": self._get_name_owner,
            "NameHasOwner": self._name_has_owner,
            "ListNames": self._list_names,
            "AddMatch": self._add_match,
            "RemoveMatch": self._remove_match,
            "GetId": self._get_id,
            "Ping": self._ping,
        }

    def join(self) -> str:
        """A new connection's unique name."""
        self._joined += 1
        name = f":1.{self._joined}"
        self._rules[name] = []
        return name

    def leave(self, name: str) -> list[Delivery]:
        """Forget a connection; what the others are told."""
        del self._rules[name]
        lost = [owned for owned, owner in self._owners.items() if owner == name]
        for owned in lost:
            del self._owners[owned]
        return [told for gone in (*lost, name) for told in self._owner_changed(gone, name, "")]

    def route(self, sender: str, frame: Frame) -> list[Delivery]:
        """Where ``frame`` goes, with its sender written in, or what the bus answers to it.

        Raises:
            FrameError: An argument that the bus has to read cannot be read.
        """
        signed = msgspec.structs.replace(frame, sender=sender)
        if frame.destination == BUS:
            return self._answer(sender, signed)
        if frame.destination:
            return self._pass_on(sender, signed)
        return self._broadcast(signed, self._names_of(sender))

    def _pass_on(self, sender: str, frame: Frame) -> list[Delivery]:
        owner = frame.destination if frame.destination in self._rules else self._owners.get(frame.destination)
        if owner is not None:
            return [Delivery(owner, frame)]
        if frame.kind is not MessageKind.CALL:
            return []
        return self._error(sender, frame, RefusalError("ServiceUnknown", f"nobody owns the name {frame.destination}"))

    def _broadcast(self, frame: Frame, sender_names: set[str]) -> list[Delivery]:
        return [
            Delivery(name, frame)
            for name, rules in self._rules.items()
            if any(matches(rule, frame, sender_names) for rule in rules)
        ]

    def _answer(self, sender: str, frame: Frame) -> list[Delivery]:
        method = self._methods.get(frame.member, _unknown_method)
        try:
            reply = method(sender, frame)
        except RefusalError as refusal:
            return self._error(sender, frame, refusal)
        if frame.flags & NO_REPLY_EXPECTED:
            return list(reply.told)
        answer = Frame(
            kind=MessageKind.RETURN,
            serial=self._next_serial(),
            sender=BUS,
            reply_serial=frame.serial,
            destination=sender,
            signature=reply.signature,
            body=reply.body,
        )
        return [Delivery(sender, answer), *reply.told]

    def _error(self, sender: str, frame: Frame, refusal: RefusalError) -> list[Delivery]:
        if frame.flags & NO_REPLY_EXPECTED:
            return []
        answer = Frame(
            kind=MessageKind.ERROR,
            serial=self._next_serial(),
            sender=BUS,
            error_name=refusal.name,
            reply_serial=frame.serial,
            destination=sender,
            signature="s",
            body=string_body(str(refusal)),
        )
        return [Delivery(sender, answer)]

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def _names_of(self, connection: str) -> set[str]:
        return {connection, *(name for name, owner in self._owners.items() if owner == connection)}

    def _owner_changed(self, name: str, old: str, new: str) -> list[Delivery]:
        signal = Frame(
            kind=MessageKind.SIGNAL,
            serial=self._next_serial(),
            sender=BUS,
            path="/org/freedesktop/DBus",
            interface=BUS,
            member="NameOwnerChanged",
            signature="sss",
            body=string_body(name, old, new),
        )
        return self._broadcast(signal, {BUS})

    def _hello(self, sender: str, _frame: Frame) -> Reply:
        return Reply("s", string_body(sender), tuple(self._owner_changed(sender, "", sender)))

    def _request_name(self, sender: str, frame: Frame) -> Reply:
        name = _text(frame)
        if owner := self._owners.get(name):
            return Reply("u", number_body(NAME_ALREADY_OWNED_BY_CALLER if owner == sender else NAME_EXISTS))
        self._owners[name] = sender
        return Reply("u", number_body(NAME_TAKEN_BY_CALLER), tuple(self._owner_changed(name, "", sender)))

    def _release_name(self, sender: str, frame: Frame) -> Reply:
        name = _text(frame)
        if self._owners.get(name) != sender:
            return Reply("u", number_body(NAME_NOT_OWNED_BY_CALLER if name in self._owners else NAME_UNKNOWN))
        del self._owners[name]
        return Reply("u", number_body(NAME_RELEASED), tuple(self._owner_changed(name, sender, "")))

    def _get_name_owner(self, _sender: str, frame: Frame) -> Reply:
        name = _text(frame)
        owner = self._owner(name)
        if owner is None:
            raise RefusalError("NameHasNoOwner", f"nobody owns the name {name}")
        return Reply("s", string_body(owner))

    def _name_has_owner(self, _sender: str, frame: Frame) -> Reply:
        return Reply("b", number_body(self._owner(_text(frame)) is not None))

    def _list_names(self, _sender: str, _frame: Frame) -> Reply:
        return Reply("as", string_list_body([BUS, *self._rules, *self._owners]))

    def _add_match(self, sender: str, frame: Frame) -> Reply:
        try:
            self._rules[sender].append(parse_rule(_text(frame)))
        except RuleError as error:
            raise RefusalError("MatchRuleInvalid", str(error)) from error
        return Reply()

    def _remove_match(self, sender: str, frame: Frame) -> Reply:
        text = _text(frame)
        rules = self._rules[sender]
        index = next((index for index, rule in enumerate(rules) if rule.text == text), None)
        if index is None:
            raise RefusalError("MatchRuleNotFound", f"no such rule: {text}")
        del rules[index]
        return Reply()

    def _get_id(self, _sender: str, _frame: Frame) -> Reply:
        return Reply("s", string_body(self._id))

    def _ping(self, _sender: str, _frame: Frame) -> Reply:
        return Reply()

    def _owner(self, name: str) -> str | None:
        if name == BUS or name in self._rules:
            return name
        return self._owners.get(name)


def _unknown_method(_sender: str, frame: Frame) -> Reply:
    raise RefusalError("UnknownMethod", f"this bus has no method {frame.member!r}")


def _text(frame: Frame) -> str:
    values = leading_strings(frame)
    if not values:
        raise RefusalError("InvalidArgs", f"{frame.member} wants a string")
    return values[0]
