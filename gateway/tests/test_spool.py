import itertools
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_gateway.spans import joined, unseen
from shigotoba_gateway.spool import Spool
from shigotoba_wire.clock import ClockSettings, ClockWatch, SystemClock, boot_id
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.stamping import Stamper

spans = st.tuples(st.integers(1, 40), st.integers(1, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def numbers(parts) -> list[int]:
    return [number for first, end in parts for number in range(first, end)]


@given(st.lists(spans, max_size=12), spans)
def test_unseen_and_joined_agree_with_plain_sets_of_numbers(arrivals, wanted) -> None:
    seen = []
    for span in arrivals:
        seen = joined(seen, span)
    known = {number for span in arrivals for number in range(*span)}
    assert numbers(seen) == sorted(known)
    assert numbers(unseen(seen, wanted)) == sorted(set(range(*wanted)) - known)
    assert all(first_end < second_first for (_, first_end), (second_first, _) in itertools.pairwise(seen))


def batch(agent: str, epoch: str, first: int, end: int) -> Batch:
    readings = tuple(Reading(agent, epoch, number, 1_795_000_000_000) for number in range(first, end))
    return Batch("gw-1", agent, epoch, first, readings)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["e", "f"]), spans), max_size=15), st.data())
def test_each_reading_of_each_agent_is_kept_once_in_any_order_of_arrival(arrivals, data) -> None:
    spool = Spool.open(Path(":memory:"), "honcho", "gw-1")
    batches = [batch(agent, epoch, *span) for agent, epoch, span in arrivals]
    while batches:
        together = data.draw(st.integers(1, 4))
        spool.take_in(batches[:together])
        batches = batches[together:]
    kept = [
        (reading.device, reading.point, reading.value)
        for waiting in spool.outbox.oldest(1000)
        for reading in decode_batch(waiting.payload).readings
    ]
    sent = {(agent, epoch, number) for agent, epoch, span in arrivals for number in range(*span)}
    assert sorted(kept) == sorted(sent)
    assert spool.outbox.next_seq == len(sent) + 1
    spool.close()


def test_what_was_taken_is_remembered_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    for expected in (3, 0):
        spool = Spool.open(path, "honcho", "gw-1")
        (taken,) = spool.take_in([batch("a", "e", 1, 4)])
        assert len(taken.fresh) == expected
        spool.close()


def test_what_is_kept_by_name_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    spool = Spool.open(path, "honcho", "gw-1")
    assert spool.kept("config") is None
    spool.put("config", b"1")
    spool.put("config", b"2")
    spool.close()
    spool = Spool.open(path, "honcho", "gw-1")
    assert spool.kept("config") == b"2"
    spool.close()


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_many_readings_become_several_batches_with_one_numbering(count: int) -> None:
    spool = Spool.open(Path(":memory:"), "honcho", "gw-1")
    taken = spool.take_in([batch("a", "e", 1, count + 1)] if count else [])
    firsts = [waiting.first_seq for waiting in spool.outbox.oldest(10)]
    assert (sum(len(each.fresh) for each in taken), firsts) == (count, list(range(1, count + 1, 1000)))
    spool.close()


def mixed(points: str) -> Batch:
    """A batch whose readings' points are told by letters: b for battery, o for occupancy."""
    names = {"b": "battery_pct", "o": "occupancy"}
    readings = tuple(Reading("d", names[letter], at, 1_795_000_000_000 + at) for at, letter in enumerate(points))
    return Batch("gw-1", "a", "e", 1, readings)


@given(st.text("bo", min_size=1, max_size=20))
def test_what_is_refused_is_taken_once_when_there_is_room_again(points: str) -> None:
    spool = Spool.open(Path(":memory:"), "honcho", "gw-1")
    (first,) = spool.take_in([mixed(points)], refusing=("battery_pct",))
    (again,) = spool.take_in([mixed(points)], refusing=("battery_pct",))
    (then,) = spool.take_in([mixed(points)])
    (last,) = spool.take_in([mixed(points)])
    assert [reading.point for reading in first.fresh] == ["occupancy"] * points.count("o")
    assert len(first.deferred) == len(again.deferred) == len(then.fresh) == points.count("b")
    assert again.fresh == last.fresh == ()
    spool.close()


def waiting_for_the_clock(spool: Spool, file: Path, boot: str) -> Stamper:
    return Stamper(spool.outbox, SystemClock(), ClockWatch(SystemClock(), ClockSettings(file)), boot)


def test_a_damaged_spool_still_knows_what_it_took_from_whom(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    spool = Spool.open(path, "honcho", "gw-1")
    spool.take_in([batch("a", "e", 1, 200)])
    spool.put("config", b"2")
    waiting_for_the_clock(spool, path.with_name("never"), boot_id()).append([Reading("d", "count", 1, 5)])
    epoch = spool.outbox.epoch
    spool.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE waiting SET digest = 'x'")
    connection.close()
    spool = Spool.open(path, "honcho", "gw-1", "20261121T023700Z")
    assert spool.salvage is not None
    assert spool.salvage.set_aside.name == "spool.sqlite.damaged-20261121T023700Z"
    assert spool.outbox.epoch != epoch
    (again,) = spool.take_in([batch("a", "e", 1, 200)])
    assert again.fresh == ()
    assert spool.kept("config") == b"2"
    unstamped = waiting_for_the_clock(spool, path.with_name("never"), boot_id()).health().unstamped
    assert (spool.salvage.readings, unstamped) == (1, 1)
    spool.close()
