"""The fault suite, short and always the same; ``make faults`` runs it for longer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from shigotoba_testing.faults.plan import LONGEST_PAUSE_S, TARGETS, Kind, plan
from shigotoba_testing.faults.promises import booking_answers
from shigotoba_testing.faults.suite import Stage, product, run
from shigotoba_testing.faults.verdict import Answer, answers, hush, settle

SEED = 2015
"""One whose first half minute has the database's disk full, a broker's too, the clock jumping and batches repeated."""
LASTS_S = 30.0


def test_the_same_seed_gives_the_same_faults() -> None:
    assert list(plan(SEED, 600)) == list(plan(SEED, 600)) != list(plan(SEED + 1, 600))


def test_every_fault_comes_once_before_any_comes_again() -> None:
    first = list(islice(plan(SEED, 3600), len(TARGETS)))
    assert {(fault.kind, fault.name) for fault in first} == {(target.kind, target.name) for target in TARGETS}


def test_a_run_is_bounded() -> None:
    faults = list(plan(SEED, 100))
    assert sum(fault.lasts_s + fault.then_s for fault in faults) <= 100
    assert all(fault.then_s <= LONGEST_PAUSE_S for fault in faults)
    assert all(fault.lasts_s == 0 for fault in faults if fault.kind is Kind.KILL)


@pytest.mark.system
@pytest.mark.promise
def test_faults_cost_no_reading_and_no_booking_and_double_none(reachable_directory: Path) -> None:
    with product(reachable_directory / "faults", SEED) as stage:
        report = run(stage, plan(SEED, LASTS_S), print, time.sleep)
        stolen = _answers_after_a_theft(stage)
        told = {name: (stage.demo.home / "log" / f"{name}.log").read_text() for name in ("gateway", "postgres")}
    assert "the clock jumped by" in told["gateway"], "a jump is said"
    if (Kind.FULL.value, "postgres") in report.survived:
        assert "PANIC:  could not write to file" in told["postgres"], "the disk was full indeed"
    assert sum(report.survived.values()) >= 5
    assert [answer for answer in report.answers if not answer.good] == []
    assert [answer.found for answer in stolen if "counted twice" in answer.question] == [-1]
    assert [answer.found for answer in stolen if "not as promised" in answer.question] == [1]


def _answers_after_a_theft(stage: Stage) -> Sequence[Answer]:
    """What the verdict says once a seat's last reading and a booking are gone: it must notice, or it proves nothing."""
    demo = stage.demo
    with hush(demo):
        settle(demo, within_s=120)
        with demo.connect() as conn:
            conn.execute(
                "DELETE FROM shigotoba.reading"
                " WHERE (point_id, at) = (SELECT point_id, at FROM shigotoba.latest LIMIT 1)"
            )
            kept = next(promise.booking_id for promise in stage.bookers.promises.values() if not promise.cancelled)
            conn.execute("UPDATE shigotoba.booking SET state = 'cancelled' WHERE booking_id = %s", [kept])
        return [*answers(demo), *booking_answers(demo, stage.bookers)]
