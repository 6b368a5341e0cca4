"""The life of an agent's message in the gateway: take, understand, keep, acknowledge, answer.

Responsible for the order of these steps: nothing is acknowledged or receipted before it is on disk, and what cannot be
understood is answered with the reason, counted, and stays in the agent's outbox. Presses are decided in the transaction
that keeps them. Refuses to interpret readings.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from shigotoba_gateway.messages import Answer, Message, Refused, understand
from shigotoba_gateway.pulse import Pulse
from shigotoba_gateway.spool import Spool, Taken
from shigotoba_gateway.storeroom import Storeroom
from shigotoba_wire.connection import Delivery
from shigotoba_wire.health import AgentHealth
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.logs import batch_at, batch_name
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of, encode_receipt
from shigotoba_wire.topics import RECEIPTS, local

log = logging.getLogger(__name__)

TAKE_AT_MOST: Final = 200
TAKE_WITHIN_S: Final = 0.5
RETRY_AFTER_S: Final = 1.0

Listen = Callable[[Sequence[Reading]], None]
"""Hears of readings that have been kept."""


class Decider(Protocol):
    """Takes decisions on readings that are just being kept, in the same transaction."""

    def decide(self, readings: Sequence[Reading]) -> None:
        """Decide; what is kept for it is part of the transaction."""
        ...

    def reload(self) -> None:
        """The transaction was undone: remember what is on disk."""
        ...


class Intake:
    """Takes in what agents publish on the local broker."""

    def __init__(
        self, inbox: Inbox, spool: Spool, storeroom: Storeroom, gateway: str, pulse: Pulse, decider: Decider
    ) -> None:
        self._inbox = inbox
        self._spool = spool
        self._storeroom = storeroom
        self._gateway = gateway
        self._pulse = pulse
        self._decider = decider
        self.listeners: list[Listen] = []
        self.on_answer: Callable[[Answer], None] = lambda _answer: None
        self.on_round: Callable[[], None] = lambda: None

    def run(self, stopping: threading.Event) -> None:
        """Take in until asked to stop."""
        while not stopping.is_set():
            self.on_round()
            deliveries = self._inbox.take(TAKE_AT_MOST, TAKE_WITHIN_S)
            self._storeroom.look(time.monotonic())
            if deliveries:
                self._take_in(deliveries, stopping)

    def _take_in(self, deliveries: Sequence[Delivery], stopping: threading.Event) -> None:
        messages = [understand(delivery.topic, delivery.payload, self._gateway) for delivery in deliveries]
        batches = [message for message in messages if isinstance(message, Batch)]
        refused = [message for message in messages if isinstance(message, Refused)]
        self._note(messages)
        taken = self._keep(batches, stopping)
        if taken is None:
            return
        self._inbox.acknowledge(deliveries)
        self._answer(batches, taken, refused)
        fresh = [reading for each in taken for reading in each.fresh]
        for listen in self.listeners if fresh else ():
            listen(fresh)

    def _note(self, messages: Iterable[Message | Refused]) -> None:
        for message in messages:
            if isinstance(message, AgentHealth):
                self._pulse.note_agent(message)
            if isinstance(message, Answer):
                self.on_answer(message)
            if isinstance(message, Refused):
                self._pulse.count_refusal(message.reason)
                log.warning("a message of %s was refused: %s: %s", message.agent, message.reason.value, message.detail)

    def _keep(self, batches: Sequence[Batch], stopping: threading.Event) -> list[Taken] | None:
        """What became of the batches; a full disk is waited for, the broker and the agents hold meanwhile."""
        while not stopping.is_set():
            try:
                return self._keep_once(batches)
            except sqlite3.OperationalError:
                log.exception("the spool cannot be written; trying again")
                self._decider.reload()
                self.on_round()
                stopping.wait(RETRY_AFTER_S)
                self._storeroom.look(time.monotonic())
        return None

    def _keep_once(self, batches: Sequence[Batch]) -> list[Taken]:
        if self._storeroom.full:
            taken = [Taken((), batch.readings) for batch in batches]
        else:
            with self._spool.transaction():
                first_seq = self._spool.outbox.next_seq
                taken = self._spool.take_in(batches, self._storeroom.refusing)
                self._decider.decide([reading for each in taken for reading in each.fresh])
            self._say_kept(batches, taken, first_seq)
        for each in taken:
            self._storeroom.note_refused(each.deferred)
        return taken

    def _say_kept(self, batches: Sequence[Batch], taken: Sequence[Taken], first_seq: int) -> None:
        """Tells under which of the spool's own numbers each batch's readings go on."""
        for batch, each in zip(batches, taken, strict=True):
            name = batch_name(batch.scope, batch.sender, batch.epoch, batch.first_seq)
            numbers = f"{first_seq}-{first_seq + len(each.fresh) - 1}" if each.fresh else ""
            batch_at("kept", name, readings=len(batch.readings), spool=self._spool.outbox.epoch, numbers=numbers)
            first_seq += len(each.fresh)

    def _answer(self, batches: Sequence[Batch], taken: Sequence[Taken], refused: Iterable[Refused]) -> None:
        stored: dict[tuple[str, str], list[Span]] = defaultdict(list)
        deferred: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for batch, each in zip(batches, taken, strict=True):
            # An agent forgets whole batches: one that was taken in part is offered again, and its rest is then new.
            spans = deferred if each.deferred else stored
            spans[batch.sender, batch.epoch].append(Span(batch.first_seq, len(batch.readings)))
        for agent, epoch in stored.keys() | deferred.keys():
            key = (agent, epoch)
            self._send(agent, Receipt(epoch, tuple(stored[key]), deferred=tuple(deferred[key])))
        for message in refused:
            if message.agent is not None:
                rejection = Rejection(digest_of(message.payload), message.reason.value, message.detail)
                self._send(message.agent, Receipt("", rejected=(rejection,)))

    def _send(self, agent: str, receipt: Receipt) -> None:
        self._inbox.publish(local(self._gateway, agent).down(RECEIPTS), encode_receipt(receipt))
