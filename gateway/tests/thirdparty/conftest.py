"""Somebody else on a real broker, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker

NOW_MS = 1_800_000_000_000


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

    def tries(self, topic: str, payload: bytes) -> bool:
        return self._link.publish(topic, payload)

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


class Clock:
    now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()
