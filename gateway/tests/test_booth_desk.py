"""Booths at their gateway: the same rules as online, once per press, over restarts and newer schedules."""

from pathlib import Path

import pytest
from msgspec import structs

from shigotoba_gateway.booths.desk import Desk
from shigotoba_gateway.booths.post import Post
from shigotoba_gateway.spool import Spool
from shigotoba_wire.booths import (
    BoothEventKind,
    BoothPolicy,
    BoothSchedule,
    BoothState,
    ClosedSpan,
    ScheduledBooth,
    ScheduledHold,
    decode_display,
    decode_events,
    encode_booths,
)
from shigotoba_wire.readings import Reading
from shigotoba_wire.receipts import Receipt, Span, encode_receipt

MINUTE = 60_000
NINE = 1_795_000_000_000
DAY = 24 * 60 * MINUTE


class Place:
    """A booth with a rocker and a presence sensor, a spool on disk, and a clock that is set by hand."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "spool.sqlite"
        self.now_ms = NINE
        self.open()

    def open(self) -> None:
        self.spool = Spool.open(self.path, "honcho", "gw-1")
        self.desk = Desk(self.spool, lambda: self.now_ms, lambda: True)

    def restart(self) -> None:
        self.spool.close()
        self.open()

    def schedule(self, *holds: ScheduledHold, version: int = 1, reflects: int = 0, **booth: object) -> None:
        plan = ScheduledBooth("3f-b1", "booth 1", ("rocker",), ("pir",), holds, **booth)
        epoch = self.spool.outbox.epoch if reflects else ""
        schedule = BoothSchedule(version, self.now_ms, self.now_ms + DAY, (plan,), epoch, reflects)
        self.desk.take_schedule(encode_booths(schedule))

    def press(self, label: str = "AI", minute: float = 0) -> None:
        self.now_ms = NINE + int(minute * MINUTE)
        self.desk.decide([Reading("rocker", "button", label, self.now_ms)])

    def seen(self, minute: float, somebody: bool = True) -> None:
        self.now_ms = NINE + int(minute * MINUTE)
        self.desk.decide([Reading("pir", "occupancy", somebody, self.now_ms)])

    def at(self, minute: float):
        self.now_ms = NINE + int(minute * MINUTE)
        (display,) = self.desk.displays()
        return display

    def kinds(self) -> list[BoothEventKind]:
        return [entry.event.kind for entry in self.desk.ledger.all()]


@pytest.fixture
def place(tmp_path: Path):
    place = Place(tmp_path)
    yield place
    place.spool.close()


def hold(name: str, first: int, last: int, checked_in: bool = False, label: str = "") -> ScheduledHold:
    return ScheduledHold(name, NINE + first * MINUTE, NINE + last * MINUTE, checked_in, NINE - DAY, label)


def test_without_a_schedule_nothing_is_decided_or_shown(place: Place) -> None:
    place.press()
    assert (place.kinds(), place.desk.displays()) == ([], [])


def test_a_press_at_a_free_booth_is_a_walk_in_until_the_next_booking(place: Place) -> None:
    place.schedule(hold("h", 40, 70))
    assert (place.at(0).state, place.at(0).until_ms) == (BoothState.FREE, NINE + 40 * MINUTE)
    place.press()
    assert (place.at(1).state, place.at(1).until_ms) == (BoothState.IN_USE, NINE + 40 * MINUTE)
    assert place.at(1).answer is BoothEventKind.WALK_IN


def test_the_press_of_a_booking_is_its_check_in_and_the_label_is_shown(place: Place) -> None:
    place.schedule(hold("h", 0, 30, label="総務課"))
    assert (place.at(1).state, place.at(1).label) == (BoothState.WAITING, "総務課")
    place.press(minute=2)
    (entry,) = place.desk.ledger.all()
    assert (entry.event.kind, entry.event.hold) == (BoothEventKind.CHECK_IN, "h")
    assert place.at(20).state is BoothState.IN_USE


def test_a_booking_nobody_came_to_is_free_at_that_minute_without_any_message(place: Place) -> None:
    place.schedule(hold("h", 0, 30))
    assert (place.at(9).state, place.at(9).until_ms) == (BoothState.WAITING, NINE + 10 * MINUTE)
    assert place.at(10).state is BoothState.FREE


def test_somebody_seen_confirms_a_booking_and_nobody_seen_ends_nothing(place: Place) -> None:
    place.schedule(hold("h", 0, 30))
    place.seen(1)
    place.seen(5, somebody=False)
    assert place.kinds() == [BoothEventKind.CHECK_IN]
    assert (place.at(15).state, place.at(15).somebody) == (BoothState.IN_USE, False)


def test_leaving_frees_the_rest(place: Place) -> None:
    place.schedule(hold("h", 0, 30, checked_in=True))
    place.press("AO", minute=12)
    assert place.at(12).state is BoothState.FREE


def test_what_a_second_press_does_is_the_offices_rule_offline_too(place: Place) -> None:
    place.schedule(policy=BoothPolicy(second_press="nothing"))
    place.press(minute=0)
    place.press(minute=10)
    assert (place.kinds()[-1], place.at(11).until_ms) == (BoothEventKind.REFUSED, NINE + 60 * MINUTE)
    place.schedule(version=2, policy=BoothPolicy(second_press="end"))
    place.press(minute=20)
    assert (place.kinds()[-1], place.at(21).state) == (BoothEventKind.END, BoothState.FREE)


def test_a_further_press_that_changes_nothing_begins_no_use_again_that_has_ended_meanwhile(place: Place) -> None:
    place.schedule(hold("h", 0, 30, checked_in=True), policy=BoothPolicy(second_press="nothing"))
    place.press(minute=10)
    place.schedule(version=2)
    assert place.at(11).state is BoothState.FREE


@pytest.mark.parametrize("rule", ["extend", "end", "nothing"])
def test_who_was_seen_by_the_sensor_and_then_presses_has_checked_in_and_no_more(place: Place, rule: str) -> None:
    place.schedule(hold("h", 0, 30), policy=BoothPolicy(second_press=rule))
    place.seen(1)
    place.press(minute=1.1)
    assert place.kinds() == [BoothEventKind.CHECK_IN, BoothEventKind.CHECK_IN]
    assert (place.at(2).state, place.at(2).until_ms) == (BoothState.IN_USE, NINE + 30 * MINUTE)


def test_who_has_just_checked_in_by_phone_and_then_presses_is_not_put_out(place: Place) -> None:
    came = structs.replace(hold("h", 0, 30, checked_in=True), came_at_ms=NINE + MINUTE)
    place.schedule(came, policy=BoothPolicy(second_press="end"))
    place.press(minute=1.1)
    assert place.at(2).state is BoothState.IN_USE
    place.press(minute=5)
    assert place.at(6).state is BoothState.FREE


def test_cut_off_too_a_use_ends_at_closing_at_the_longest_and_before_the_pause(place: Place) -> None:
    evening = (ClosedSpan(NINE + 100 * MINUTE, NINE + 800 * MINUTE),)
    rules = BoothPolicy(pause_s=600.0, longest_s=4200.0)
    place.schedule(hold("h", 50, 60), policy=rules, closed=evening)
    assert place.at(0).until_ms == NINE + 40 * MINUTE
    place.press()
    assert place.at(1).until_ms == NINE + 40 * MINUTE
    place.schedule(version=2, policy=rules, closed=evening)
    for minute in (30, 39, 50):
        place.press(minute=minute)
    assert place.at(51).until_ms == NINE + 70 * MINUTE, "however often it is pressed"
    place.press("AO", minute=60)
    place.press(minute=70)
    assert place.at(71).until_ms == NINE + 100 * MINUTE
    assert (place.at(101).state, place.at(101).until_ms) == (BoothState.CLOSED, NINE + 800 * MINUTE)
    place.press(minute=102)
    assert place.kinds()[-1] is BoothEventKind.REFUSED
    assert place.at(801).state is BoothState.FREE


def test_one_press_heard_twice_is_one_press(place: Place) -> None:
    place.schedule()
    place.press()
    place.press(minute=0.01)
    place.desk.decide([Reading("rocker", "button", "AO", NINE - 5 * MINUTE)])
    assert place.kinds() == [BoothEventKind.WALK_IN], "and one that comes late, after a later one, decides nothing"


def test_a_clock_that_was_ahead_and_was_put_right_bars_nobody(place: Place) -> None:
    place.schedule()
    place.press(minute=600)
    place.press(minute=1)
    assert place.at(2).state is BoothState.IN_USE


def test_a_closed_booth_refuses_and_says_until_when(place: Place) -> None:
    place.schedule(closed_until_ms=NINE + 60 * MINUTE)
    place.press()
    assert place.kinds() == [BoothEventKind.REFUSED]
    assert (place.at(1).state, place.at(1).until_ms) == (BoothState.CLOSED, NINE + 60 * MINUTE)


def test_what_was_decided_survives_a_restart(place: Place) -> None:
    place.schedule(hold("h", 120, 150))
    place.press()
    place.press("AI", minute=30)
    before = place.at(31)
    place.restart()
    assert place.at(31) == before
    assert place.kinds() == [BoothEventKind.WALK_IN, BoothEventKind.EXTEND]


def test_a_newer_schedule_that_does_not_know_of_the_walk_in_gives_way_to_it(place: Place) -> None:
    place.schedule()
    place.press()
    place.schedule(hold("new", 20, 50), version=2)
    assert (place.at(25).state, place.at(25).until_ms) == (BoothState.IN_USE, NINE + 60 * MINUTE)
    place.press("AO", minute=26)
    assert place.at(27).state is BoothState.FREE


def test_a_schedule_that_reflects_the_events_is_taken_as_it_is(place: Place) -> None:
    place.schedule()
    place.press()
    place.schedule(hold("named-by-the-backend", 0, 60, checked_in=True), version=2, reflects=1)
    place.press("AO", minute=10)
    assert place.desk.ledger.all()[-1].event.hold == "named-by-the-backend"
    assert place.at(11).state is BoothState.FREE


def test_somebody_sits_by_a_booking_that_was_cancelled_meanwhile(place: Place) -> None:
    place.schedule(hold("h", 0, 30))
    place.press()
    place.schedule(version=2)
    assert (place.at(5).state, place.at(5).until_ms) == (BoothState.IN_USE, NINE + 30 * MINUTE)


def test_an_older_or_broken_schedule_is_refused_and_said(place: Place) -> None:
    place.schedule(hold("h", 0, 30), version=5)
    place.schedule(version=4)
    assert place.at(1).state is BoothState.WAITING
    assert "version 5" in place.desk.health()["booths"].refused_schedule
    place.desk.take_schedule(b"{}")
    assert place.desk.health()["booths"].refused_schedule
    assert place.desk.health()["booths"].schedule == 5


def test_a_schedule_that_has_run_out_goes_on_with_walk_ins_and_says_so(place: Place) -> None:
    place.schedule()
    later = place.at(2 * 24 * 60)
    assert (later.state, later.stale) == (BoothState.FREE, True)
    place.press(minute=2 * 24 * 60)
    assert place.kinds() == [BoothEventKind.WALK_IN]
    assert place.desk.health()["problems"]


def test_events_are_said_until_receipted_and_displays_when_they_change(place: Place) -> None:
    shown: list[str] = []
    said: list[tuple[int, ...]] = []
    post = Post(
        place.desk,
        "gw-1",
        lambda _topic, payload: shown.append(decode_display(payload).state.value) is None,
        lambda payload: said.append(tuple(event.number for event in decode_events(payload).events)) is None,
    )
    place.schedule()
    post.tick(0)
    place.press()
    post.tick(1)
    post.tick(2)
    post.tick(7)
    assert (shown, said) == (["free", "in_use"], [(1,), (1,)])
    post.take_receipt(encode_receipt(Receipt(place.spool.outbox.epoch, (Span(1, 1),))))
    post.take_receipt(b"nonsense")
    post.tick(20)
    assert (len(said), place.desk.ledger.waiting()) == (2, 0)
    post.tick(61)
    assert shown[2:] == ["in_use"], "after a minute again, for a broker that was started anew"


def test_a_number_is_never_given_twice_when_old_events_are_forgotten(place: Place) -> None:
    place.schedule()
    for minute in (0, 1, 2):
        place.press(minute=minute)
    place.desk.ledger.receipt(place.spool.outbox.epoch, [Span(1, 3)])
    place.desk.ledger.forget(NINE + 3 * DAY)
    assert [entry.event.number for entry in place.desk.ledger.all()] == [3]
    assert place.desk.ledger.next_number() == 4
