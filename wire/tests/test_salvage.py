"""A damaged file: never used, never deleted, and what can be read of it is sent as it was cut."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of
from shigotoba_wire.salvage import open_or_salvage
from shigotoba_wire.senml import decode_batch

STAMP = "20261121T023700Z"
PAGE = 1024


def readings(first: int, count: int) -> list[Reading]:
    return [Reading("seat", "count", number, 1_795_000_000_000 + number) for number in range(first, first + count)]


def filled(path: Path, batches: int = 60, each: int = 30) -> tuple[str, dict[int, bytes]]:
    """A closed outbox file; its epoch and its batches."""
    box = Outbox.open(path, "honcho", "gw-1")
    for number in range(batches):
        box.append(readings(number * each, each))
    cut = {waiting.first_seq: waiting.payload for waiting in box.oldest(1000)}
    epoch = box.epoch
    box.close()
    return epoch, cut


def overwrite(path: Path, offset: int, junk: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(junk)


def test_a_sound_file_is_opened_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    epoch, _ = filled(path)
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    assert (box.epoch, salvage, box.waiting()) == (epoch, None, 1800)
    box.close()


def test_a_new_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    box, salvage = open_or_salvage(tmp_path / "box.sqlite", "honcho", "gw-1", STAMP)
    assert (box.waiting(), salvage) == (0, None)
    box.close()


@settings(max_examples=30)
@given(page=st.integers(1, 300), junk=st.binary(min_size=200, max_size=PAGE))
def test_whatever_page_is_overwritten_nothing_false_is_sent_and_the_rest_is_saved(tmp_path_factory, page, junk) -> None:
    path = tmp_path_factory.mktemp("salvage") / "box.sqlite"
    epoch, cut = filled(path)
    pages = path.stat().st_size // PAGE
    overwrite(path, (page % pages) * PAGE, junk)
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    sent = [waiting.payload for waiting in box.oldest(1000)]
    assert set(sent) <= set(cut.values())
    assert [decode_batch(payload).first_seq for payload in sent] == sorted(decode_batch(p).first_seq for p in sent)
    if salvage is not None:
        assert box.epoch != epoch
        assert salvage.set_aside.exists()
        assert salvage.readings == box.waiting()
    else:
        assert sent == list(cut.values())
    if page % pages > 5:
        # A leaf holds fewer than ten batches of this size; the first pages hold the tree itself.
        assert len(sent) >= len(cut) - 10
    box.close()


@pytest.mark.parametrize("damaged", [[0], [-1], [30], [0, -1], [0, 1, 30, 45, -2, -1]])
def test_damaged_pages_cost_their_own_batches_alone_be_they_the_first_or_the_last(
    tmp_path: Path, damaged: list[int]
) -> None:
    path = tmp_path / "box.sqlite"
    _, cut = filled(path)
    file, lost = path.read_bytes(), {list(cut)[batch] for batch in damaged}
    for first in lost:  # A batch's digest stands in its leaf; most of its bytes are on pages of their own.
        overwrite(path, file.index(digest_of(cut[first]).encode()) // PAGE * PAGE, bytes(PAGE))
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    assert salvage is not None
    assert [waiting.payload for waiting in box.oldest(1000)] == [cut[first] for first in cut if first not in lost]
    box.close()


def test_a_batch_that_is_not_what_was_written_is_found_and_never_sent(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    _, cut = filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE waiting SET payload = CAST(replace(payload, 'seat', 'seed') AS BLOB) WHERE first_seq = 31"
        )
    connection.close()
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    assert salvage is not None
    assert "1 batches are not what was written" in salvage.damage
    assert [w.payload for w in box.oldest(1000)] == [payload for seq, payload in cut.items() if seq != 31]
    box.close()


def test_a_file_of_something_else_is_set_aside_whole(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    path.write_bytes(b"\xff" * 10_000)
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    assert salvage is not None
    assert salvage.set_aside.read_bytes() == b"\xff" * 10_000
    assert box.waiting() == 0
    box.close()


def test_saved_batches_go_first_and_are_forgotten_by_their_own_epoch_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    epoch, cut = filled(path, batches=3, each=10)
    overwrite(path, 0, b"x" * 16)
    with path.open("r+b") as file:  # the header's magic is enough to be no database; put back, the rest reads
        file.write(b"SQLite format 3\x00")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE waiting SET digest = 'x' WHERE first_seq = 11")
    connection.close()
    box, _ = open_or_salvage(path, "honcho", "gw-1", STAMP)
    box.append(readings(900, 5))
    assert [w.payload for w in box.oldest(10)][:2] == [cut[1], cut[21]]
    assert box.waiting() == 25
    box.settle([Receipt(box.epoch, (Span(11, 20),))])
    assert box.waiting() == 25, "a receipt of the new epoch says nothing of the old one"
    box.settle([Receipt(epoch, (Span(1, 10),))])
    assert box.waiting() == 15
    box.settle([Receipt("", rejected=(Rejection(digest_of(cut[21]), "malformed", "no"),))])
    assert (box.waiting(), box.set_aside()) == (5, 10)
    box.settle([Receipt(box.epoch, (Span(1, 5),))])
    assert box.waiting() == 0
    box.close()


def test_saving_that_was_cut_off_before_the_renames_is_finished_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    _, cut = filled(path, batches=3, each=10)
    saved = path.with_name("box.sqlite.saved")
    path.rename(saved)
    path.with_name("box.sqlite-wal").write_bytes(b"stale")
    box, salvage = open_or_salvage(path, "honcho", "gw-1", STAMP)
    assert salvage is not None
    assert [w.payload for w in box.oldest(10)] == list(cut.values())
    assert not saved.exists()
    box.close()


@pytest.mark.parametrize("owner", ["gw-2"])
def test_what_another_sender_cut_is_not_adopted(tmp_path: Path, owner: str) -> None:
    path = tmp_path / "box.sqlite"
    filled(path, batches=2, each=5)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE waiting SET digest = 'x' WHERE first_seq = 1")
    connection.close()
    box, salvage = open_or_salvage(path, "honcho", owner, STAMP)
    assert salvage is not None
    assert box.waiting() == 0
    box.close()
