"""How much an inbox holds: what the broker sends unasked, and nothing of a connection that has ended."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.link import Link

# Only MQTT 5 lets a receiver say how much it takes.
pytestmark = [pytest.mark.integration, pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)]

TOPIC = "shigotoba/test/inbox"
WINDOW = 10


@pytest.fixture
def talker(broker) -> Iterator[Link]:
    link = Link(broker.settings(), Session("talker"), lambda _delivery: None)
    link.start()
    until(lambda: link.connection is not None)
    yield link
    link.stop()


@pytest.fixture
def inbox(request: pytest.FixtureRequest, broker, talker: Link) -> Iterator[Inbox]:
    box = Inbox(broker.settings(), "receiver", [TOPIC], window=request.param)
    box.start()
    until(lambda: talker.publish(TOPIC, b"hello") and bool(heard := box.take(1, 0.1)) and not box.acknowledge(heard))
    yield box
    box.stop()


def held() -> list[Delivery]:
    """What anybody in this process still holds of what arrived."""
    return [each for each in gc.get_objects() if type(each) is Delivery and each.topic == TOPIC]


@pytest.mark.parametrize("inbox", [WINDOW], indirect=True)
def test_no_more_arrives_than_the_window_while_nothing_is_acknowledged(talker: Link, inbox: Inbox) -> None:
    until(lambda: not inbox.acknowledge(heard := inbox.take(WINDOW, 0.2)) and not heard)
    for number in range(3 * WINDOW):
        until(lambda number=number: talker.publish(TOPIC, b"%d" % number))
    taken: list[Delivery] = []
    until(lambda: bool(taken.extend(inbox.take(100, 0.1)) or len(taken) >= WINDOW))
    assert inbox.take(100, 0.3) == []
    assert len(taken) == WINDOW
    inbox.acknowledge(taken)
    until(lambda: bool(inbox.acknowledge(more := inbox.take(100, 0.1)) or taken.extend(more) or len(taken) == 30))
    assert [each.payload for each in taken] == [b"%d" % number for number in range(3 * WINDOW)]


@pytest.mark.parametrize("inbox", [1_000], indirect=True)
def test_a_broker_that_flaps_while_nobody_takes_fills_no_memory(broker, talker: Link, inbox: Inbox) -> None:
    for turn in range(3):
        last = b"turn %d" % turn
        until(lambda last=last: talker.publish(TOPIC, last) and any(each.payload == last for each in held()))
        assert not any(each.connection.ended.is_set() for each in held())
        broker.kill()
        broker.restart()
        until(lambda: talker.connection is not None and inbox.connected)
