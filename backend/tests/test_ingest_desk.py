"""Portions: how large they may be, and that one is prepared while the one before it is committed."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import MQTTProtocolVersion

from shigotoba_backend.ingest.desk import MOST_BYTES, MOST_DELIVERIES, PORTIONS_UNDER_WAY, WINDOW, Desk, portion
from shigotoba_backend.ingest.load import load_of
from shigotoba_backend.ingest.mail import Mail
from shigotoba_backend.ingest.ordered import in_order
from shigotoba_backend.ingest.pipeline import Prepared
from shigotoba_wire.answers import Denials
from shigotoba_wire.connection import Connection, Session
from shigotoba_wire.inbox import Delivery
from shigotoba_wire.settings import Broker

NOTHING = Prepared(Mail([], [], []), [], in_order([]), load_of(in_order([])))


@pytest.fixture(scope="module")
def clerk() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture(scope="module")
def connection() -> Connection:
    """What deliveries came on; never opened."""
    broker = Broker("127.0.0.1", 1)
    return Connection(broker, Session("nobody"), MQTTProtocolVersion.MQTTv5, lambda _delivery: None, Denials())


def deliveries(connection: Connection, count: int, size: int) -> list[Delivery]:
    return [Delivery("t", bytes(size), number, connection) for number in range(count)]


class Door:
    """Gives what has arrived; ``asked`` says how much was asked for each time."""

    def __init__(self, arrived: list[Delivery]) -> None:
        self.arrived = deque(arrived)
        self.asked: list[tuple[int, float]] = []

    def take(self, most: int, within_s: float) -> list[Delivery]:
        self.asked.append((most, within_s))
        return [self.arrived.popleft() for _ in range(min(most, len(self.arrived)))]


def desk_of(held: list[Delivery], clerk: ThreadPoolExecutor) -> Desk:
    return Desk(held, lambda _deliveries: clerk.submit(lambda: NOTHING))


@pytest.mark.parametrize("size", [70, 480, 4_800], ids=["of 1", "of 10", "of 100"])
def test_one_is_prepared_whenever_another_is_committed_and_more_has_arrived(
    connection: Connection, clerk: ThreadPoolExecutor, size: int
) -> None:
    door = Door(deliveries(connection, 3_000, size))
    desk = desk_of([], clerk)
    seen: list[list[int]] = []
    while (first := desk.next(door.take)) is not None:
        assert first.prepared.done()
        seen.append([len(each.deliveries) for each in desk.under_way])
        desk.stored()
    assert seen == [[500, 500]] * 5 + [[500]], "each is full, and none but the last is alone"


def test_the_next_portion_is_of_what_came_while_the_one_before_was_prepared(connection: Connection) -> None:
    door = Door(deliveries(connection, 1, 10))
    late = deliveries(connection, 3, 20)

    def preparing(_deliveries: list[Delivery]) -> Future[Prepared]:
        door.arrived.extend(late)
        late.clear()
        done = Future[Prepared]()
        done.set_result(NOTHING)
        return done

    desk = Desk([], preparing)
    desk.next(door.take)
    assert [len(each.deliveries) for each in desk.under_way] == [1, 3]
    assert [within_s > 0 for _, within_s in door.asked] == [True, False], (
        "who has something to commit waits for nothing"
    )


def test_what_a_desk_held_is_where_the_next_desk_begins(connection: Connection, clerk: ThreadPoolExecutor) -> None:
    held: list[Delivery] = []
    door = Door(deliveries(connection, 1_200, 10))
    desk_of(held, clerk).next(door.take)
    assert len(held) == WINDOW, "two portions, none of them stored"
    desk, stored = desk_of(held, clerk), list[Delivery]()
    while (first := desk.next(door.take)) is not None:
        stored += first.deliveries
        desk.stored()
    assert [each.mid for each in stored] == list(range(1_200))
    assert held == []


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 2_000), st.integers(1, 40_000))
def test_portions_keep_the_order_and_their_bounds_whatever_arrives(
    connection: Connection, clerk: ThreadPoolExecutor, seed: int, count: int, largest: int
) -> None:
    rng = random.Random(seed)
    sizes = [rng.randint(0, largest) for _ in range(count)]
    blank = bytes(largest)
    door = Door([Delivery("t", blank[:size], mid, connection) for mid, size in enumerate(sizes)])
    held: list[Delivery] = []
    desk, stored = desk_of(held, clerk), list[Delivery]()
    while (first := desk.next(door.take)) is not None:
        assert len(held) <= WINDOW
        assert len(desk.under_way) <= PORTIONS_UNDER_WAY
        assert len(first.deliveries) <= MOST_DELIVERIES
        assert len(first.deliveries) == 1 or sum(len(each.payload) for each in first.deliveries) <= MOST_BYTES
        stored += first.deliveries
        desk.stored()
    assert [each.mid for each in stored] == list(range(count))


def test_a_portion_ends_at_its_bytes_and_one_message_is_always_taken(connection: Connection) -> None:
    half = Delivery("t", bytes(MOST_BYTES // 2), 1, connection)
    rest = Delivery("t", b"x", 2, connection)
    assert portion([half, half]) == 2
    assert portion([half, half, rest]) == 2
    assert portion([half, rest, half]) == 2
    assert portion([Delivery("t", bytes(MOST_BYTES + 1), 3, connection), rest]) == 1
