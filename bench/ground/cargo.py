"""Readings to be published: what seats say, in batches of gateways.

Responsible for making them. Refuses to send them (see ``publisher``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from ground import SEATS, SITE
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import BUCKETS, READINGS, bucket_of, upstream

_epochs = (f"epoch{number}" for number in itertools.count())


@dataclass(frozen=True)
class Message:
    """A batch ready to be published."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Cargo:
    """Messages of one epoch, and how many readings are in them."""

    epoch: str
    messages: list[Message]
    readings: int


def gateways() -> list[str]:
    """Four gateways, of which each of two shards has two."""
    names = [f"gw-{number}" for number in range(40)]
    by_shard = [[name for name in names if BUCKETS.index(bucket_of(name)) % 2 == shard][:2] for shard in range(2)]
    return by_shard[0] + by_shard[1]


def heartbeats(readings: int, clock_ms: Iterator[int]) -> Iterator[Reading]:
    """What the seats say, one after the other, in order of time."""
    for number in range(readings):
        yield Reading(f"ble-s{number % SEATS:04}", "occupancy", number % 7 < 3, next(clock_ms))


def cargo(readings: int, size: int, clock_ms: Iterator[int]) -> Cargo:
    """So many readings in batches of ``size``, from all gateways in turn."""
    epoch = next(_epochs)
    messages: list[Message] = []
    said = heartbeats(readings, clock_ms)
    numbers = dict.fromkeys(gateways(), 1)
    senders = itertools.cycle(numbers)
    while batch := tuple(itertools.islice(said, size)):
        gateway = next(senders)
        payload = encode_batch(Batch(SITE, gateway, epoch, numbers[gateway], batch))
        messages.append(Message(upstream(SITE, gateway).up(READINGS), payload))
        numbers[gateway] += len(batch)
    return Cargo(epoch, messages, readings)
