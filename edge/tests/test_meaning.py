"""What sensors mean: hold times, heartbeats and silence, against the words of the rule itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.logbook import Sighting, sighting_of
from shigotoba_edge.meaning.interpreter import Interpreter
from shigotoba_edge.meaning.model import Model
from shigotoba_edge.meaning.presence import Presence, Word, heard, vacant_from_ms, word_at

SEAT = "ble-5448e68f80a5"
PIR = Model("pir", (SEAT,), keep_alive_s=60, source="motion", hold_s=300)

MODELS = st.builds(
    Model,
    name=st.just("any"),
    devices=st.just((SEAT,)),
    keep_alive_s=st.integers(1, 100),
    source=st.just("motion"),
    hold_s=st.integers(0, 400),
    pulse=st.booleans(),
)
HEARD = st.lists(st.tuples(st.integers(1, 200_000), st.sampled_from([True, False, None])), min_size=1, max_size=20)


def told(model: Model, steps) -> list[tuple[int, bool | None, Presence]]:
    """When the sensor was heard, what it said, and what is known then."""
    known, at_ms, history = None, 1_000_000, []
    for pause_ms, sign in steps:
        at_ms += pause_ms
        known = heard(known, model, sign, at_ms)
        history.append((at_ms, sign, known))
    return history


@given(MODELS, HEARD, st.integers(0, 500_000))
def test_a_place_is_unknown_exactly_while_the_sensor_is_silent_or_new(model: Model, steps, later_ms: int) -> None:
    history = told(model, steps)
    heard_ms, _, known = history[-1]
    word = word_at(known, model, heard_ms + later_ms)
    if later_ms > model.reach_ms:
        assert word is Word.UNKNOWN
    elif word is Word.UNKNOWN:
        assert known.sign_ms is None
        assert heard_ms + later_ms < known.first_ms + model.hold_ms


@given(MODELS, HEARD, st.integers(0, 500_000))
def test_a_place_is_never_vacant_within_the_hold_after_a_sign(model: Model, steps, later_ms: int) -> None:
    history = told(model, steps)
    now_ms, known = history[-1][0] + later_ms, history[-1][2]
    if word_at(known, model, now_ms) is Word.VACANT:
        assert all(now_ms - at_ms >= model.hold_ms for at_ms, sign, _ in history if sign and at_ms >= known.first_ms)


@given(MODELS, HEARD)
def test_the_announced_moment_is_when_the_word_becomes_vacant(model: Model, steps) -> None:
    heard_ms, _, known = told(model, steps)[-1]
    moment_ms = vacant_from_ms(known, model)
    words = {at_ms: word_at(known, model, at_ms) for at_ms in (heard_ms, heard_ms + model.reach_ms)}
    if moment_ms is not None:
        assert heard_ms < moment_ms
        assert word_at(known, model, moment_ms - 1) is not Word.VACANT
        assert word_at(known, model, moment_ms) is Word.VACANT
    else:
        assert len(set(words.values())) == 1


@given(st.lists(st.tuples(st.integers(1, 100_000), st.booleans()), min_size=1, max_size=20))
def test_without_a_hold_the_meaning_is_what_the_sensor_says(steps) -> None:
    model = Model("seat", (SEAT,), keep_alive_s=60)
    assert [word_at(known, model, at_ms) is Word.OCCUPIED for at_ms, _, known in told(model, steps)] == [
        sign for _, sign in steps
    ]


@given(MODELS, HEARD, st.integers(0, 500_000))
def test_readings_are_in_order_and_the_raw_ones_are_all_there(model: Model, steps, later_ms: int) -> None:
    interpreter, at_ms, said = Interpreter([model]), 1_000_000, []
    for pause_ms, sign in steps:
        at_ms += pause_ms
        values = () if sign is None else (("motion", sign),)
        said += interpreter.take(sighting_of(SEAT, at_ms, values))
    said += interpreter.elapse(at_ms + later_ms)
    readings = [reading for sighting in said for reading in sighting.readings]
    assert [reading.at_ms for reading in readings] == sorted(reading.at_ms for reading in readings)
    assert [r.value for r in readings if r.point == "motion"] == [sign for _, sign in steps if sign is not None]


def meant(sightings: tuple[Sighting, ...] | list[Sighting]) -> list[tuple[int, object]]:
    readings = [reading for sighting in sightings for reading in sighting.readings]
    return [(reading.at_ms, reading.value) for reading in readings if reading.point == "occupancy"]


def test_a_motion_sensor_holds_a_booth_and_frees_it_at_the_moment_the_hold_runs_out() -> None:
    interpreter = Interpreter([PIR])
    assert meant(interpreter.take(sighting_of(SEAT, 0, (("motion", True),)))) == [(0, True)]
    assert meant(interpreter.take(sighting_of(SEAT, 20_000, (("motion", False),)))) == [(20_000, True)]
    for beat_ms in range(80_000, 320_000, 60_000):
        assert meant(interpreter.take(sighting_of(SEAT, beat_ms, (("motion", False),)))) == [(beat_ms, True)]
    assert interpreter.elapse(319_999) == []
    assert meant(interpreter.elapse(320_400)) == [(320_000, False)]
    assert interpreter.elapse(900_000) == []


def test_a_sensor_that_dies_during_a_hold_does_not_free_the_booth() -> None:
    interpreter = Interpreter([PIR])
    interpreter.take(sighting_of(SEAT, 0, (("motion", True),)))
    interpreter.take(sighting_of(SEAT, 20_000, (("motion", False),)))
    assert interpreter.elapse(10_000_000) == []


def test_a_sensors_own_occupancy_is_kept_beside_what_it_means() -> None:
    flickers = Model("cushion", (SEAT,), keep_alive_s=60, hold_s=30)
    interpreter = Interpreter([flickers])
    interpreter.take(sighting_of(SEAT, 0, (("occupancy", True),)))
    (sighting,) = interpreter.take(sighting_of(SEAT, 5_000, (("occupancy", False), ("battery_pct", 90))))
    said = {reading.point: reading.value for reading in sighting.readings}
    assert said == {"occupancy_raw": False, "battery_pct": 90, "occupancy": True}


def test_a_device_without_model_is_passed_on_as_it_is() -> None:
    sighting = sighting_of("ble-000000000001", 5, (("occupancy", True),))
    assert Interpreter([PIR]).take(sighting) == (sighting,)


def test_new_settings_keep_what_is_known_of_unchanged_models_only() -> None:
    before = Interpreter([PIR])
    before.take(sighting_of(SEAT, 0, (("motion", True),)))
    before.take(sighting_of(SEAT, 250_000 - 150_000, (("motion", False),)))
    same = Interpreter([PIR]).taking_over(before)
    (beat,) = same.take(sighting_of(SEAT, 200_000, (("battery_pct", 50),)))
    assert meant([beat]) == [(200_000, True)]
    other = Interpreter([Model("pir", (SEAT,), keep_alive_s=60, source="motion", hold_s=200)]).taking_over(before)
    assert meant(other.take(sighting_of(SEAT, 200_000, (("battery_pct", 50),)))) == []
