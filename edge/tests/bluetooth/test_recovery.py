"""Which remedy comes when."""

from __future__ import annotations

from itertools import pairwise

from shigotoba_edge.bluetooth.recovery import FIRST_PAUSE_S, LONGEST_PAUSE_S, Recovery


def failing(times: int) -> Recovery:
    recovery = Recovery()
    for _ in range(times):
        recovery.failed()
    return recovery


def test_the_first_remedy_is_to_start_again() -> None:
    assert not failing(0).switch_now(0.0)
    assert not failing(1).switch_now(0.0)
    assert failing(2).switch_now(0.0)


def test_hearing_something_forgets_all_failures() -> None:
    recovery = failing(5)
    assert recovery.switch_now(0.0)
    recovery.heard()
    recovery.failed()
    assert not recovery.switch_now(FIRST_PAUSE_S)
    assert recovery.advice() == ""


def test_the_adapter_is_switched_more_and_more_rarely_and_a_person_is_told() -> None:
    recovery = failing(2)
    switched = [now_s for now_s in range(0, 20_000, 10) if recovery.switch_now(now_s)]
    pauses = [later - earlier for earlier, later in pairwise(switched)]
    assert pauses[:4] == [300, 600, 1200, 2400]
    assert set(pauses[4:]) == {LONGEST_PAUSE_S}
    assert "switch the machine off and on" in recovery.advice()
