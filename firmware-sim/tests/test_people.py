from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.clock import MINUTE_MS, midnight_ms, moment_of
from shigotoba_sim.people.calendar import is_month_end, is_working_day
from shigotoba_sim.people.rounds import person_at, posts
from shigotoba_sim.people.staff import Roll, staff
from shigotoba_sim.people.workday import Session, workday

dates = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_weekends_national_holidays_and_the_turn_of_the_year_are_off() -> None:
    off = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-05-06", "2026-09-22", "2026-12-29", "2027-01-03"]
    assert [day for day in off if is_working_day(date.fromisoformat(day))] == []
    assert is_working_day(date(2026, 12, 28))
    assert is_working_day(date(2027, 1, 4))


def test_the_last_three_working_days_are_month_end() -> None:
    november = [date(2026, 11, 1) + timedelta(days=i) for i in range(30)]
    assert [day.day for day in november if is_working_day(day) and is_month_end(day)] == [26, 27, 30]


@given(st.integers(0, 50), dates, st.integers(0, 54))
def test_nobody_comes_on_a_day_off_and_nobody_stays_past_midnight(seed: int, day: date, number: int) -> None:
    sessions = workday(seed, staff(Roll(seed))[number], day)
    assert not sessions or is_working_day(day)
    for session in sessions:
        assert midnight_ms(day) < session.start_ms < session.end_ms < midnight_ms(day + timedelta(days=1))


@given(st.integers(0, 50), dates, st.integers(0, 54))
def test_a_session_and_its_absences_are_in_order_and_leave_time_at_the_seat(seed: int, day: date, number: int) -> None:
    for session in workday(seed, staff(Roll(seed))[number], day):
        at_ms = session.start_ms
        for absence in session.absences:
            assert at_ms + 5 * MINUTE_MS <= absence.start_ms < absence.end_ms
            at_ms = absence.end_ms
        assert at_ms + 5 * MINUTE_MS <= session.end_ms or not session.absences


def test_most_people_come_around_half_past_eight_and_go_to_lunch_at_noon() -> None:
    firsts = [
        sessions[0] for day in working_days() for person in staff(Roll(7)) if (sessions := workday(7, person, day))
    ]
    arrivals = [minute_of_day(session.start_ms) for session in firsts]
    lunches = [minute_of_day(session.end_ms) for session in firsts]
    assert 490 < sorted(arrivals)[len(arrivals) // 2] < 515
    assert all(715 <= minute <= 750 for minute in lunches)


def test_about_a_third_of_the_staff_is_away_on_a_usual_day() -> None:
    present = [sum(bool(workday(7, person, day)) for person in staff(Roll(7))) for day in working_days()]
    assert 33 < sum(present) / len(present) < 45


@given(st.integers(0, 50), st.integers(0, 2**41))
def test_nobody_fills_two_posts_at_once(seed: int, at_ms: int) -> None:
    assert len({person_at(Roll(seed), post, at_ms).number for post in range(34)}) == posts(Roll(seed)) == 34


def working_days() -> list[date]:
    days = [date(2026, 10, 1) + timedelta(days=i) for i in range(60)]
    return [day for day in days if is_working_day(day)]


def minute_of_day(at_ms: int) -> int:
    moment = moment_of(at_ms)
    return moment.hour * 60 + moment.minute


def test_a_day_is_the_same_whoever_asks_in_whatever_order() -> None:
    days = working_days()
    forwards: list[tuple[Session, ...]] = [workday(7, staff(Roll(7))[3], day) for day in days]
    backwards = [workday(7, staff(Roll(7))[3], day) for day in reversed(days)]
    assert forwards == backwards[::-1]
