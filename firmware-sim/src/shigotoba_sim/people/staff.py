"""Who works here: departments and their staff, each person with habits.

Fifty-five people share every forty seats (座席設定率 about 0.7), as offices with free addresses do. Nobody has a name:
seat data says that a seat is taken, never by whom, and the simulator needs no more either.

Responsible for the roll. Refuses to say what a person does on a given day (see ``workday`` and ``rounds``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of


class Department(msgspec.Struct, frozen=True):
    """A department.

    Attributes:
        name: As the sign on the floor says.
        floor: Where its people like to sit.
        people: On the roll.
        jobs_per_day: Printer jobs of one person at work, on average.
        fax_share: Part of those jobs that are faxes sent.
        booth_uses_per_day: Visits of one person to a work booth, on average.
        together: How much its people prefer shared tables to single seats, 1 for no preference.
    """

    name: str
    floor: str
    people: int
    jobs_per_day: float
    fax_share: float
    booth_uses_per_day: float
    together: float


class Person(msgspec.Struct, frozen=True):
    """A member of staff.

    Attributes:
        number: On the roll, from 0.
        department: Where the person belongs.
        starts_min: When the working day begins, minutes after midnight in Japan (staggered hours, 時差出勤).
        telework_days: Weekdays worked at home, 0 for Monday.
        tastes: Weight of each seat type when choosing a seat.
        forgets_to_leave: How often the rocker is not pressed when leaving a booth, 0 to 1.
    """

    number: int
    department: Department
    starts_min: int
    telework_days: frozenset[int]
    tastes: dict[str, float]
    forgets_to_leave: float


DEPARTMENTS: Final = (
    Department("総務課", "3f", 10, 3.0, 0.04, 0.15, 1.0),
    Department("企画政策課", "3f", 9, 2.0, 0.01, 0.35, 1.8),
    Department("税務課", "3f", 9, 4.0, 0.06, 0.10, 0.6),
    Department("福祉課", "4f", 10, 3.5, 0.10, 0.20, 1.2),
    Department("建設課", "4f", 9, 2.5, 0.08, 0.15, 1.0),
    Department("情報政策課", "4f", 8, 1.0, 0.00, 0.40, 0.8),
)

_STARTS_MIN: Final = (480, 510, 510, 510, 510, 510, 510, 540, 570)


class Roll(msgspec.Struct, frozen=True):
    """Names the people of a building.

    Attributes:
        seed: Decides their habits.
        floors: Codes of the floors they work on; the departments repeat from two floors to the next two.
    """

    seed: int
    floors: tuple[str, ...] = ("3f", "4f")

    @property
    def departments(self) -> tuple[Department, ...]:
        """Every department, floor by floor."""
        homes = tuple(dict.fromkeys(department.floor for department in DEPARTMENTS))
        return tuple(
            msgspec.structs.replace(department, floor=floor)
            for number, floor in enumerate(self.floors)
            for department in DEPARTMENTS
            if department.floor == homes[number % len(homes)]
        )


@lru_cache(maxsize=8)
def staff(roll: Roll) -> tuple[Person, ...]:
    """Everybody on the roll."""
    belongs = [department for department in roll.departments for _ in range(department.people)]
    return tuple(_person(chance_of(roll.seed, "person", i), i, department) for i, department in enumerate(belongs))


@lru_cache(maxsize=8)
def crew(roll: Roll, posts: int, shifts: int) -> tuple[tuple[Person, ...], ...]:
    """The people who keep ``posts`` staffed round the clock: for each post one person per shift."""
    departments, first = roll.departments, len(staff(roll))
    people = [
        _person(chance_of(roll.seed, "crew", i), first + i, departments[i % len(departments)])
        for i in range(posts * shifts)
    ]
    return tuple(tuple(people[post::posts]) for post in range(posts))


def _person(chance: Chance, number: int, department: Department) -> Person:
    return Person(
        number=number,
        department=department,
        starts_min=chance.choice(_STARTS_MIN),
        telework_days=frozenset(weekday for weekday in range(5) if chance.happens(0.14)),
        tastes=_tastes(chance, department.together),
        forgets_to_leave=chance.choice((0.03, 0.10, 0.18, 0.45)),
    )


def _tastes(chance: Chance, together: float) -> dict[str, float]:
    usual = {"window": 1.0, "big_table": together, "family_booth": 0.7 * together, "focus": 1.3 / together}
    return {seat_type: weight * chance.long_tailed(1.0, 0.6, 0.2, 5.0) for seat_type, weight in usual.items()}
