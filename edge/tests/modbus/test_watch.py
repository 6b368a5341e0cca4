"""What an input says, poll by poll, and which tables are refused; no wire needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.drivers.modbus.settings import Input, Span, inputs_of, registers_of
from shigotoba_edge.drivers.modbus.settings import Module as Wired
from shigotoba_edge.drivers.modbus.watch import LATE_MS, MOST_PRESSES, Watch
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.readings import Quality, Reading

BUTTON = Input(device="wired-1-0", point="button", counter=0)
SHORT = Input(device="wired-1-0", point="button", counter=0, counter_words=1)
PLAIN_BUTTON = Input(device="wired-1-0", point="button", input=0)
PRESENCE = Input(device="wired-1-2", point="occupancy", input=2)


def readings(watch: Watch, *polls: tuple[bool | None, int | None, int]) -> list[list[Reading]]:
    return [list(said.readings) if (said := watch.take(*poll)) else [] for poll in polls]


@given(st.sampled_from([BUTTON, SHORT]), st.integers(0, 2**32 - 1), st.lists(st.integers(0, MOST_PRESSES), max_size=20))
def test_every_press_is_reported_once_also_over_the_end_of_the_counter(
    wired: Input, start: int, presses: list[int]
) -> None:
    size = 1 << 16 * wired.counter_words
    watch, count, total = Watch(wired, 1_000), start % size, 0
    readings(watch, (None, count, 0))
    for poll, number in enumerate(presses, 1):
        count = (count + number) % size
        (said,) = readings(watch, (None, count, poll * 1_000))
        total += len(said)
        assert [reading.at_ms for reading in said] == list(range(poll * 1_000 - number + 1, poll * 1_000 + 1))
    assert total == sum(presses)
    assert watch.restarts == 0


def test_a_counter_that_falls_was_restarted_and_says_nothing() -> None:
    watch = Watch(BUTTON, 1_000)
    said = readings(watch, (None, 500, 0), (None, 2, 100), (None, 3, 200))
    assert [len(each) for each in said] == [0, 0, 1]
    assert watch.restarts == 1


def test_a_press_found_after_a_long_silence_is_uncertain() -> None:
    watch = Watch(BUTTON, 1_000)
    said = readings(watch, (None, 0, 0), (None, 1, LATE_MS), (None, 2, 2 * LATE_MS + 1))
    assert [each[0].quality for each in said[1:]] == [Quality.GOOD, Quality.UNCERTAIN]


def test_without_a_counter_a_press_is_a_rise() -> None:
    said = readings(Watch(PLAIN_BUTTON, 1_000_000), *((level, None, at) for at, level in enumerate([1, 1, 0, 1, 1, 0])))
    assert [len(each) for each in said] == [0, 0, 0, 1, 0, 0]


def test_each_time_a_latched_input_is_found_on_is_a_press() -> None:
    latched = Input(device="wired-1-0", point="button", input=0, latched=True)
    said = readings(Watch(latched, 1_000_000), *((level, None, at) for at, level in enumerate([1, 1, 1, 0, 1, 0])))
    # What was found first was pressed before the agent came.
    assert [len(each) for each in said] == [0, 1, 1, 0, 1, 0]


def test_an_unchanged_state_is_said_again_and_a_clock_set_back_does_no_harm() -> None:
    watch = Watch(PRESENCE, 1_000)
    times = [0, 500, 1_000, 1_500, 2_000, 100, 600]
    said = [bool(readings(watch, (True, None, at))[0]) for at in times]
    assert said == [True, False, True, False, True, True, False]


def test_an_inverted_input_says_the_opposite() -> None:
    inverted = Input(device="wired-1-2", point="occupancy", input=2, inverted=True)
    ((reading,),) = readings(Watch(inverted, 1_000), (True, None, 0))
    assert reading.value is False


def test_neighbours_are_asked_for_with_one_request() -> None:
    module = Wired(unit=1, input=(PRESENCE, PLAIN_BUTTON, BUTTON, Input(device="b", point="button", counter=7)))
    assert inputs_of(module) == Span(0, 3)
    assert registers_of(module) == Span(0, 9)
    assert registers_of(Wired(unit=1, input=(PRESENCE,))) is None


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ([{"device": "a/b", "point": "button", "counter": 0}], "cannot be a name"),
        ([{"device": "a", "point": "button"}], "a button needs `counter`"),
        ([{"device": "a", "point": "occupancy"}], "occupancy needs `input`"),
        ([{"device": "a", "point": "contact", "input": 1, "counter": 0}], "only a button has a `counter`"),
        ([{"device": "a", "point": "button", "counter": 0, "input": 1, "latched": True}], "of a button is latched"),
        ([{"device": "a", "point": "contact", "input": 1, "latched": True}], "of a button is latched"),
        ([{"device": "a", "point": "button", "counter": at} for at in (0, 200)], "span more than 125"),
        ([{"device": "a", "point": "contact", "input": at} for at in (0, 2000)], "span more than 2000"),
    ],
)
def test_an_input_that_cannot_be_asked_for_is_refused(listening, inputs: list[dict], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        listening(kind="modbus", port="/dev/null", module=[{"unit": 1, "input": inputs}])


def test_a_unit_that_stands_twice_is_refused(listening) -> None:
    module = {"unit": 1, "input": [{"device": "a", "point": "button", "counter": 0}]}
    with pytest.raises(SettingsError, match="have the unit 1"):
        listening(kind="modbus", port="/dev/null", module=[module, module])
