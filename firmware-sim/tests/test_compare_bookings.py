"""Bookings compared: a product that accepted all of them agrees, one that lost some does not, unless it had refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from shigotoba_sim.clock import day_of, midnight_ms, next_day
from shigotoba_sim.compare.bookings import ALL_BOOTHS, Bookings, Name
from shigotoba_sim.compare.metrics import Line
from shigotoba_sim.compare.product import BoothDay, Product, UnmetDay
from shigotoba_sim.compare.unmet import Unmet
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline


@pytest.fixture(scope="module")
def kept(plan: Plan) -> list[Booking]:
    """The bookings of the office hours that were not cancelled."""
    bookings = plan.bookings(plan.inputs.opened_ms, plan.inputs.lively_ms)
    return [one for one in bookings if one.outcome != "cancelled"]


def rows_of(bookings: list[Booking]) -> list[BoothDay]:
    """What a product tells that has these bookings."""
    return [
        BoothDay(
            day_of(one.start_ms),
            one.space,
            1,
            (one.end_ms - one.start_ms) / 1000,
            int(one.outcome == "used"),
            int(one.outcome == "no_show"),
            one.recovered_ms / 1000,
        )
        for one in bookings
    ]


def merged(rows: list[BoothDay]) -> list[BoothDay]:
    """One row per booth and day."""
    found: dict[tuple[object, str], BoothDay] = {}
    for row in rows:
        before = msgspec.structs.astuple(found.get((row.day, row.space), BoothDay(row.day, row.space, 0, 0, 0, 0, 0)))
        sums = (mine + more for mine, more in zip(before[2:], msgspec.structs.astuple(row)[2:], strict=True))
        found[row.day, row.space] = BoothDay(row.day, row.space, *sums)
    return list(found.values())


def compared(plan: Plan, product: list[Booking] | None, refused: frozenset[Name] = frozenset()) -> list[Line]:
    first, last = plan.inputs.opened_on, plan.inputs.opened_on + timedelta(days=7)
    rows = None if product is None else tuple(merged(rows_of(product)))
    told = Product("honcho", first, last, (), (), rows, None if product is None else ())
    bookings = Bookings(Timeline(plan), told, refused)
    days = [first + timedelta(days=number) for number in range(8)]
    return [line for day in days for line in bookings.day(day)] + list(bookings.totals())


def test_a_product_with_every_booking_agrees_in_every_metric(plan: Plan, kept: list[Booking]) -> None:
    lines = compared(plan, [one for one in kept if day_of(one.start_ms) < day_of(plan.inputs.lively_ms)])
    assert Counter(line.verdict for line in lines).keys() == {"equal"}
    booked = [line for line in lines if (line.metric, line.of, line.day) == ("bookings", ALL_BOOTHS, None)]
    assert [line.truth for line in booked] == [line.product for line in booked] != [0]


def test_a_lost_booking_is_a_difference(plan: Plan, kept: list[Booking]) -> None:
    lines = compared(plan, kept[1:])
    assert "differs" in {line.verdict for line in lines if line.of == ALL_BOOTHS}


def test_a_booking_that_was_refused_is_explained_by_the_coverage(plan: Plan, kept: list[Booking]) -> None:
    first = kept[0]
    before = [one for one in kept[1:] if day_of(one.start_ms) < day_of(plan.inputs.lively_ms)]
    lines = compared(plan, before, frozenset({first.name}))
    assert {line.verdict for line in lines} == {"equal", "explained"}
    assert min(line.coverage for line in lines) < 1


def test_a_product_that_tells_no_bookings_is_not_judged_by_them(plan: Plan) -> None:
    assert {line.verdict for line in compared(plan, None)} == {"not measured"}


def test_a_move_that_was_refused_explains_a_difference_at_both_booths(plan: Plan, kept: list[Booking]) -> None:
    before = [one for one in kept if day_of(one.start_ms) < day_of(plan.inputs.lively_ms)]
    moved = next(one for one in before if len({agreed.space for agreed in one.agreed}) > 1)
    stayed = msgspec.structs.replace(moved, space=moved.agreed[0].space)
    lines = compared(plan, [stayed if one is moved else one for one in before], frozenset({moved.name}))
    assert {line.verdict for line in lines} == {"equal", "explained"}


def test_who_looked_in_vain_is_counted_on_both_sides(plan: Plan) -> None:
    day = next_day(day_of(plan.inputs.lively_ms))
    wishes = list(plan.wishes(midnight_ms(day), midnight_ms(next_day(day))))
    assert wishes

    def line(searches: int, refused: frozenset[Name] = frozenset()) -> Line:
        told = Product("honcho", day, day, (), (), (), (UnmetDay(day, searches),))
        return Unmet(Timeline(plan), told, refused).day(day, ALL_BOOTHS)

    assert line(len(wishes)).verdict == "equal"
    assert line(len(wishes) + 1).verdict == "differs"
    assert line(len(wishes) - 1, frozenset({wishes[0].name})).verdict == "explained"
