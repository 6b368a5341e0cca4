"""What a worker has taken and not yet stored, in portions: while the database copies one, the next is prepared.

Preparing is Python's work and committing mostly PostgreSQL's, so each may have a portion of its own under way. The next
is laid out when the one before it is prepared, just before that one's commit: sooner its preparation could not begin,
and until then more arrives for it.

Responsible for what goes into which portion, and for how much is taken at all. Refuses to prepare and to commit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from itertools import accumulate
from typing import Final, NamedTuple

from shigotoba_backend.ingest.mail import Arrival
from shigotoba_backend.ingest.pipeline import Prepared
from shigotoba_wire.inbox import Delivery

MOST_DELIVERIES: Final = 500
"""In one portion."""

PORTIONS_UNDER_WAY: Final = 2
"""One is committed while the next is prepared."""

WINDOW: Final = PORTIONS_UNDER_WAY * MOST_DELIVERIES
"""The broker sends no more while so many are not acknowledged; a desk never takes more than that either."""

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of payload in one portion, some 80,000 readings: keeps a commit at about a second."""

IDLE_S: Final = 0.5

Take = Callable[[int, float], list[Delivery]]
"""Gives up to so many deliveries and waits so many seconds for the first, as ``Inbox.take`` does."""


class Portion(NamedTuple):
    """Deliveries that are committed together, and what is being made of them."""

    deliveries: list[Delivery]
    prepared: Future[Prepared]


class Desk:
    """Portions under way, first come first.

    Args:
        held: What has been taken and not stored, in order of arrival. It outlives a desk: when the connection to the
            database dies, the next desk begins with it.
        preparing: Begins to prepare a portion.
    """

    def __init__(self, held: list[Delivery], preparing: Callable[[list[Delivery]], Future[Prepared]]) -> None:
        self._held = held
        self._preparing = preparing
        self.under_way: deque[Portion] = deque()

    def next(self, take: Take) -> Portion | None:
        """The portion to commit, prepared, with the one after it begun; None if nothing arrived for a while."""
        if not self.under_way:
            self._lay_out(take, IDLE_S)
        if not self.under_way:
            return None
        first = self.under_way[0]
        wait([first.prepared])
        if len(self.under_way) < PORTIONS_UNDER_WAY:
            self._lay_out(take, 0.0)
        return first

    def stored(self) -> None:
        """The first portion is committed, and held no longer."""
        del self._held[: len(self.under_way.popleft().deliveries)]

    def _lay_out(self, take: Take, within_s: float) -> None:
        rest = self._held[sum(len(each.deliveries) for each in self.under_way) :]
        if len(rest) < MOST_DELIVERIES:
            taken = take(MOST_DELIVERIES - len(rest), 0.0 if rest else within_s)
            self._held += taken
            rest += taken
        if rest:
            deliveries = rest[: portion(rest[:MOST_DELIVERIES])]
            self.under_way.append(Portion(deliveries, self._preparing(deliveries)))


def portion(deliveries: Sequence[Arrival]) -> int:
    """How many of the deliveries, at least one, go into one commit."""
    sizes: Iterator[int] = accumulate(len(delivery.payload) for delivery in deliveries)
    return max(1, sum(size <= MOST_BYTES for size in sizes))
