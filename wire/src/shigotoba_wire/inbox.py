"""Takes in what senders publish and acknowledges it only when it is safe.

The broker keeps a persistent session for a stable client id, so that what is not acknowledged comes again. Deliveries
of a connection that has ended are dropped unread: the broker, and in the end the sender, will repeat them. So an inbox
holds no more than one connection may bring, however often connections end while its owner takes nothing.

Responsible for taking and acknowledging. Refuses to decide when something is safe: the owner commits, then says so.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence

from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker

__all__ = ["Delivery", "Inbox"]


class Inbox:
    """Deliveries on some topics, handed out in order of arrival. Owned by one thread."""

    def __init__(self, broker: Broker, client_id: str, filters: Sequence[str], window: int = 500) -> None:
        self._waiting: deque[Delivery] = deque()
        self._news = threading.Condition()
        session = Session(client_id, tuple(filters), persistent=True, manual_ack=True, window=window)
        self._link = Link(broker, session, self._arrive)

    def start(self) -> None:
        """Begin to receive."""
        self._link.start()

    def stop(self) -> None:
        """Disconnect; the broker keeps what was not acknowledged."""
        self._link.stop()

    @property
    def connected(self) -> bool:
        """Whether the broker can be reached now."""
        return self._link.connection is not None

    @property
    def trouble(self) -> str:
        """Why the broker cannot be reached, in words; empty while it can."""
        return self._link.trouble

    def take(self, most: int, within_s: float) -> list[Delivery]:
        """Up to ``most`` deliveries: waits ``within_s`` for the first, then takes what is there."""
        with self._news:
            self._news.wait_for(self._any_waiting, within_s)
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def _arrive(self, delivery: Delivery) -> None:
        if delivery.connection.ended.is_set():
            return
        with self._news:
            self._any_waiting()
            self._waiting.append(delivery)
            self._news.notify()

    def _any_waiting(self) -> bool:
        # A connection has ended before the next is made: what ended ones have brought stands in front.
        while self._waiting and self._waiting[0].connection.ended.is_set():
            self._waiting.popleft()
        return bool(self._waiting)

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Say that the deliveries are safe, in order of arrival; those of an ended connection are passed over."""
        for delivery in deliveries:
            delivery.connection.acknowledge(delivery)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish at QoS 1 if connected; whether the broker took it on."""
        return self._link.publish(topic, payload, retain=retain)
