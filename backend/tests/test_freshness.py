"""Newest values and touched stretches."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.ingest.freshness import (
    LONGEST_GAP_MS,
    Ending,
    Newest,
    changed_at_ms,
    endings_of,
    stretches,
)
from shigotoba_backend.ingest.ordered import in_order, lasts
from shigotoba_backend.ingest.rows import Rows

TIMES_MS = st.lists(st.integers(0, 10 * LONGEST_GAP_MS), min_size=1, max_size=30)

WORDS = ("AI", "A0")
SPOKEN = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([0.0, 1.0, *WORDS])), min_size=1, max_size=12)


AT = itemgetter(0)


def said(*pairs: tuple[int, float | str], point_id: int = 1) -> Rows:
    """A point's values with their times, numbered as they stand there."""
    values = [0.0 if isinstance(value, str) else value for _, value in pairs]
    labels = [value if isinstance(value, str) else None for _, value in pairs]
    ats_ms = [at_ms for at_ms, _ in pairs]
    return Rows([point_id] * len(pairs), ats_ms, range(len(pairs)), values, labels, [False] * len(pairs))


def ending(heard: Rows) -> Ending:
    """How what was heard of the one point ends."""
    rows = in_order([heard])
    (found,) = endings_of(rows, lasts(rows.of_another_point))
    return found


def advance(held: Newest | None, heard: Rows) -> Newest:
    """What the database holds afterwards."""
    value, label, ats_ms, _ = found = ending(heard)
    if held is not None and held.at_ms > ats_ms[-1]:
        return held
    return Newest(int(ats_ms[-1]), value, label, changed_at_ms(held, found))


def one_by_one(held: Newest | None, pairs: list[tuple[int, float | str]]) -> Newest | None:
    """The same, as if each were a portion of its own."""
    for pair in pairs:
        held = advance(held, said(pair))
    return held


def test_a_value_that_stays_keeps_the_time_it_was_taken() -> None:
    assert advance(None, said((100, 1.0), (200, 1.0), (300, 1.0))) == Newest(300, 1.0, None, 100)
    assert advance(Newest(50, 1.0, None, 10), said((100, 1.0))) == Newest(100, 1.0, None, 10)


def test_a_value_that_changes_takes_the_time_of_the_change() -> None:
    assert advance(Newest(50, 1.0, None, 10), said((100, 0.0), (200, 0.0))) == Newest(200, 0.0, None, 100)


def test_late_readings_change_nothing() -> None:
    held = Newest(500, 1.0, None, 400)
    assert advance(held, said((100, 0.0), (499, 0.0))) == held


@given(SPOKEN, SPOKEN)
def test_a_portion_changes_what_its_readings_would_one_by_one(
    before: list[tuple[int, float | str]], pairs: list[tuple[int, float | str]]
) -> None:
    held = one_by_one(None, sorted(before, key=AT))
    assert advance(held, said(*pairs)) == one_by_one(held, sorted(pairs, key=AT))


def test_a_value_that_was_so_already_when_another_was_held_counts_from_there() -> None:
    assert advance(Newest(150, 0.0, None, 10), said((100, 1.0), (200, 1.0), (300, 1.0))) == Newest(300, 1.0, None, 200)


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([0.0, 1.0])), min_size=1), st.integers(0, 40))
def test_it_does_not_matter_how_ordered_readings_are_cut_into_commits(pairs: list[tuple[int, float]], cut: int) -> None:
    ordered = sorted(pairs)
    held = None
    for part in (ordered[:cut], ordered[cut:]):
        held = advance(held, said(*part)) if part else held
    assert held == advance(None, said(*ordered))


def test_rows_are_in_order_of_point_then_time_then_number_and_each_point_has_its_own_ending() -> None:
    rows = in_order([Rows([2, 1], [5, 9], [1, 4], [1.0, 1.0], [None] * 2, [True, False]), said((9, 0.0), (9, "AI"))])
    assert rows.point_ids.tolist() == [1, 1, 1, 2]
    assert rows.seqs.tolist() == [0, 1, 4, 1]
    assert rows.uncertain.tolist() == [False, False, False, True]
    first, second = endings_of(rows, lasts(rows.of_another_point))
    assert (first.value, first.label, first.ats_ms.tolist(), first.other_at_ms) == (1.0, None, [9], 9)
    assert (second.value, second.label, second.ats_ms.tolist()) == (1.0, None, [5])
    assert second.other_at_ms < 0, "another point's value is not its own"


@given(TIMES_MS, TIMES_MS)
def test_stretches_hold_every_time_of_their_point_and_no_long_gap(one_ms: list[int], other_ms: list[int]) -> None:
    rows = in_order(
        [said(*((at_ms, 1.0) for at_ms in each), point_id=id_) for id_, each in ((1, one_ms), (2, other_ms))]
    )
    from_, to = stretches(rows)
    assert rows.point_ids[from_].tolist() == rows.point_ids[to].tolist()
    for point_id, times_ms in ((1, one_ms), (2, other_ms)):
        mine = rows.point_ids[from_] == point_id
        found = list(zip(rows.ats_ms[from_][mine].tolist(), rows.ats_ms[to][mine].tolist(), strict=True))
        assert all(any(first <= time_ms <= last for first, last in found) for time_ms in times_ms)
        assert all({first, last} <= set(times_ms) for first, last in found)
        assert all(later[0] - earlier[1] > LONGEST_GAP_MS for earlier, later in pairwise(found))


def test_a_late_reading_does_not_touch_the_time_up_to_now() -> None:
    month_ms = 30 * 24 * 3600 * 1000
    rows = in_order([said(*((at_ms, 1.0) for at_ms in (0, 1000, month_ms, month_ms + 1000)))])
    assert [rows.ats_ms[places].tolist() for places in stretches(rows)] == [[0, month_ms], [1000, month_ms + 1000]]
