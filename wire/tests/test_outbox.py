import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.errors import OutboxError
from shigotoba_wire.outbox import BATCH_READINGS, Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of
from shigotoba_wire.senml import decode_batch


def readings(count: int) -> list[Reading]:
    return [Reading("d", "count", i, 1_795_000_000_000 + i) for i in range(count)]


@pytest.fixture
def outbox(tmp_path: Path):
    box = Outbox.open(tmp_path / "outbox.sqlite", "honcho", "gw-1")
    yield box
    box.close()


def test_readings_are_numbered_without_gaps_across_appends_and_restarts(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    for count in (3, 1, 5):
        box = Outbox.open(path, "honcho", "gw-1")
        box.append(readings(count))
        box.close()
    box = Outbox.open(path, "honcho", "gw-1")
    batches = [decode_batch(waiting.payload) for waiting in box.oldest(10)]
    assert [(batch.first_seq, len(batch.readings)) for batch in batches] == [(1, 3), (4, 1), (5, 5)]
    assert (box.next_seq, box.waiting()) == (10, 9)
    box.close()


def test_a_large_append_is_cut_into_batches_once_and_for_all(outbox: Outbox) -> None:
    outbox.append(readings(2 * BATCH_READINGS + 1))
    assert [waiting.first_seq for waiting in outbox.oldest(10)] == [1, BATCH_READINGS + 1, 2 * BATCH_READINGS + 1]


def test_appending_nothing_changes_nothing(outbox: Outbox) -> None:
    outbox.append([])
    assert (outbox.next_seq, outbox.waiting()) == (1, 0)


def test_a_new_file_is_a_new_epoch(tmp_path: Path) -> None:
    boxes = [Outbox.open(tmp_path / f"{i}.sqlite", "honcho", "gw-1") for i in range(2)]
    assert boxes[0].epoch != boxes[1].epoch
    for box in boxes:
        box.close()


def test_a_receipt_of_another_epoch_forgets_nothing(outbox: Outbox) -> None:
    outbox.append(readings(2))
    assert outbox.settle([Receipt("another", (Span(1, 2),))]) == set()
    assert outbox.waiting() == 2


def test_a_receipt_for_half_a_batch_does_not_forget_it(outbox: Outbox) -> None:
    outbox.append(readings(4))
    outbox.settle([Receipt(outbox.epoch, (Span(1, 3),))])
    assert outbox.waiting() == 4


def test_a_refused_batch_is_set_aside_with_its_reason_and_never_sent_again(outbox: Outbox) -> None:
    outbox.append(readings(2))
    (waiting,) = outbox.oldest(1)
    assert outbox.settle([Receipt("", rejected=(Rejection(digest_of(waiting.payload), "malformed", "why"),))]) == {1}
    assert (outbox.waiting(), outbox.set_aside(), outbox.oldest(1)) == (0, 2, [])


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.data())
def test_what_waits_is_exactly_what_no_receipt_covers(sizes: list[int], data: st.DataObject) -> None:
    box = Outbox.open(Path(":memory:"), "honcho", "gw-1")
    spans: list[Span] = []
    for size in sizes:
        spans.append(Span(box.next_seq, size))
        box.append(readings(size))
    chosen = data.draw(st.lists(st.sampled_from(spans)))
    box.settle([Receipt(box.epoch, (span,)) for span in chosen])
    assert box.waiting() == sum(span.count for span in spans if span not in chosen)
    box.close()


def test_a_failed_transaction_leaves_nothing_behind(outbox: Outbox) -> None:
    def fail_in_the_middle() -> None:
        with outbox.transaction():
            outbox.append(readings(3))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail_in_the_middle()
    assert (outbox.next_seq, outbox.waiting()) == (1, 0)


def test_a_file_of_another_sender_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    Outbox.open(path, "honcho", "gw-1").close()
    with pytest.raises(OutboxError, match="belongs to another sender than honcho/gw-2"):
        Outbox.open(path, "honcho", "gw-2")


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(OutboxError, match="move it aside"):
        Outbox.open(path, "honcho", "gw-1")


WRITER = """
import sys
from pathlib import Path
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
box = Outbox.open(Path(sys.argv[1]), "honcho", "gw-1")
while True:
    box.append([Reading("d", "count", box.next_seq, 1795000000000)])
    print(box.next_seq - 1, flush=True)
"""


def test_nothing_that_append_has_returned_for_is_lost_by_sigkill(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
        writer.wait()
        writer.stdout.close()
        reported = int([line for line in lines if line.endswith("\n")][-1])
        box = Outbox.open(path, "honcho", "gw-1")
        assert box.waiting() >= reported
        assert box.waiting() == box.next_seq - 1
        box.close()
