"""Booths booked ahead: what every list of bookings holds to, and how much of each kind there is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import msgspec
import pytest

from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, day_of, midnight_ms
from shigotoba_sim.history.bookings import PastBooking, past_bookings
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.people.staff import staff
from shigotoba_sim.plan.bookings import GRACE_MS, Booking
from shigotoba_sim.plan.days import stays_of
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.log import TruthLog, read_table

Promise = tuple[str, range, range]
"""A booth, the minutes promised, and the minutes during which the promise stood (milliseconds)."""


def promises_of(booking: Booking) -> list[Promise]:
    """What a product had promised of a booth, one after the other."""
    over_ms = booking.end_ms if booking.cancelled_ms is None else booking.cancelled_ms
    changed = [change.at_ms for change in booking.changes]
    stood = pairwise([booking.made_ms, *changed, over_ms])
    return [
        (agreed.space, range(agreed.start_ms, agreed.end_ms), range(*times))
        for agreed, times in zip(booking.agreed, stood, strict=True)
    ]


def collide(one: Promise, other: Promise) -> bool:
    return all(a.start < b.stop and b.start < a.stop for a, b in zip(one[1:], other[1:], strict=True))


@pytest.fixture(scope="module")
def office(plan: Plan) -> list[Booking]:
    """The bookings of the office hours."""
    return list(plan.bookings(plan.inputs.opened_ms, plan.inputs.lively_ms))


@pytest.fixture(scope="module")
def lively(plan: Plan) -> list[Booking]:
    """Those of the first day round the clock."""
    return list(plan.bookings(plan.inputs.lively_ms, plan.inputs.lively_ms + 24 * HOUR_MS))


@pytest.mark.parametrize("whose", ["space", "account"])
def test_nothing_is_promised_twice_at_a_booth_or_to_an_account(
    plan: Plan, office: list[Booking], lively: list[Booking], whose: str
) -> None:
    people = len(staff(plan.inputs.roll))
    promised: dict[str, list[Promise]] = {}
    for booking in office + lively:
        for promise in promises_of(booking):
            key = promise[0] if whose == "space" else f"{booking.person % people}"
            promised.setdefault(key, []).append(promise)
    assert not [
        (one, other) for mine in promised.values() for one, other in combinations(mine, 2) if collide(one, other)
    ]


def test_people_come_in_time_to_be_let_in_and_leave_after_they_came(
    office: list[Booking], lively: list[Booking]
) -> None:
    used = [(one, one.came_ms) for one in office + lively if one.came_ms is not None]
    for booking, came_ms in used:
        assert booking.made_ms < booking.start_ms
        assert booking.start_ms - 15 * MINUTE_MS <= came_ms < booking.start_ms + GRACE_MS
        assert booking.left_ms is None or came_ms < booking.left_ms < booking.end_ms


def test_whoever_used_a_booking_really_sat_in_the_booth(inputs: PlanInputs, office: list[Booking]) -> None:
    days = [inputs.opened_on + timedelta(days=number) for number in range(9)]
    sat = {(stay.space, stay.person, stay.end_ms) for day in days for stay in stays_of(inputs, day)}
    used = [one for one in office if one.outcome == "used"]
    assert all((one.space, one.person, one.gone_ms) in sat for one in used)


def test_there_are_no_shows_cancellations_overstays_and_early_leaves(inputs: PlanInputs) -> None:
    month = Plan(msgspec.structs.replace(inputs, opened_on=date(2026, 10, 1)))
    bookings = list(month.bookings(month.inputs.opened_ms, inputs.lively_ms))
    outcomes = Counter(one.outcome for one in bookings)
    assert outcomes["used"] > outcomes["no_show"] > 3
    assert outcomes["cancelled"] > 3
    assert any(one.gone_ms is not None and one.gone_ms > one.end_ms for one in bookings)
    assert any(one.outcome == "used" and one.recovered_ms > 0 for one in bookings)
    assert {one.came_by for one in bookings} == {"phone", "button"}


def test_about_a_third_of_the_visits_is_walked_in(inputs: PlanInputs, office: list[Booking]) -> None:
    visits = sum(
        stay.space.partition("-")[2].startswith("b")
        for number in range(8)
        for stay in stays_of(inputs, inputs.opened_on + timedelta(days=number))
    )
    assert 0.4 < sum(one.outcome == "used" for one in office) / visits < 0.75


def test_nothing_is_booked_on_days_off_or_outside_opening_hours(office: list[Booking]) -> None:
    for booking in office:
        day = day_of(booking.start_ms)
        assert is_working_day(day)
        assert midnight_ms(day) + 8.5 * HOUR_MS <= booking.start_ms
        assert booking.end_ms <= midnight_ms(day) + 17.25 * HOUR_MS


def test_nobody_books_a_building_without_people(inputs: PlanInputs) -> None:
    quiet = Plan(msgspec.structs.replace(inputs, quiet=True))
    assert not list(quiet.bookings(inputs.opened_ms, inputs.lively_ms + 24 * HOUR_MS))


def test_the_file_of_the_past_has_a_line_for_each_with_logins_instead_of_people(
    plan: Plan, office: list[Booking]
) -> None:
    lines = [msgspec.json.decode(line, type=PastBooking) for line in past_bookings(plan)]
    assert [line.booth for line in lines] == [one.agreed[0].space for one in office]
    assert all(line.login.startswith("staff-") for line in lines)
    assert sum(line.came_at is None for line in lines) == sum(one.outcome != "used" for one in office)


def test_the_truth_log_has_each_booking_once(plan: Plan, office: list[Booking], tmp_path: Path) -> None:
    TruthLog(tmp_path, plan.inputs.place, plan.inputs.opened_ms).write(Timeline(plan), plan.inputs.lively_ms)
    written = read_table(tmp_path, "bookings").collect()
    assert written.select("space", "person").rows() == [(one.space, one.person) for one in office]
    assert written["came"].null_count() == sum(one.came_ms is None for one in office)
