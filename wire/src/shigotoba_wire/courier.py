"""Carries an outbox's batches to the receiver and forgets them only on its receipt.

A bounded window of batches is under way; what is not receipted in time is sent again, later and later, with jitter.
After a reconnect everything unreceipted is sent again, oldest first; what is new since then does not queue up behind
it, so that a page is live within seconds while hours of backlog follow. What the receiver has no room for waits aside
and is offered again after a while; it does not stand in the way of what the receiver still takes.

Responsible for one sender's way up and its downlink. Refuses to decide what is worth sending.
"""

from __future__ import annotations

import logging
import queue
import random
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_wire.connection import Connection, Delivery, Session
from shigotoba_wire.errors import MessageError
from shigotoba_wire.link import Link
from shigotoba_wire.logs import batch_at, batch_name
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import MAX_SEQUENCE
from shigotoba_wire.receipts import Receipt, Span, decode_receipt
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import HEALTH, READINGS, RECEIPTS, Channel

log = logging.getLogger(__name__)

WINDOW_BATCHES: Final = 50
"""Batches under way: bounds what a broker must queue (research/mqtt.md section 8.3)."""

KEPT_FOR_NEW: Final = 10
"""Of the window, kept free of backlog."""

PATIENCE_S: Final = 5.0
"""Wait for the first receipt; doubles with each try."""

LONGEST_PATIENCE_S: Final = 60.0
OFFER_AGAIN_S: Final = 10.0
"""What the receiver has no room for is offered again after this long."""

SETTLE_EVERY_S: Final = 1.0
"""Receipts are written down together: each time costs a flash card several pages. A loss costs a repeat, no more."""

SETTLE_SPANS: Final = 10
"""As many batches are written down at once, so that the window does not wait."""

IDLE_S: Final = 0.5


class Flight(msgspec.Struct, frozen=True):
    """A batch under way: how often it was sent, and when (monotonic seconds) it is due again."""

    tries: int
    due_s: float


class Stretch(msgspec.Struct, frozen=True):
    """Batches not yet sent over this connection: those that begin above ``after_seq`` and below ``below_seq``."""

    after_seq: int
    below_seq: int


class Sight(msgspec.Struct, frozen=True):
    """How the way to the receiver looks from here; times are monotonic seconds.

    A broker that speaks MQTT 3.1.1 acknowledges what its access rules deny. So the sender also listens to its own
    health: what never comes back was given to nobody.

    Attributes:
        connected: Whether the broker can be reached now.
        trouble: Why it cannot, in words; empty while it can.
        denied: Topics on which the broker refused what we published, where it says so (MQTT 5).
        connected_at_s: Since when it can be reached.
        receipt_at_s: When the receiver last confirmed something.
        echoed_at_s: When our own health last came back over this connection.
        unanswered_since_s: Since when batches are under way without any receipt.
    """

    connected: bool
    trouble: str = ""
    denied: frozenset[str] = frozenset()
    connected_at_s: float | None = None
    receipt_at_s: float | None = None
    echoed_at_s: float | None = None
    unanswered_since_s: float | None = None


class Courier:
    """Sends an outbox over one broker. Start it once; stop it once.

    Its client id is new each time: two machines under one name do not throw each other off the broker for ever, and
    each hears the other's health.

    Attributes:
        on_echo: Is handed every health published under this name, our own included; called by the network thread.
    """

    def __init__(
        self,
        outbox: Outbox,
        broker: Broker,
        channel: Channel,
        on_downlink: Callable[[str, bytes], None] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._outbox = outbox
        self._channel = channel
        self._on_downlink = on_downlink
        self._rng = rng or random.Random()
        self._arrived: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._flights: dict[int, Flight] = {}
        self._deferred: dict[int, float] = {}
        self._receipts: list[Receipt] = []
        self._settled_at_s = float("-inf")
        self._backlog = Stretch(0, 0)
        self._new = Stretch(0, MAX_SEQUENCE)
        self._via: Connection | None = None
        self._stopping = threading.Event()
        self._connected_at_s: float | None = None
        self._receipt_at_s: float | None = None
        self._echoed_at_s: float | None = None
        self._unanswered_since_s: float | None = None
        self.on_echo: Callable[[bytes], None] = _not_heeded
        session = Session(
            f"{channel.scope}.{channel.sender}.up-{secrets.token_hex(4)}", (channel.down("+"), channel.up(HEALTH))
        )
        self._link = Link(broker, session, self._when_delivered, self._when_established)
        self._thread = threading.Thread(target=self._run, name=f"courier-{channel.sender}", daemon=True)

    def start(self) -> None:
        """Begin to send, in a thread of its own."""
        self._link.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop sending; what is not receipted stays in the outbox."""
        self._stopping.set()
        self._outbox.changed.set()
        self._thread.join()
        self._link.stop()

    @property
    def connected(self) -> bool:
        """Whether the broker can be reached now."""
        return self._link.connection is not None

    def sight(self) -> Sight:
        """How the way to the receiver looks now."""
        connection = self._link.connection
        if connection is None:
            return Sight(False, self._link.trouble, self._link.denied, receipt_at_s=self._receipt_at_s)
        return Sight(
            True,
            denied=connection.denied,
            connected_at_s=self._connected_at_s,
            receipt_at_s=self._receipt_at_s,
            echoed_at_s=self._echoed_at_s,
            unanswered_since_s=self._unanswered_since_s,
        )

    def publish(self, kind: str, payload: bytes) -> bool:
        """Publish something that need not survive, such as health; whether the broker took it on."""
        return self._link.publish(self._channel.up(kind), payload)

    def _when_established(self) -> None:
        self._connected_at_s = time.monotonic()
        self._echoed_at_s = self._unanswered_since_s = None
        self._outbox.changed.set()

    def _when_delivered(self, delivery: Delivery) -> None:
        if delivery.topic == self._channel.up(HEALTH):
            self._echoed_at_s = time.monotonic()
            self.on_echo(delivery.payload)
            return
        kind = delivery.topic.rpartition("/")[2]
        self._arrived.put((kind, delivery.payload))
        self._outbox.changed.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._outbox.changed.wait(IDLE_S)
            self._outbox.changed.clear()
            try:
                self._take_in_what_arrived()
                self._send_what_is_due()
            except Exception:
                # A full disk or a broken file must not end the sending of what can still be sent.
                log.exception("%s: sending failed; going on", self._channel.sender)
                self._stopping.wait(IDLE_S)
        self._settle()

    def _take_in_what_arrived(self) -> None:
        receipts: list[Receipt] = []
        while not self._arrived.empty():
            kind, payload = self._arrived.get()
            if kind == RECEIPTS:
                receipts += self._receipt(payload)
            elif self._on_downlink is not None:
                self._on_downlink(kind, payload)
        if receipts:
            self._receipt_at_s, self._unanswered_since_s = time.monotonic(), None
        self._receipts += receipts
        waited_s = time.monotonic() - self._settled_at_s
        if waited_s >= SETTLE_EVERY_S or sum(len(each.stored) for each in self._receipts) >= SETTLE_SPANS:
            self._settle()

    def _settle(self) -> None:
        receipts, self._receipts = self._receipts, []
        self._settled_at_s = time.monotonic()
        if receipts:
            for first_seq in self._outbox.settle(receipts):
                self._flights.pop(first_seq, None)
                self._deferred.pop(first_seq, None)
                batch_at("receipted", self._name_of(first_seq))
        for receipt in receipts:
            self._defer(receipt)

    def _defer(self, receipt: Receipt) -> None:
        if receipt.epoch != self._outbox.epoch or not receipt.deferred:
            return
        due_s = time.monotonic() + OFFER_AGAIN_S * self._rng.uniform(0.8, 1.2)
        for first_seq in [first for first in self._flights if any(_within(first, span) for span in receipt.deferred)]:
            del self._flights[first_seq]
            self._deferred[first_seq] = due_s

    def _receipt(self, payload: bytes) -> list[Receipt]:
        try:
            receipt = decode_receipt(payload)
        except MessageError as error:
            log.warning("%s: a receipt was not understood (%s)", self._channel.sender, error)
            return []
        for rejection in receipt.rejected:
            log.error("%s: a batch was refused (%s: %s)", self._channel.sender, rejection.reason, rejection.detail)
        return [receipt]

    def _send_what_is_due(self) -> None:
        connection = self._link.connection
        if connection is None:
            return
        if connection is not self._via:
            self._via = connection
            self._flights.clear()
            self._deferred.clear()
            next_seq = self._outbox.next_seq
            self._backlog, self._new = Stretch(-MAX_SEQUENCE, next_seq), Stretch(next_seq - 1, MAX_SEQUENCE)
        self._send_overdue(connection)
        self._new = self._send_along(connection, self._new, WINDOW_BATCHES)
        self._backlog = self._send_along(connection, self._backlog, WINDOW_BATCHES - KEPT_FOR_NEW)
        self._offer_again(connection, WINDOW_BATCHES - KEPT_FOR_NEW)

    def _send_overdue(self, connection: Connection) -> None:
        now_s = time.monotonic()
        overdue = [first_seq for first_seq, flight in self._flights.items() if flight.due_s <= now_s]
        for first_seq in overdue:
            self._send_if_waiting(connection, first_seq, self._flights[first_seq].tries)

    def _offer_again(self, connection: Connection, window: int) -> None:
        now_s = time.monotonic()
        room = max(0, window - len(self._flights))
        due = [first_seq for first_seq, due_s in self._deferred.items() if due_s <= now_s]
        for first_seq in due[:room]:
            self._send_if_waiting(connection, first_seq, 0)
            del self._deferred[first_seq]

    def _send_if_waiting(self, connection: Connection, first_seq: int, tries: int) -> None:
        payload = self._outbox.payload_of(first_seq)
        if payload is None:
            self._flights.pop(first_seq, None)
        else:
            self._send(connection, first_seq, payload, tries)

    def _send_along(self, connection: Connection, stretch: Stretch, window: int) -> Stretch:
        """Send what the window has room for; returns the rest of the stretch."""
        room = window - len(self._flights)
        if room <= 0:
            return stretch
        for batch in self._outbox.oldest(room, stretch.after_seq, stretch.below_seq):
            if not self._send(connection, batch.first_seq, batch.payload, 0):
                break
            stretch = Stretch(batch.first_seq, stretch.below_seq)
        return stretch

    def _send(self, connection: Connection, first_seq: int, payload: bytes, tries: int) -> bool:
        if not connection.publish(self._channel.up(READINGS), payload):
            return False
        if self._unanswered_since_s is None:
            self._unanswered_since_s = time.monotonic()
        patience_s = min(PATIENCE_S * 2**tries, LONGEST_PATIENCE_S) * self._rng.uniform(0.8, 1.2)
        self._flights[first_seq] = Flight(tries + 1, time.monotonic() + patience_s)
        batch_at("sent", self._name_of(first_seq), tries=tries + 1)
        return True

    def _name_of(self, first_seq: int) -> str:
        return batch_name(self._channel.scope, self._channel.sender, self._outbox.epoch, first_seq)


def _not_heeded(_payload: bytes) -> None:
    return


def _within(first_seq: int, span: Span) -> bool:
    return span.first <= first_seq < span.first + span.count
