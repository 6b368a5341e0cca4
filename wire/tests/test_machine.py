"""A copied outbox does not number as its original does, and neither loses what waited."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from shigotoba_wire.machine import part_from_original, sign, this_machine
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of
from shigotoba_wire.senml import decode_batch


def opened(path: Path) -> Outbox:
    return Outbox.open(path, "honcho", "gw-1")


def readings(first: int) -> list[Reading]:
    return [Reading("d", "count", number, 1_795_000_000_000) for number in range(first, first + 3)]


def original(path: Path) -> str:
    """Three batches of which two wait and one was refused; its epoch."""
    with closing(opened(path)) as outbox:
        for first in (0, 3, 6):
            outbox.append(readings(first))
        refused = outbox.oldest(1)[0].payload
        outbox.settle([Receipt("", rejected=(Rejection(digest_of(refused), "malformed", "x"),))])
        sign(outbox, "first")
        return outbox.epoch


def test_a_copy_begins_a_new_epoch_and_what_waits_keeps_its_numbers(tmp_path: Path) -> None:
    epoch = original(tmp_path / "spool")
    shutil.copy(tmp_path / "spool", tmp_path / "copy")
    assert part_from_original(tmp_path / "copy", "second")
    with closing(opened(tmp_path / "copy")) as copy:
        assert (copy.epoch != epoch, copy.next_seq, copy.waiting(), copy.set_aside()) == (True, 1, 6, 3)
        copy.append(readings(100))
        batches = [decode_batch(waiting.payload) for waiting in copy.oldest(10)]
        assert [(batch.epoch == epoch, batch.first_seq) for batch in batches] == [(True, 4), (True, 7), (False, 1)]
        copy.settle([Receipt(epoch, (Span(4, 6),))])
        assert copy.waiting() == 3
    assert not part_from_original(tmp_path / "copy", "second")
    assert part_from_original(tmp_path / "copy", "third"), "and once more"
    with closing(opened(tmp_path / "copy")) as copy:
        assert (copy.waiting(), copy.set_aside()) == (3, 3)


def test_the_original_and_a_file_that_says_nothing_go_on_as_they_were(tmp_path: Path) -> None:
    epoch = original(tmp_path / "spool")
    assert not part_from_original(tmp_path / "spool", "first")
    assert not part_from_original(tmp_path / "spool", "")
    assert not part_from_original(tmp_path / "none", "first")
    with closing(opened(tmp_path / "older")) as older:
        before = older.epoch
    assert not part_from_original(tmp_path / "older", "first")
    with closing(opened(tmp_path / "older")) as older, closing(opened(tmp_path / "spool")) as spool:
        assert (older.epoch, spool.epoch, spool.next_seq) == (before, epoch, 10)


def test_a_file_that_is_no_outbox_is_left_to_those_who_mend(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"rust" * 1000)
    assert not part_from_original(tmp_path / "spool", "first")


def test_a_machine_is_known_by_its_board_or_its_network_card_and_by_nothing_made_up(tmp_path: Path) -> None:
    assert this_machine(tmp_path) == ""
    for name, address in (("eth0", "dc:a6:32:01:02:03"), ("docker0", "02:42:00:00:00:01")):
        (tmp_path / "class" / "net" / name).mkdir(parents=True)
        (tmp_path / "class" / "net" / name / "address").write_text(f"{address}\n")
    assert this_machine(tmp_path) == "", "neither is a device"
    (tmp_path / "class" / "net" / "eth0" / "device").mkdir()
    by_card = this_machine(tmp_path)
    board = tmp_path / "firmware" / "devicetree" / "base"
    board.mkdir(parents=True)
    (board / "serial-number").write_bytes(b"10000000a1b2c3d4\0")
    by_board = this_machine(tmp_path)
    assert len({"", by_card, by_board}) == 3
    assert "a1b2c3d4" not in by_board
