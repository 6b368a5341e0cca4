"""The printer jobs of one day.

People print, copy, scan and fax while they are in the office, more at month end; faxes come in; each printer prints a
report of its own now and then. Responsible for jobs. Refuses to sum them (see ``counters``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from shigotoba_sim.building import Building, Mfp
from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import HOUR_MS, midnight_ms, next_day
from shigotoba_sim.people import rounds
from shigotoba_sim.people.calendar import is_month_end, is_working_day
from shigotoba_sim.people.staff import Person
from shigotoba_sim.people.workday import Session
from shigotoba_sim.plan.attendance import attendance
from shigotoba_sim.plan.events import Function, Job
from shigotoba_sim.plan.inputs import PlanInputs

_MONTH_END_PULL: Final = 1.5
_FISCAL_YEAR_END_PULL: Final = 2.1
"""At the end of March, when the accounts of the fiscal year are closed as well."""

_COPIES: Final = 0.22
_SCANS: Final = 0.14
_DUPLEX: Final = 0.62
_COLOUR: Final = 0.24
_FAXES_PER_PRINTER: Final = 5.0
_REPORTS_PER_PRINTER: Final = 0.5
_LIVELY_JOBS_PER_HOUR: Final = 0.3
"""Of one post."""


def jobs_of(inputs: PlanInputs, day: date) -> list[Job]:
    """The jobs of ``day`` on all printers, in order of time."""
    start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
    if inputs.quiet or end_ms <= inputs.opened_ms:
        return []
    jobs: list[Job] = []
    if start_ms < inputs.lively_ms:
        jobs += [job for job in _office_jobs(inputs, day) if job.at_ms < inputs.lively_ms]
    if end_ms > inputs.lively_ms:
        jobs += [job for job in _lively_jobs(inputs, start_ms, end_ms) if job.at_ms >= inputs.lively_ms]
    left = _left(inputs, day)
    kept = [job for job in jobs if _is_still_done(inputs.seed, job, left.get(job.function, 1.0))]
    return sorted(kept, key=lambda job: (job.at_ms, job.mfp))


def _left(inputs: PlanInputs, day: date) -> dict[Function, float]:
    """What a reform has left of each function, where it has touched any."""
    paper, fax = inputs.habits.paper_left(day), inputs.habits.fax_left(day)
    left: dict[Function, float] = {"print": paper, "copy": paper, "fax_in": fax, "fax_out": fax}
    return {function: share for function, share in left.items() if share < 1.0}


def _is_still_done(seed: int, job: Job, left: float) -> bool:
    return left == 1.0 or chance_of(seed, "reform", job.mfp, job.at_ms, job.function).happens(left)


def _office_jobs(inputs: PlanInputs, day: date) -> Iterator[Job]:
    if not is_working_day(day):
        return
    pull = _pull(day)
    for person, sessions in attendance(inputs, day):
        chance = chance_of(inputs.seed, "jobs", person.number, day)
        for session in sessions:
            mean = pull * person.department.jobs_per_day / len(sessions)
            yield from _jobs_of_session(chance, inputs.place, session, chance.number_of(mean))
    for mfp in inputs.place.mfps:
        yield from _machine_jobs(chance_of(inputs.seed, "machine", mfp.serial, day), mfp, midnight_ms(day))


def _pull(day: date) -> float:
    if not is_month_end(day):
        return 1.0
    return _FISCAL_YEAR_END_PULL if day.month == 3 else _MONTH_END_PULL


def _jobs_of_session(chance: Chance, place: Building, session: Session, number: int) -> Iterator[Job]:
    for _ in range(number):
        yield _job_of(chance, place, session.person, chance.randrange(session.start_ms, session.end_ms))


def _machine_jobs(chance: Chance, mfp: Mfp, day_ms: int) -> Iterator[Job]:
    for _ in range(chance.number_of(_FAXES_PER_PRINTER)):
        pages = int(chance.long_tailed(1.6, 0.6, 1, 12))
        at_ms = day_ms + int(chance.spread(12.5, 2.6, 7, 21) * HOUR_MS)
        yield Job(at_ms, mfp.device, "fax_in", pages, pages, pages=pages)
    for _ in range(chance.number_of(_REPORTS_PER_PRINTER)):
        yield Job(day_ms + chance.randrange(8 * HOUR_MS, 18 * HOUR_MS), mfp.device, "other", 1, 1)


def _lively_jobs(inputs: PlanInputs, start_ms: int, end_ms: int) -> Iterator[Job]:
    mean_apart_ms = HOUR_MS / _LIVELY_JOBS_PER_HOUR
    for post in range(rounds.posts(inputs.roll)):
        chance = chance_of(inputs.seed, "lively jobs", post, start_ms)
        at_ms = start_ms + int(chance.expovariate(1 / mean_apart_ms))
        while at_ms < end_ms:
            yield _job_of(chance, inputs.place, rounds.person_at(inputs.roll, post, at_ms), at_ms)
            at_ms += 1 + int(chance.expovariate(1 / mean_apart_ms))
    for mfp in inputs.place.mfps:
        yield from _machine_jobs(chance_of(inputs.seed, "lively machine", mfp.serial, start_ms), mfp, start_ms)


def _job_of(chance: Chance, place: Building, person: Person, at_ms: int) -> Job:
    mfp = chance.choice(place.mfps_on[person.department.floor]).device
    sides = int(chance.long_tailed(2.6, 0.9, 1, 120))
    function = _function(chance, person)
    if function == "fax_out":
        return Job(at_ms, mfp, function, 0, 0, pages=min(sides, 10))
    if function == "scan":
        return Job(at_ms, mfp, function, 0, 0, pages=sides)
    sheets = (sides + 1) // 2 if chance.happens(_DUPLEX) else sides
    return Job(at_ms, mfp, function, sides, sheets, colour=chance.happens(_COLOUR))


def _function(chance: Chance, person: Person) -> Function:
    shares: dict[Function, float] = {"fax_out": person.department.fax_share, "scan": _SCANS, "copy": _COPIES}
    drawn = chance.random()
    for function, share in shares.items():
        if drawn < share:
            return function
        drawn -= share
    return "print"
