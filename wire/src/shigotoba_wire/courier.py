"""Carries an outbox's batches to the receiver and forgets them only on its receipt.

What is sent when is said by ``window``; a receipt takes batches off the disk. The courier may be told to rest: then
the connection ends, and everything waits in the outbox. What comes down and cannot be kept now, for want of room, is
handed on again until it can: of each kind the newest, for it stands for those before.

Responsible for one sender's way up and its downlink. Refuses to decide what is worth sending.
"""

from __future__ import annotations

import logging
import queue
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Final

from shigotoba_wire.connection import Connection, Delivery, Session
from shigotoba_wire.errors import MessageError
from shigotoba_wire.link import Link
from shigotoba_wire.logs import batch_at, batch_name
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.receipts import Receipt, decode_receipt
from shigotoba_wire.settings import Broker
from shigotoba_wire.sight import Lookout, Sight
from shigotoba_wire.topics import HEALTH, READINGS, RECEIPTS, Channel
from shigotoba_wire.window import Window

log = logging.getLogger(__name__)

SETTLE_EVERY_S: Final = 1.0
"""Receipts are written down together: each time costs a flash card several pages. A loss costs a repeat, no more."""

SETTLE_SPANS: Final = 10
"""As many batches are written down at once, so that the window does not wait."""

IDLE_S: Final = 0.5


class Courier:
    """Sends an outbox over one broker. Start it once; stop it once.

    Its client id is new each time: two machines under one name do not throw each other off a broker that lets both in,
    and each hears the other's health.

    Attributes:
        on_echo: Is handed every health published under this name, our own included; called by the network thread.
        on_begin: Is called before the first batch over each connection: who must say who it is does so here.
        put_off: What came down and could not be kept yet, by kind.
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
        self._arrived: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._window = Window(outbox, rng or random.Random(), time.monotonic)
        self._lookout = Lookout()
        self._receipts: list[Receipt] = []
        self._settled_at_s = float("-inf")
        self._via: Connection | None = None
        self._stopping = threading.Event()
        self.on_echo: Callable[[bytes], None] = lambda _payload: None
        self.on_begin: Callable[[], object] = lambda: None
        self.put_off: dict[str, bytes] = {}
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
        if not self.connected:
            return self._lookout.away(self._link.trouble, self._link.denied)
        return self._lookout.there(self._link.denied)

    def rest(self, for_s: float) -> None:
        """End the connection and make no new one for so long."""
        self._link.rest(for_s)

    def begin_anew(self) -> None:
        """End the connection that stands; the next one shows the certificate that is in force by then."""
        self._link.begin_anew("another certificate is in force")

    def publish(self, kind: str, payload: bytes) -> bool:
        """Publish something that need not survive, such as health; whether the broker took it on."""
        return self._link.publish(self._channel.up(kind), payload)

    def _when_established(self) -> None:
        self._lookout.connected()
        self._outbox.changed.set()

    def _when_delivered(self, delivery: Delivery) -> None:
        if delivery.topic == self._channel.up(HEALTH):
            self._lookout.echoed()
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
            else:
                self._hand_on(kind, payload)
        if receipts:
            self._lookout.receipted()
        self._receipts += receipts
        waited_s = time.monotonic() - self._settled_at_s
        if waited_s >= SETTLE_EVERY_S:
            for kind, payload in list(self.put_off.items()):
                self._hand_on(kind, payload)
        if waited_s >= SETTLE_EVERY_S or sum(len(each.stored) for each in self._receipts) >= SETTLE_SPANS:
            self._settle()

    def _hand_on(self, kind: str, payload: bytes) -> None:
        if self._on_downlink is None:
            return
        try:
            self._on_downlink(kind, payload)
        except (sqlite3.Error, OSError) as error:
            if kind not in self.put_off:
                log.warning("%s: %s cannot be kept now (%s); tried again", self._channel.sender, kind, error)
            self.put_off[kind] = payload
        else:
            self.put_off.pop(kind, None)

    def _settle(self) -> None:
        receipts, self._receipts = self._receipts, []
        self._settled_at_s = time.monotonic()
        if receipts:
            settled = self._outbox.settle(receipts)
            self._window.forget(settled)
            for first_seq in settled:
                batch_at("receipted", self._name_of(first_seq))
        for receipt in receipts:
            if receipt.epoch == self._outbox.epoch:
                self._window.put_off(receipt.deferred)

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
            self.on_begin()
            self._window.begin()
        self._window.send_due(lambda first_seq, payload, tries: self._send(connection, first_seq, payload, tries))

    def _send(self, connection: Connection, first_seq: int, payload: bytes, tries: int) -> bool:
        if not connection.publish(self._channel.up(READINGS), payload):
            return False
        self._lookout.sent()
        batch_at("sent", self._name_of(first_seq), tries=tries + 1)
        return True

    def _name_of(self, first_seq: int) -> str:
        return batch_name(self._channel.scope, self._channel.sender, self._outbox.epoch, first_seq)
