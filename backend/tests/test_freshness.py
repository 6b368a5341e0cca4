"""Newest values and touched stretches."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.ingest.freshness import (
    LONGEST_GAP_MS,
    Newest,
    Said,
    by_point,
    changed_at_ms,
    ending_of,
    stretches,
)
from shigotoba_backend.ingest.rows import Rows

TIMES_MS = st.lists(st.integers(0, 10 * LONGEST_GAP_MS), min_size=1, max_size=30).map(sorted)


SPOKEN = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([0.0, 1.0])), min_size=1, max_size=12)


def said(*pairs: tuple[int, float]) -> list[Said]:
    return [Said(at_ms, seq, value, None) for seq, (at_ms, value) in enumerate(pairs)]


def advance(held: Newest | None, heard: list[Said]) -> Newest:
    """What the database holds afterwards."""
    last = heard[-1]
    if held is not None and held.at_ms > last.at_ms:
        return held
    return Newest(last.at_ms, last.value, last.label, changed_at_ms(held, ending_of(heard)))


def one_by_one(held: Newest | None, heard: list[Said]) -> Newest | None:
    """The same, as if each were a portion of its own."""
    for each in heard:
        held = advance(held, [each])
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
    before: list[tuple[int, float]], pairs: list[tuple[int, float]]
) -> None:
    held = one_by_one(None, said(*sorted(before)))
    assert advance(held, said(*sorted(pairs))) == one_by_one(held, said(*sorted(pairs)))


def test_a_value_that_was_so_already_when_another_was_held_counts_from_there() -> None:
    assert advance(Newest(150, 0.0, None, 10), said((100, 1.0), (200, 1.0), (300, 1.0))) == Newest(300, 1.0, None, 200)


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([0.0, 1.0])), min_size=1), st.integers(0, 40))
def test_it_does_not_matter_how_ordered_readings_are_cut_into_commits(pairs: list[tuple[int, float]], cut: int) -> None:
    ordered = said(*sorted(pairs))
    whole = advance(None, ordered)
    parts = [part for part in (ordered[:cut], ordered[cut:]) if part]
    held = None
    for part in parts:
        held = advance(held, part)
    assert held == whole


def test_rows_are_grouped_by_point_and_ordered_by_time_then_number() -> None:
    unordered = Rows([2, 1, 1], [5, 9, 9], [1, 4, 3], [1.0, 1.0, 0.0], [None] * 3, [False] * 3)
    assert list(by_point(unordered).items()) == [
        (1, [Said(9, 3, 0.0, None), Said(9, 4, 1.0, None)]),
        (2, [Said(5, 1, 1.0, None)]),
    ]


@given(TIMES_MS)
def test_stretches_hold_every_time_and_no_long_gap(times_ms: list[int]) -> None:
    found = stretches(times_ms)
    assert all(any(first <= time_ms <= last for first, last in found) for time_ms in times_ms)
    assert all({first, last} <= set(times_ms) for first, last in found)
    assert all(later[0] - earlier[1] > LONGEST_GAP_MS for earlier, later in pairwise(found))


def test_a_late_reading_does_not_touch_the_time_up_to_now() -> None:
    month_ms = 30 * 24 * 3600 * 1000
    assert stretches([0, 1000, month_ms, month_ms + 1000]) == [(0, 1000), (month_ms, month_ms + 1000)]
