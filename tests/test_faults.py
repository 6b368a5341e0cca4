"""The fault suite, short and always the same; ``make faults`` runs it for longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from shigotoba_testing.faults.plan import HANDS, LONGEST_PAUSE_S, TARGETS, Kind, one_round, plan
from shigotoba_testing.faults.promises import booking_answers
from shigotoba_testing.faults.suite import Stage, ask, break_it, product, settled
from shigotoba_testing.faults.truth import Broken, truth_answers
from shigotoba_testing.faults.verdict import Answer, answers, rollup_answers

SEED = 2015
MISSED = "missed while the agent could hear"
EVERYTHING = Counter((target.kind, target.name) for target in TARGETS)


def test_the_same_seed_gives_the_same_faults() -> None:
    assert one_round(SEED) == one_round(SEED) != one_round(SEED + 1)
    assert plan(SEED, 600) == plan(SEED, 600) != plan(SEED + 1, 600)


def test_a_round_has_every_kind_of_fault_at_every_target() -> None:
    assert Counter((fault.kind, fault.name) for hand in one_round(SEED) for fault in hand) == EVERYTHING


def test_a_longer_run_does_everything_before_it_does_anything_again() -> None:
    for faults in plan(SEED, 3600):
        own = {(fault.kind, fault.name) for fault in faults}
        assert [(fault.kind, fault.name) for fault in faults[: len(own)]] == [
            (fault.kind, fault.name) for fault in dict.fromkeys(faults[: len(own)])
        ]
    assert EVERYTHING.keys() == {(fault.kind, fault.name) for hand in plan(SEED, 3600) for fault in hand}


def test_no_two_hands_break_one_thing() -> None:
    by_hand = [{fault.name for fault in hand} for hand in plan(SEED, 600)]
    assert len(by_hand) == HANDS
    assert sum(map(len, by_hand)) == len({target.name for target in TARGETS})


def test_a_run_is_bounded() -> None:
    for faults in plan(SEED, 100):
        assert sum(fault.lasts_s + fault.then_s for fault in faults) <= 100
        assert all(fault.then_s <= LONGEST_PAUSE_S for fault in faults)
        assert all(fault.lasts_s == 0 for fault in faults if fault.kind is Kind.KILL)


@pytest.mark.system
@pytest.mark.promise
def test_faults_cost_no_reading_and_no_booking_and_double_none(reachable_directory: Path) -> None:
    with product(reachable_directory / "faults", SEED) as stage:
        broken = break_it(stage, one_round(SEED), print)
        with settled(stage.demo):
            found = ask(stage, broken)
            stolen = _answers_after_a_theft(stage, broken)
        told = {name: (stage.demo.home / "log" / f"{name}.log").read_text() for name in ("edge", "gateway", "postgres")}
    assert {each.fault.kind for each in broken} == set(Kind)
    assert [answer for answer in found if not answer.good] == []
    assert "the clock jumped by" in told["edge"] + told["gateway"], "whoever was awake says a jump"
    if (Kind.FULL, "postgres") in {(each.fault.kind, each.fault.name) for each in broken}:
        assert "PANIC:  could not write to file" in told["postgres"], "the disk was full indeed"
    assert [answer.found for answer in stolen if "counted twice" in answer.question] == [-1]
    assert [answer.found for answer in stolen if "not as promised" in answer.question] == [1]
    assert [answer.good for answer in stolen if "were not so" in answer.question] == [False]
    assert [answer.good for answer in stolen if "what came out" in answer.question] == [False]
    assert [answer.good for answer in stolen if "a rebuild from raw" in answer.question] == [False]
    assert not [answer for answer in stolen if MISSED in answer.question][-1].good


def _answers_after_a_theft(stage: Stage, broken: Sequence[Broken]) -> Sequence[Answer]:
    """What the verdict says once a reading and a booking are gone, the seats lie and sheets are invented.

    At last, once nothing is left of what seats and buttons said. It must notice, or it proves nothing.
    """
    demo = stage.demo
    with demo.connect() as conn:
        conn.execute("UPDATE shigotoba.printing_hour SET impressions_total = impressions_total + 1000")
        conn.execute(
            "UPDATE shigotoba.reading SET value = 1 - value WHERE point_id IN"
            " (SELECT point_id FROM shigotoba.point WHERE name = 'occupancy')"
        )
        conn.execute(
            "DELETE FROM shigotoba.reading WHERE (point_id, at) = (SELECT point_id, at FROM shigotoba.latest LIMIT 1)"
        )
        kept = next(promise.booking_id for promise in stage.bookers.promises.values() if not promise.cancelled)
        conn.execute("UPDATE shigotoba.booking SET state = 'cancelled' WHERE booking_id = %s", [kept])
    said = [*answers(demo), *booking_answers(demo, stage.bookers), *truth_answers(demo, broken), *rollup_answers(demo)]
    with demo.connect() as conn:
        conn.execute(
            "DELETE FROM shigotoba.reading WHERE point_id IN"
            " (SELECT point_id FROM shigotoba.point WHERE name IN ('occupancy', 'button'))"
        )
    return [*said, *(answer for answer in truth_answers(demo, broken) if MISSED in answer.question)]
