"""A load against a broker: hands batches over, listens for receipts, repeats what stays unanswered.

One connection plays all gateways, and nothing is written to disk, so that the generator stays a small part of what it
measures. Bounded three ways: rounds, seconds, and batches under way.

Responsible for the loop. Refuses to make readings (``offer``) and to keep the books (``account``).
"""

from __future__ import annotations

import queue
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Final

from shigotoba_sim.chance import chance_of
from shigotoba_sim.load.account import Account, Outcome
from shigotoba_sim.load.offer import Fleet, Parcel
from shigotoba_sim.load.wanted import Load
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.errors import WireError
from shigotoba_wire.link import Link
from shigotoba_wire.receipts import decode_receipt
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import READINGS, RECEIPTS, upstream

REPEAT_AFTER_S: Final = 5.0
CONNECT_WITHIN_S: Final = 15.0
_BREATH_S: Final = 0.002


class NoBrokerError(WireError):
    """The broker cannot be reached."""


def run_load(
    load: Load, broker: Broker, site: str, sensors: Sequence[str], on_progress: Callable[[int], None]
) -> Outcome:
    """Offer ``load`` from ``sensors`` of ``site``; returns when all is receipted, or patience has ended.

    Raises:
        NoBrokerError: The broker did not answer.
    """
    began_cpu_s = time.process_time()
    fleet = Fleet(site, load.gateways, sensors, secrets.token_hex(8))
    arrived: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
    receipts = tuple(upstream(site, gateway).down(RECEIPTS) for gateway in fleet.gateways)
    link = Link(broker, Session(f"{site}.load.up", receipts), arrived.put)
    link.start()
    try:
        _wait_for(link, broker)
        line = _Line(load, site, link, arrived, on_progress)
        _offer_rounds(load, fleet, line)
        line.wait_until(lambda: line.account.under_way == 0, load.patience_s)
    finally:
        link.stop()
    return line.account.outcome(time.process_time() - began_cpu_s)


def _offer_rounds(load: Load, fleet: Fleet, line: _Line) -> None:
    began_s, at_ms = time.monotonic(), 0
    for number in range(load.rounds):
        if number * load.every_s > load.most_s:
            return
        line.wait_until(lambda: False, began_s + number * load.every_s - time.monotonic())
        # A sensor does not speak twice in one instant, however fast the rounds follow each other.
        at_ms = max(at_ms + 1, time.time_ns() // 1_000_000)
        for parcel in fleet.round(number, at_ms):
            left_s = began_s + load.most_s - time.monotonic()
            line.wait_until(lambda: line.account.under_way < load.window, left_s)
            if left_s < 0 or line.account.under_way >= load.window:
                return
            line.send(parcel)


class _Line:
    """The one connection and its books."""

    def __init__(
        self,
        load: Load,
        site: str,
        link: Link,
        arrived: queue.SimpleQueue[Delivery],
        on_progress: Callable[[int], None],
    ) -> None:
        self.account = Account()
        self._site = site
        self._link = link
        self._arrived = arrived
        self._on_progress = on_progress
        self._chance = chance_of("load", load.gateways, load.rounds)
        self._twice = load.twice

    def send(self, parcel: Parcel) -> None:
        """Hand a batch over, some of them twice; what the broker does not take now is repeated later."""
        for _ in range(2 if self._chance.happens(self._twice) else 1):
            self._link.publish(upstream(self._site, parcel.gateway).up(READINGS), parcel.payload)
            self.account.sent(parcel, time.monotonic())

    def wait_until(self, condition: Callable[[], bool], within_s: float) -> None:
        """Take in receipts and repeat what is overdue until ``condition`` holds or time is up."""
        deadline_s = time.monotonic() + within_s
        self._take_in()
        while not condition() and time.monotonic() < deadline_s:
            for parcel in self.account.overdue(time.monotonic() - REPEAT_AFTER_S):
                self.send(parcel)
            time.sleep(min(_BREATH_S, max(deadline_s - time.monotonic(), 0)))
            self._take_in()

    def _take_in(self) -> None:
        while not self._arrived.empty():
            delivery = self._arrived.get()
            gateway = delivery.topic.split("/")[4]
            self.account.heard(gateway, decode_receipt(delivery.payload), time.monotonic())
            self._on_progress(self.account.receipted)


def _wait_for(link: Link, broker: Broker) -> None:
    deadline_s = time.monotonic() + CONNECT_WITHIN_S
    while link.connection is None:
        if time.monotonic() > deadline_s:
            raise NoBrokerError(f"{broker.host}:{broker.port} does not answer. Is the broker running?")
        time.sleep(_BREATH_S)
