"""Who comes to the office on a day, and with which intentions.

Responsible for the roll less those whom a campaign keeps at home. Refuses to seat anybody (see ``days``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shigotoba_sim.people.staff import Person, staff
from shigotoba_sim.people.workday import Session, workday
from shigotoba_sim.plan.inputs import PlanInputs


def attendance(inputs: PlanInputs, day: date) -> Iterator[tuple[Person, tuple[Session, ...]]]:
    """Everybody who is in on ``day``, with the sessions of the day."""
    for person in staff(inputs.roll):
        sessions = workday(inputs.seed, person, day)
        if sessions and not inputs.habits.works_at_home(inputs.seed, person, day):
            yield person, sessions
