"""What arrived, opened: topic, bytes, sender, site.

Responsible for telling readings, health and booths' decisions from what cannot be understood. Refuses to talk to the
database: the sites it may know are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shigotoba_backend.ingest.times import check_time
from shigotoba_wire.booths import BoothEvents, decode_events
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.health import GatewayHealth, decode_gateway_health
from shigotoba_wire.pack import MAX_PAYLOAD_BYTES
from shigotoba_wire.senml import Columns, decode_columns
from shigotoba_wire.topics import EVENTS, HEALTH, READINGS, Channel, parse_up, upstream


class Arrival(Protocol):
    """A message as it arrived; ``shigotoba_wire.inbox.Delivery`` is one."""

    @property
    def topic(self) -> str:
        """The topic it was published on."""
        ...

    @property
    def payload(self) -> bytes:
        """Its bytes."""
        ...


@dataclass(frozen=True)
class Parcel:
    """Readings that were understood, and how they came."""

    topic: str
    channel: Channel
    site_id: int
    batch: Columns


@dataclass(frozen=True)
class HealthNote:
    """A gateway's health, and the bytes that said so."""

    channel: Channel
    site_id: int
    health: GatewayHealth
    payload: bytes


@dataclass(frozen=True)
class DecisionNote:
    """What a gateway decided at its booths."""

    channel: Channel
    site_id: int
    events: BoothEvents


@dataclass(frozen=True)
class Refused:
    """A payload that will never be accepted.

    Attributes:
        channel: None if the topic names no sender, so that nobody can be told.
        reason: Why, for programs.
        detail: Why, for a person.
    """

    topic: str
    channel: Channel | None
    payload: bytes
    reason: Refusal
    detail: str


@dataclass(frozen=True)
class Mail:
    """Everything that arrived, by kind, each in order of arrival."""

    parcels: list[Parcel]
    health: list[HealthNote]
    refused: list[Refused]
    decisions: list[DecisionNote] = field(default_factory=list[DecisionNote])


Understood = Parcel | HealthNote | DecisionNote


def sites_named(arrivals: Iterable[Arrival]) -> set[str]:
    """The site codes in the topics, so far as they have that part."""
    parts = (arrival.topic.split("/", 4) for arrival in arrivals)
    return {part[3] for part in parts if len(part) == 5}


def open_mail(arrivals: Iterable[Arrival], sites: Mapping[str, int], now_ms: int) -> Mail:
    """The arrivals, understood or refused.

    Args:
        arrivals: What arrived, in order.
        sites: Site ids by code.
        now_ms: UTC milliseconds.
    """
    items = [_open(arrival, sites, now_ms) for arrival in arrivals]
    return Mail(
        parcels=[item for item in items if isinstance(item, Parcel)],
        health=[item for item in items if isinstance(item, HealthNote)],
        refused=[item for item in items if isinstance(item, Refused)],
        decisions=[item for item in items if isinstance(item, DecisionNote)],
    )


def refuse(arrival: Arrival, reason: Refusal, detail: str) -> Refused:
    """The arrival as refused; if its topic names a sender, with the channel on which that one listens."""
    try:
        named, _ = parse_up(arrival.topic)
    except MessageError:
        return Refused(arrival.topic, None, arrival.payload, reason, detail)
    return Refused(arrival.topic, upstream(named.scope, named.sender), arrival.payload, reason, detail)


def _open(arrival: Arrival, sites: Mapping[str, int], now_ms: int) -> Understood | Refused:
    try:
        return _understand(arrival, sites, now_ms)
    except MessageError as error:
        return refuse(arrival, error.reason, error.detail)


def _understand(arrival: Arrival, sites: Mapping[str, int], now_ms: int) -> Understood:
    channel, kind = parse_up(arrival.topic)
    _check_upstream(channel)
    if kind == READINGS:
        return _parcel(arrival, channel, sites)
    if kind == HEALTH:
        return _health_note(arrival, channel, sites, now_ms)
    if kind == EVENTS:
        return _decision_note(arrival, channel, sites, now_ms)
    raise MessageError(Refusal.BAD_TOPIC, f"nothing is taken on .../up/{kind}")


def _parcel(arrival: Arrival, channel: Channel, sites: Mapping[str, int]) -> Parcel:
    batch = decode_columns(arrival.payload)
    _check_sender(channel, batch.scope, batch.sender)
    return Parcel(arrival.topic, channel, _site_id(channel, sites), batch)


def _health_note(arrival: Arrival, channel: Channel, sites: Mapping[str, int], now_ms: int) -> HealthNote:
    if len(arrival.payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(Refusal.TOO_LONG, f"{len(arrival.payload)} bytes, at most {MAX_PAYLOAD_BYTES} are taken")
    health = decode_gateway_health(arrival.payload)
    _check_sender(channel, channel.scope, health.gateway)
    check_time(health.at_ms, now_ms)
    return HealthNote(channel, _site_id(channel, sites), health, arrival.payload)


def _decision_note(arrival: Arrival, channel: Channel, sites: Mapping[str, int], now_ms: int) -> DecisionNote:
    if len(arrival.payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(Refusal.TOO_LONG, f"{len(arrival.payload)} bytes, at most {MAX_PAYLOAD_BYTES} are taken")
    events = decode_events(arrival.payload)
    _check_sender(channel, channel.scope, events.gateway)
    for event in events.events:
        check_time(event.at_ms, now_ms)
    return DecisionNote(channel, _site_id(channel, sites), events)


def _check_upstream(channel: Channel) -> None:
    if channel != upstream(channel.scope, channel.sender):
        raise MessageError(Refusal.BAD_TOPIC, f"bucket {channel.bucket!r} is for a gateway's own broker")


def _check_sender(channel: Channel, scope: str, sender: str) -> None:
    if (scope, sender) != (channel.scope, channel.sender):
        raise MessageError(
            Refusal.WRONG_SENDER, f"says {scope}/{sender}, but came on the topic of {channel.scope}/{channel.sender}"
        )


def _site_id(channel: Channel, sites: Mapping[str, int]) -> int:
    if channel.scope not in sites:
        raise MessageError(Refusal.WRONG_SENDER, f"site {channel.scope!r} is not known here; import its site file")
    return sites[channel.scope]
