"""Which batches are under way: bounded, patient, later and later, and the new beside the backlog."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span
from shigotoba_wire.window import KEPT_FOR_NEW, LONGEST_PATIENCE_S, PATIENCE_S, WINDOW_BATCHES, Window

STEP_S = 0.1


class Sender:
    """A window over an outbox, the clock it goes by, and what it handed on: when, which batch, after how many tries."""

    def __init__(self, outbox: Outbox, seed: int = 7) -> None:
        self.outbox = outbox
        self.now_s = 0.0
        self.sent: list[tuple[float, int, int]] = []
        self.window = Window(outbox, Random(seed), lambda: self.now_s)
        self.window.begin()

    def _send(self, first_seq: int, _payload: bytes, tries: int) -> bool:
        self.sent.append((self.now_s, first_seq, tries))
        return True

    def look(self) -> list[int]:
        """The batches that are sent now."""
        before = len(self.sent)
        self.window.send_due(self._send)
        return [first_seq for _, first_seq, _ in self.sent[before:]]

    def look_for(self, length_s: float) -> None:
        """Look again and again for so long."""
        for _ in range(round(length_s / STEP_S)):
            self.now_s += STEP_S
            self.look()

    def receipted(self, *first_seqs: int) -> None:
        """The receiver has these."""
        spans = tuple(Span(first_seq, 1) for first_seq in first_seqs)
        self.window.forget(self.outbox.settle([Receipt(self.outbox.epoch, spans)]))


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox.open(tmp_path / "outbox.sqlite", "honcho", "gw-1")
    yield box
    box.close()


def fill(outbox: Outbox, batches: int) -> None:
    for number in range(batches):
        outbox.append([Reading("d", "count", number, 1_795_000_000_000)])


def test_what_is_not_receipted_is_sent_again_later_and_later_and_not_in_step_with_others(outbox: Outbox) -> None:
    fill(outbox, 1)
    senders = [Sender(outbox, seed) for seed in (1, 2)]
    for sender in senders:
        sender.look()
        sender.look_for(300)
    for sender in senders:
        assert [tries for _, _, tries in sender.sent] == list(range(len(sender.sent)))
        pauses_s = [later - sooner for (sooner, *_), (later, *_) in itertools.pairwise(sender.sent)]
        assert len(pauses_s) > 5
        for tries, pause_s in enumerate(pauses_s):
            patience_s = min(PATIENCE_S * 2**tries, LONGEST_PATIENCE_S)
            assert 0.8 * patience_s <= pause_s + 1e-6
            assert pause_s <= 1.2 * patience_s + 2 * STEP_S
    assert senders[0].sent != senders[1].sent


def test_what_is_receipted_is_not_sent_again(outbox: Outbox) -> None:
    fill(outbox, 2)
    sender = Sender(outbox)
    assert sender.look() == [1, 2]
    sender.receipted(1)
    sender.look_for(60)
    assert {first_seq for _, first_seq, tries in sender.sent if tries} == {2}


def test_only_so_many_are_under_way_and_some_room_is_kept_for_what_is_new(outbox: Outbox) -> None:
    backlog = WINDOW_BATCHES - KEPT_FOR_NEW
    fill(outbox, 2 * WINDOW_BATCHES)
    sender = Sender(outbox)
    assert sender.look() == list(range(1, backlog + 1))
    fill(outbox, 2 * KEPT_FOR_NEW)
    first_new = 2 * WINDOW_BATCHES + 1
    assert sender.look() == list(range(first_new, first_new + KEPT_FOR_NEW))
    assert sender.look() == []
    sender.receipted(1, 2)
    assert sender.look() == [first_new + KEPT_FOR_NEW, first_new + KEPT_FOR_NEW + 1]


def test_over_a_new_connection_all_that_waits_is_sent_again_oldest_first(outbox: Outbox) -> None:
    fill(outbox, 3)
    sender = Sender(outbox)
    sender.look()
    sender.receipted(2)
    sender.window.begin()
    assert sender.look() == [1, 3]


def test_what_the_receiver_has_no_room_for_is_offered_again_after_a_while_and_holds_up_nothing(outbox: Outbox) -> None:
    fill(outbox, 1)
    sender = Sender(outbox)
    sender.look()
    sender.window.put_off([Span(1, 1)])
    fill(outbox, 1)
    assert sender.look() == [2]
    sender.receipted(2)
    sender.look_for(7.9)
    assert len(sender.sent) == 2
    sender.look_for(4.2)
    assert [(first_seq, tries) for _, first_seq, tries in sender.sent[2:]] == [(1, 0)]
