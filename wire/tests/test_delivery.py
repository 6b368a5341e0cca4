"""Outbox, courier and inbox over real brokers: what is appended arrives, however often the broker dies."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.courier import Courier
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.link import Link
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of, encode_receipt
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import RECEIPTS, parse_up, shard_filters, upstream

pytestmark = [
    pytest.mark.integration,
    pytest.mark.promise,
    pytest.mark.parametrize("broker", ["mosquitto", "amqtt"], indirect=True),
]

CHANNEL = upstream("honcho", "gw-1")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox.open(tmp_path / "outbox.sqlite", "honcho", "gw-1")
    yield box
    box.close()


@pytest.fixture
def courier(broker, outbox: Outbox) -> Iterator[Courier]:
    carrier = Courier(outbox, broker.settings(), CHANNEL)
    carrier.start()
    yield carrier
    carrier.stop()


class Receiver:
    """A receiver that commits to a dictionary, acknowledges, and sends receipts."""

    def __init__(self, broker: Broker) -> None:
        self.values: dict[int, object] = {}
        self.repeats = 0
        self._inbox = Inbox(broker, "receiver", shard_filters(0, 1))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Receiver":
        self._inbox.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._inbox.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            deliveries = self._inbox.take(100, within_s=0.1)
            receipts = [(d, self._commit(d)) for d in deliveries]
            self._inbox.acknowledge(deliveries)
            for delivery, receipt in receipts:
                channel, _kind = parse_up(delivery.topic)
                self._inbox.publish(channel.down(RECEIPTS), encode_receipt(receipt))

    def _commit(self, delivery: Delivery) -> Receipt:
        batch = decode_batch(delivery.payload)
        if batch.readings[0].device == "poison":
            return Receipt("", rejected=(Rejection(digest_of(delivery.payload), "malformed", "poison"),))
        for seq, reading in enumerate(batch.readings, batch.first_seq):
            self.repeats += seq in self.values
            self.values[seq] = reading.value
        return Receipt(batch.epoch, (Span(batch.first_seq, len(batch.readings)),))


def readings(first: int, count: int) -> list[Reading]:
    return [Reading("d", "count", first + i, 1_795_000_000_000) for i in range(count)]


def test_what_is_appended_arrives_and_leaves_the_outbox(broker, outbox: Outbox, courier: Courier) -> None:
    with Receiver(broker.settings()) as receiver:
        outbox.append(readings(1, 10))
        until(lambda: outbox.waiting() == 0)
    assert receiver.values == {seq: seq for seq in range(1, 11)}


def test_a_puback_alone_forgets_nothing(broker, outbox: Outbox, courier: Courier) -> None:
    until(lambda: courier.connected)
    outbox.append(readings(1, 10))
    inbox = Inbox(broker.settings(), "silent", shard_filters(0, 1))
    inbox.start()
    until(lambda: bool(inbox.take(1, 0.1)))
    assert outbox.waiting() == 10
    inbox.stop()


def test_the_broker_may_die_at_any_time(broker, outbox: Outbox, courier: Courier) -> None:
    with Receiver(broker.settings()) as receiver:
        for burst in range(6):
            outbox.append(readings(burst * 50 + 1, 50))
            if burst % 2:
                broker.kill()
                outbox.append([])
                broker.restart()
        outbox.append(readings(301, 1))
        until(lambda: outbox.waiting() == 0)
    assert receiver.values == {seq: seq for seq in range(1, 302)}


def test_a_receiver_that_comes_late_misses_nothing(broker, outbox: Outbox, courier: Courier) -> None:
    outbox.append(readings(1, 20))
    until(lambda: courier.connected)
    with Receiver(broker.settings()) as receiver:
        until(lambda: outbox.waiting() == 0)
    assert receiver.values == {seq: seq for seq in range(1, 21)}


def test_a_refused_batch_does_not_block_the_next(broker, outbox: Outbox, courier: Courier) -> None:
    with Receiver(broker.settings()) as receiver:
        outbox.append([Reading("poison", "count", 1, 1_795_000_000_000)])
        outbox.append(readings(2, 3))
        until(lambda: outbox.waiting() == 0)
    assert receiver.values == {2: 2, 3: 3, 4: 4}
    assert outbox.set_aside() == 1


def test_what_is_asked_while_the_disk_is_full_is_taken_once_there_is_room_and_the_newest_of_its_kind(
    broker, outbox: Outbox
) -> None:
    def take(kind: str, payload: bytes) -> None:
        with outbox.transaction() as connection:
            connection.execute("INSERT INTO asked VALUES (?, ?)", (kind, payload))

    def taken() -> list[tuple[str, bytes]]:
        with outbox.transaction() as connection:
            return connection.execute("SELECT kind, substr(payload, 1, 1) FROM asked ORDER BY kind").fetchall()

    with outbox.transaction() as connection:
        connection.execute("CREATE TABLE asked (kind, payload)")
    outbox.append(readings(1, 10))
    with outbox.transaction() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    carrier = Courier(outbox, broker.settings(), CHANNEL, take)
    with Receiver(broker.settings()) as receiver:
        carrier.start()
        until(lambda: carrier.connected)
        platform = Inbox(broker.settings(), "platform", [])
        platform.start()
        until(lambda: platform.connected)
        for kind, letter in (("config", b"a"), ("schedule", b"b"), ("config", b"c")):
            assert platform.publish(CHANNEL.down(kind), letter * 100_000)
        until(lambda: len(receiver.values) == 10)
        until(lambda: "config" in carrier.put_off and carrier.put_off["config"].startswith(b"c"))
        assert taken() == []
        with outbox.transaction() as connection:
            connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")
        until(lambda: taken() == [("config", b"c"), ("schedule", b"b")])
        platform.stop()
        carrier.stop()


def test_an_unacknowledged_delivery_comes_again_after_a_restart_of_the_receiver(
    broker, outbox: Outbox, courier: Courier
) -> None:
    first = Inbox(broker.settings(), "receiver", shard_filters(0, 1))
    first.start()
    outbox.append(readings(1, 3))
    until(lambda: bool(first.take(1, 0.1)))
    first.stop()
    with Receiver(broker.settings()) as receiver:
        until(lambda: outbox.waiting() == 0)
    assert set(receiver.values) == {1, 2, 3}


def test_an_acknowledgement_of_an_old_connection_never_reaches_a_new_one(
    broker, outbox: Outbox, courier: Courier
) -> None:
    inbox = Inbox(broker.settings(), "receiver", shard_filters(0, 1))
    inbox.start()
    outbox.append(readings(1, 1))
    old: list[Delivery] = []
    until(lambda: bool(old.extend(inbox.take(5, 0.1)) or old))
    broker.kill()
    broker.restart()
    until(lambda: inbox.connected and old[0].connection.ended.is_set())
    inbox.acknowledge(old)
    new: list[Delivery] = []
    until(lambda: bool(new.extend(inbox.take(5, 0.1)) or new))
    assert new[0].connection is not old[0].connection
    inbox.stop()


def test_an_exception_while_handling_a_message_starts_the_connection_anew(broker) -> None:
    seen: list[bytes] = []

    def handle(delivery: Delivery) -> None:
        seen.append(delivery.payload)
        if len(seen) == 1:
            raise RuntimeError("a bug of ours")

    link = Link(broker.settings(), Session("fragile", ("a/b",), persistent=True), handle)
    talker = Link(broker.settings(), Session("talker"), handle)
    link.start()
    talker.start()
    until(lambda: link.connection is not None and talker.connection is not None)
    first = link.connection
    talker.publish("a/b", b"one")
    until(lambda: link.connection is not None and link.connection is not first)
    until(lambda: talker.publish("a/b", b"two") and b"two" in seen)
    link.stop()
    talker.stop()


def test_what_is_new_does_not_wait_behind_a_backlog(broker, outbox: Outbox) -> None:
    for number in range(1, 301):
        outbox.append(readings(number, 1))
    carrier = Courier(outbox, broker.settings(), CHANNEL)
    inbox = Inbox(broker.settings(), "reader", shard_filters(0, 1))
    inbox.start()
    until(lambda: inbox.connected)
    carrier.start()
    until(lambda: bool(inbox.take(1, 0.1)))
    outbox.append(readings(301, 1))
    seen: list[int] = []
    until(lambda: bool(seen.extend(decode_batch(d.payload).first_seq for d in inbox.take(10, 0.1)) or 301 in seen))
    assert max(seq for seq in seen if seq != 301) < 300, "no receipt came, so the window has let only a part of it go"
    carrier.stop()
    inbox.stop()
