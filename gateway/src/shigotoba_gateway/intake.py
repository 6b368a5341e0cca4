"""The life of an agent's message in the gateway: take, understand, keep, acknowledge, answer.

Responsible for the order of these steps: nothing is acknowledged or receipted before it is on disk, and what cannot be
understood is answered with the reason, counted, and stays in the agent's outbox. Refuses to interpret readings.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from shigotoba_gateway.messages import Refused, understand
from shigotoba_gateway.pulse import Pulse
from shigotoba_gateway.spool import Spool
from shigotoba_wire.connection import Delivery
from shigotoba_wire.health import AgentHealth
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.readings import Batch
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of, encode_receipt
from shigotoba_wire.topics import RECEIPTS, local

log = logging.getLogger(__name__)

TAKE_AT_MOST: Final = 200
TAKE_WITHIN_S: Final = 0.5
RETRY_AFTER_S: Final = 1.0


class Intake:
    """Takes in what agents publish on the local broker."""

    def __init__(self, inbox: Inbox, spool: Spool, gateway: str, pulse: Pulse) -> None:
        self._inbox = inbox
        self._spool = spool
        self._gateway = gateway
        self._pulse = pulse

    def run(self, stopping: threading.Event) -> None:
        """Take in until asked to stop."""
        while not stopping.is_set():
            deliveries = self._inbox.take(TAKE_AT_MOST, TAKE_WITHIN_S)
            if deliveries:
                self._take_in(deliveries, stopping)

    def _take_in(self, deliveries: Sequence[Delivery], stopping: threading.Event) -> None:
        messages = [understand(delivery.topic, delivery.payload, self._gateway) for delivery in deliveries]
        batches = [message for message in messages if isinstance(message, Batch)]
        refused = [message for message in messages if isinstance(message, Refused)]
        self._note(messages)
        if self._keep(batches, stopping):
            self._inbox.acknowledge(deliveries)
            self._answer(batches, refused)

    def _note(self, messages: Iterable[Batch | AgentHealth | Refused]) -> None:
        for message in messages:
            if isinstance(message, AgentHealth):
                self._pulse.note_agent(message)
            if isinstance(message, Refused):
                self._pulse.count_refusal(message.reason)
                log.warning("a message of %s was refused: %s: %s", message.agent, message.reason.value, message.detail)

    def _keep(self, batches: Sequence[Batch], stopping: threading.Event) -> bool:
        """Whether the batches are on disk; a full disk is waited for, the broker and the agents hold meanwhile."""
        while not stopping.is_set():
            try:
                self._spool.take_in(batches)
            except sqlite3.OperationalError:
                log.exception("the spool cannot be written; trying again")
                stopping.wait(RETRY_AFTER_S)
            else:
                return True
        return False

    def _answer(self, batches: Iterable[Batch], refused: Iterable[Refused]) -> None:
        spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for batch in batches:
            spans[batch.sender, batch.epoch].append(Span(batch.first_seq, len(batch.readings)))
        for (agent, epoch), stored in spans.items():
            self._send(agent, Receipt(epoch, tuple(stored)))
        for message in refused:
            if message.agent is not None:
                rejection = Rejection(digest_of(message.payload), message.reason.value, message.detail)
                self._send(message.agent, Receipt("", rejected=(rejection,)))

    def _send(self, agent: str, receipt: Receipt) -> None:
        self._inbox.publish(local(self._gateway, agent).down(RECEIPTS), encode_receipt(receipt))
