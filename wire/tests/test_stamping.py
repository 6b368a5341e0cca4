"""Clocks that are not set yet, that jump, and what becomes of readings then."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.clock import DOUBT_AFTER_JUMP_S, ClockSettings, ClockWatch, SystemClock, boot_id
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Quality, Reading
from shigotoba_wire.salvage import Salvage, open_or_salvage
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.stamping import Stamper, carry_unstamped

TRUE_MS = 1_795_000_000_000


class HandClock:
    """A clock that is wrong by ``error_ms``, on a machine that was switched on at ``booted_ms`` of the true time."""

    def __init__(self, error_ms: int = 0) -> None:
        self.true_ms = TRUE_MS
        self.booted_ms = TRUE_MS - 60_000
        self.error_ms = error_ms

    def now_ms(self) -> int:
        return self.true_ms + self.error_ms

    def since_boot_ms(self) -> int:
        return self.true_ms - self.booted_ms


class Station:
    """A stamper over an outbox on disk, its clock, and the file that says the clock is right."""

    def __init__(self, directory: Path, error_ms: int = 0, boot: str = "boot-1", needs_file: bool = True) -> None:
        self.clock = HandClock(error_ms)
        self.file = directory / "synchronized"
        self.path = directory / "edge.sqlite"
        self.outbox = Outbox.open(self.path, "gw-1", "edge-1")
        self.watch = ClockWatch(self.clock, ClockSettings(self.file if needs_file else None))
        self.stamper = Stamper(self.outbox, self.clock, self.watch, boot)

    def reads(self, value: int, point: str = "count") -> None:
        self.stamper.append([Reading("d", point, value if point == "count" else "AI", self.clock.now_ms())])

    def sets_its_clock(self) -> None:
        self.clock.error_ms = 0
        self.file.touch()
        self.stamper.tick()

    def starts_again(self) -> Salvage:
        """What the process does when it finds its file damaged, and what became of that file."""
        self.outbox.close()
        self.outbox, salvage = open_or_salvage(self.path, "gw-1", "edge-1", "20261121T023700Z", carry_unstamped)
        self.stamper = Stamper(self.outbox, self.clock, self.watch, "boot-1")
        assert salvage is not None
        return salvage

    def sent(self) -> list[Reading]:
        return [r for waiting in self.outbox.oldest(1000) for r in decode_batch(waiting.payload).readings]


@pytest.fixture
def station(tmp_path: Path):
    made: list[Station] = []

    def make(**said) -> Station:
        made.append(Station(tmp_path, **said))
        return made[-1]

    yield make
    for each in made:
        each.outbox.close()


@given(errors_s=st.integers(-3_000_000, 3_000_000), gaps_ms=st.lists(st.integers(0, 600_000), min_size=1, max_size=6))
def test_readings_from_before_the_clock_was_known_get_their_true_time(tmp_path_factory, errors_s, gaps_ms) -> None:
    station = Station(tmp_path_factory.mktemp("clock"), error_ms=errors_s * 1000)
    truth = []
    for value, gap_ms in enumerate(gaps_ms):
        station.clock.true_ms += gap_ms
        truth.append((value, station.clock.true_ms))
        station.reads(value)
    assert (station.sent(), station.stamper.health().unstamped) == ([], len(gaps_ms))
    station.clock.error_ms = 0
    station.file.touch()
    station.stamper.tick()
    assert [(reading.value, reading.at_ms) for reading in station.sent()] == truth
    assert station.stamper.health().unstamped == 0
    station.outbox.close()


def test_what_waits_for_the_clock_survives_a_restart_of_the_process(station) -> None:
    first = station(error_ms=-86_400_000)
    first.reads(1)
    again = station(error_ms=-86_400_000)
    again.clock.error_ms = 0
    again.file.touch()
    again.stamper.tick()
    assert [reading.at_ms for reading in again.sent()] == [TRUE_MS]


def test_a_damaged_file_loses_nothing_of_what_waits_for_the_clock(station) -> None:
    place = station(error_ms=-86_400_000)
    place.reads(1)
    place.outbox.append([Reading("d", "count", 0, TRUE_MS)])
    with sqlite3.connect(place.path) as connection:
        connection.execute("UPDATE waiting SET digest = 'x'")
    connection.close()
    assert place.starts_again().readings == 1
    assert place.stamper.health().unstamped == 1
    place.sets_its_clock()
    assert [(reading.value, reading.at_ms) for reading in place.sent()] == [(1, TRUE_MS)]


def test_a_damaged_page_costs_only_the_readings_on_it(station) -> None:
    place = station(error_ms=-86_400_000)
    for value in range(100):
        place.reads(value)
    place.outbox.close()
    file = place.path.read_bytes()
    page = file.index(b'"count","value":50,') // 1024 * 1024
    lost = {value for value in range(100) if f'"count","value":{value},'.encode() in file[page : page + 1024]}
    assert 0 < len(lost) < 20
    place.path.write_bytes(file[:page] + bytes(1024) + file[page + 1024 :])
    assert place.starts_again().readings == 100 - len(lost)
    place.sets_its_clock()
    assert [reading.value for reading in place.sent()] == [value for value in range(100) if value not in lost]


def test_what_waited_and_cannot_be_understood_is_set_aside_and_holds_up_nothing(station) -> None:
    place = station(error_ms=-86_400_000)
    for value in range(3):
        place.reads(value)
    with place.outbox.transaction() as connection:
        connection.execute("UPDATE unstamped SET payload = CAST('?' AS BLOB) WHERE place = 2")
    place.sets_its_clock()
    assert [reading.value for reading in place.sent()] == [0, 2]
    assert (place.stamper.health().unstamped, place.outbox.set_aside()) == (0, 1)


@pytest.mark.parametrize(("error_ms", "expected"), [(-3_600_000, TRUE_MS - 3_600_000), (-TRUE_MS, None)])
def test_what_an_earlier_boot_could_not_place_is_sent_as_uncertain(station, error_ms, expected) -> None:
    station(error_ms=error_ms).reads(1)
    later = station(boot="boot-2")
    later.clock.true_ms += 600_000
    later.clock.booted_ms = TRUE_MS + 500_000
    later.file.touch()
    later.stamper.tick()
    (reading,) = later.sent()
    assert (reading.quality, reading.at_ms) == (Quality.UNCERTAIN, expected or later.clock.booted_ms)


def test_a_press_does_not_wait_for_the_clock_unless_it_says_1970(station) -> None:
    plausible = station(error_ms=-3_600_000)
    plausible.reads(1)
    plausible.reads(2, "button")
    (press,) = plausible.sent()
    assert (press.point, press.quality) == ("button", Quality.UNCERTAIN)
    plausible.clock.error_ms = -TRUE_MS
    plausible.reads(3, "button")
    assert len(plausible.sent()) == 1


@pytest.mark.parametrize("by_s", [3600, -3600])
def test_after_a_jump_readings_are_uncertain_for_a_while_and_it_is_said(station, by_s: int) -> None:
    place = station(needs_file=False)
    place.reads(1)
    place.clock.error_ms = by_s * 1000
    place.reads(2)
    health = place.stamper.health()
    assert (health.jumps, health.last_jump_s, len(place.watch.problems())) == (1, by_s, 1)
    place.clock.true_ms += int(DOUBT_AFTER_JUMP_S * 1000)
    place.reads(3)
    qualities = [reading.quality for reading in place.sent()]
    assert qualities == [Quality.GOOD, Quality.UNCERTAIN, Quality.GOOD]
    assert place.watch.problems() == []


def test_a_reading_stamped_just_before_a_jump_is_moved_with_the_clock(station) -> None:
    place = station(error_ms=-3_600_000)
    before = Reading("d", "count", 1, place.clock.now_ms())
    place.clock.true_ms += 100
    place.clock.error_ms = 0
    place.file.touch()
    place.stamper.append([before])
    assert [reading.at_ms for reading in place.sent()] == [TRUE_MS]


def test_gentle_corrections_are_no_jumps(station) -> None:
    place = station(needs_file=False)
    for number in range(100):
        place.clock.true_ms += 1000
        place.clock.error_ms += 1
        place.reads(number)
    assert (place.watch.jumps, {reading.quality for reading in place.sent()}) == (0, {Quality.GOOD})


def test_the_machine_has_a_clock_and_a_boot() -> None:
    assert SystemClock().now_ms() > SystemClock().since_boot_ms() > 0
    assert len(boot_id()) == 36
