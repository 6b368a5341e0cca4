from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import pytest

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS
from shigotoba_sim.history.progress import Progress, read_progress, write_progress
from shigotoba_sim.history.stream import History
from shigotoba_sim.history.writer import HistoryWriter
from shigotoba_sim.plan.events import Presence, Press
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_testing.waiting import until
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.points import fits
from shigotoba_wire.readings import Reading
from shigotoba_wire.senml import decode_batch


@pytest.fixture(scope="module")
def readings(plan: Plan) -> list[Reading]:
    return list(History(plan, plan.inputs.lively_ms).readings())


@pytest.fixture
def morning(inputs: PlanInputs) -> History:
    """The first ten hours of the building: a night and the rush of half past eight."""
    opened_ms = inputs.opened_ms
    return History(Plan(inputs), opened_ms + 10 * HOUR_MS)


def test_readings_are_in_order_of_time_within_the_past(plan: Plan, readings: list[Reading]) -> None:
    times = [reading.at_ms for reading in readings]
    assert times == sorted(times)
    assert times[0] == plan.inputs.opened_ms
    assert plan.inputs.lively_ms - MINUTE_MS < times[-1] < plan.inputs.lively_ms + 1_000


def test_the_count_is_exact_wherever_the_past_ends(plan: Plan) -> None:
    for length_ms in (1, 59_999, 60_000, 12 * HOUR_MS + 1, 24 * HOUR_MS, 30 * HOUR_MS + 123_456):
        history = History(plan, plan.inputs.opened_ms + length_ms)
        assert history.count() == sum(1 for _ in history.readings())


def test_every_value_is_of_the_kind_the_vocabulary_names(readings: list[Reading]) -> None:
    assert all(fits(reading.point, reading.value) for reading in readings)


def test_every_sensor_tells_its_state_each_minute_and_each_change(plan: Plan, readings: list[Reading]) -> None:
    sensor = plan.inputs.place.seats[4]
    told = [reading for reading in readings if reading.device == sensor.device and reading.point == "occupancy"]
    assert all(later.at_ms - earlier.at_ms <= MINUTE_MS for earlier, later in pairwise(told))
    assert all(reading.value is plan.occupied_at(sensor.space, reading.at_ms) for reading in told)
    times = {reading.at_ms for reading in told}
    events = plan.events(plan.inputs.opened_ms, plan.inputs.lively_ms)
    assert all(one.at_ms in times for one in events if isinstance(one, Presence) and one.space == sensor.space)


def test_every_press_is_told_with_its_release(plan: Plan, readings: list[Reading]) -> None:
    presses = [one for one in plan.events(plan.inputs.opened_ms, plan.inputs.lively_ms) if isinstance(one, Press)]
    labels = Counter(reading.value for reading in readings if reading.point == "button")
    assert labels["released"] == len(presses) > 20
    assert labels["AI"] == sum(press.button == "AI" for press in presses)


def test_printers_tell_their_counters_every_ten_minutes(plan: Plan, readings: list[Reading]) -> None:
    mfp = plan.inputs.place.mfps[1].device
    told = [reading for reading in readings if reading.device == mfp and reading.point == "impressions_total"]
    assert {later.at_ms - earlier.at_ms for earlier, later in pairwise(told)} == {10 * MINUTE_MS}
    assert all(one.value == plan.counters_at(mfp, one.at_ms).impressions_total for one in told[::37])


def test_batteries_are_told_once_a_day_and_hardly_fall(plan: Plan, readings: list[Reading]) -> None:
    device = plan.inputs.place.seats[0].device
    told = [reading.value for reading in readings if reading.device == device and reading.point == "battery_pct"]
    assert len(told) == 9
    assert all(isinstance(value, int) and 9 <= value <= 100 for value in told)


def numbered(path: Path) -> list[Reading]:
    """Every reading in the outbox, in the order of their numbers; none is numbered twice, none missing."""
    outbox = Outbox.open(path, "honcho", "history")
    batches = [decode_batch(waiting.payload) for waiting in outbox.oldest(10_000)]
    outbox.close()
    first_seqs = [batch.first_seq for batch in batches]
    lengths = [len(batch.readings) for batch in batches]
    assert first_seqs == [1 + sum(lengths[:i]) for i in range(len(lengths))]
    return [reading for batch in batches for reading in batch.readings]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox.open(tmp_path / "history.sqlite", "honcho", "history")
    yield box
    box.close()


@pytest.mark.parametrize("already", [0, 1, 999, 5_000, 12_345, -1])
def test_a_killed_history_goes_on_with_the_very_next_reading(
    morning: History, outbox: Outbox, tmp_path: Path, already: int
) -> None:
    total = morning.count()
    already = total if already == -1 else already
    outbox.append(list(islice(morning.readings(), already)))
    stopping = threading.Event()
    writer = HistoryWriter(morning, "stream", outbox, tmp_path / "history.json")
    thread = threading.Thread(target=writer.write, args=(stopping,))
    thread.start()
    until(lambda: outbox.next_seq - 1 == total)
    stopping.set()
    thread.join()
    assert numbered(tmp_path / "history.sqlite") == list(morning.readings())
    assert read_progress(tmp_path / "history.json") == Progress("stream", 0, total, finished=False)


def test_a_history_without_receipts_fills_no_disk(inputs: PlanInputs, outbox: Outbox, tmp_path: Path) -> None:
    two_days = History(Plan(inputs), inputs.opened_ms + 48 * HOUR_MS)
    stopping = threading.Event()
    writer = HistoryWriter(two_days, "stream", outbox, tmp_path / "history.json")
    thread = threading.Thread(target=writer.write, args=(stopping,))
    thread.start()
    until(lambda: outbox.waiting() == 50_000)
    stopping.set()
    thread.join()
    assert outbox.next_seq == 50_001


def test_progress_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    assert read_progress(path) is None
    write_progress(path, Progress("a", 5, 10, finished=False))
    write_progress(path, Progress("a", 10, 10, finished=True))
    assert read_progress(path) == Progress("a", 10, 10, finished=True)
    assert msgspec.json.decode(path.read_bytes())["finished"] is True
