"""Which of an outbox's batches are under way, and which is to be sent next.

The number under way is bounded. What is not receipted in time is due again, later and later, with jitter. Over a new
connection everything unreceipted is sent again, oldest first; what is new since then does not queue up behind it.
What the receiver has no room for waits aside and is offered again after a while.

Responsible for order, window and patience. Refuses to know connections, receipts and clocks of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec

from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import MAX_SEQUENCE
from shigotoba_wire.receipts import Span

WINDOW_BATCHES: Final = 50
"""Batches under way: bounds what a broker must queue (research/mqtt.md section 8.3)."""

KEPT_FOR_NEW: Final = 10
"""Of the window, kept free of backlog."""

PATIENCE_S: Final = 5.0
"""Wait for the first receipt; doubles with each try."""

LONGEST_PATIENCE_S: Final = 60.0
OFFER_AGAIN_S: Final = 10.0
"""What the receiver has no room for is offered again after this long."""

Send = Callable[[int, bytes, int], bool]
"""Hands a batch on: its first sequence number, its bytes, how often it was sent before; whether it was taken."""


class Flight(msgspec.Struct, frozen=True):
    """A batch under way: how often it was sent, and when (monotonic seconds) it is due again."""

    tries: int
    due_s: float


class Stretch(msgspec.Struct, frozen=True):
    """Batches not yet sent over this connection: those that begin above ``after_seq`` and below ``below_seq``."""

    after_seq: int
    below_seq: int


class Window:
    """The batches under way. Used by one thread.

    Args:
        outbox: Where they wait.
        rng: For jitter.
        now_s: Monotonic time.
    """

    def __init__(self, outbox: Outbox, rng: random.Random, now_s: Callable[[], float]) -> None:
        self._outbox = outbox
        self._rng = rng
        self._now_s = now_s
        self._flights: dict[int, Flight] = {}
        self._deferred: dict[int, float] = {}
        self._backlog = Stretch(0, 0)
        self._new = Stretch(0, MAX_SEQUENCE)

    def begin(self) -> None:
        """There is a new connection: nothing is under way over it."""
        self._flights.clear()
        self._deferred.clear()
        next_seq = self._outbox.next_seq
        self._backlog, self._new = Stretch(-MAX_SEQUENCE, next_seq), Stretch(next_seq - 1, MAX_SEQUENCE)

    def send_due(self, send: Send) -> None:
        """Send what is due, as far as there is room."""
        self._send_overdue(send)
        self._new = self._send_along(send, self._new, WINDOW_BATCHES)
        self._backlog = self._send_along(send, self._backlog, WINDOW_BATCHES - KEPT_FOR_NEW)
        self._offer_again(send, WINDOW_BATCHES - KEPT_FOR_NEW)

    def forget(self, first_seqs: Collection[int]) -> None:
        """These batches wait no longer."""
        for first_seq in first_seqs:
            self._flights.pop(first_seq, None)
            self._deferred.pop(first_seq, None)

    def put_off(self, spans: Sequence[Span]) -> None:
        """The receiver does not take these now."""
        due_s = self._now_s() + OFFER_AGAIN_S * self._rng.uniform(0.8, 1.2)
        for first_seq in [first for first in self._flights if any(_within(first, span) for span in spans)]:
            del self._flights[first_seq]
            self._deferred[first_seq] = due_s

    def _send_overdue(self, send: Send) -> None:
        now_s = self._now_s()
        overdue = [first_seq for first_seq, flight in self._flights.items() if flight.due_s <= now_s]
        for first_seq in overdue:
            self._send_if_waiting(send, first_seq, self._flights[first_seq].tries)

    def _offer_again(self, send: Send, window: int) -> None:
        now_s = self._now_s()
        room = max(0, window - len(self._flights))
        due = [first_seq for first_seq, due_s in self._deferred.items() if due_s <= now_s]
        for first_seq in due[:room]:
            self._send_if_waiting(send, first_seq, 0)
            del self._deferred[first_seq]

    def _send_if_waiting(self, send: Send, first_seq: int, tries: int) -> None:
        payload = self._outbox.payload_of(first_seq)
        if payload is None:
            self._flights.pop(first_seq, None)
        else:
            self._send(send, first_seq, payload, tries)

    def _send_along(self, send: Send, stretch: Stretch, window: int) -> Stretch:
        """Send what the window has room for; returns the rest of the stretch."""
        room = window - len(self._flights)
        if room <= 0:
            return stretch
        for batch in self._outbox.oldest(room, stretch.after_seq, stretch.below_seq):
            if not self._send(send, batch.first_seq, batch.payload, 0):
                break
            stretch = Stretch(batch.first_seq, stretch.below_seq)
        return stretch

    def _send(self, send: Send, first_seq: int, payload: bytes, tries: int) -> bool:
        if not send(first_seq, payload, tries):
            return False
        patience_s = min(PATIENCE_S * 2**tries, LONGEST_PATIENCE_S) * self._rng.uniform(0.8, 1.2)
        self._flights[first_seq] = Flight(tries + 1, self._now_s() + patience_s)
        return True


def _within(first_seq: int, span: Span) -> bool:
    return span.first <= first_seq < span.first + span.count
