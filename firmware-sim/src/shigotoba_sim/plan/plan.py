"""The plan: every event the model of people causes, at any time one asks for.

Nothing is kept that could not be computed again: the last few days' agendas and the sums of the days before, so that
a counter after 400 days costs a look-up.

Responsible for time as a whole. Refuses commands (see ``timeline``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Final

from shigotoba_sim.clock import day_of, midnight_ms, next_day
from shigotoba_sim.plan.agenda import Agenda, agenda_of
from shigotoba_sim.plan.ahead import bookings_of
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.changes import with_changes
from shigotoba_sim.plan.counters import Counters, Tally, base_of
from shigotoba_sim.plan.days import stays_of
from shigotoba_sim.plan.events import Event, Job, Presence
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.printing import jobs_of
from shigotoba_sim.plan.stays import Stay
from shigotoba_sim.plan.wishes import Wish, wishes_of

_DAYS_KEPT: Final = 8


class Plan:
    """What happens in a building. Equal inputs give equal plans.

    Attributes:
        inputs: What it is made from.
    """

    def __init__(self, inputs: PlanInputs) -> None:
        self.inputs = inputs
        self._jobs: Callable[[date], list[Job]] = lru_cache(maxsize=_DAYS_KEPT)(partial(jobs_of, inputs))
        self._stays: Callable[[date], list[Stay]] = lru_cache(maxsize=_DAYS_KEPT)(partial(stays_of, inputs))
        self._bookings: Callable[[date], list[Booking]] = lru_cache(maxsize=_DAYS_KEPT)(self._bookings_of)
        self._wishes: Callable[[date], list[Wish]] = lru_cache(maxsize=_DAYS_KEPT)(self._wishes_of)
        self._agenda: Callable[[date], Agenda] = lru_cache(maxsize=_DAYS_KEPT)(self._agenda_of)
        self._base = {mfp.device: base_of(mfp.serial) for mfp in inputs.place.mfps}
        # The counters at the midnights from opened_on on.
        self._at_midnight = [self._base]

    def events(self, start_ms: int, end_ms: int) -> Iterator[Event]:
        """The events from ``start_ms`` until before ``end_ms``, in order of time."""
        day = day_of(start_ms)
        while midnight_ms(day) < end_ms:
            yield from self._agenda(day).between(start_ms, end_ms)
            day = next_day(day)

    def bookings(self, start_ms: int, end_ms: int) -> Iterator[Booking]:
        """The bookings that begin from ``start_ms`` until before ``end_ms``, in order of their beginning."""
        day = day_of(start_ms)
        while midnight_ms(day) < end_ms:
            yield from (one for one in self._bookings(day) if start_ms <= one.start_ms < end_ms)
            day = next_day(day)

    def wishes(self, start_ms: int, end_ms: int) -> Iterator[Wish]:
        """The wishes in vain for a time that begins from ``start_ms`` until before ``end_ms``."""
        day = day_of(start_ms)
        while midnight_ms(day) < end_ms:
            yield from (one for one in self._wishes(day) if start_ms <= one.start_ms < end_ms)
            day = next_day(day)

    def occupied_at(self, space: str, at_ms: int) -> bool:
        """Whether somebody is at ``space`` once the events at ``at_ms`` have happened."""
        return self._agenda(day_of(at_ms)).occupied_at(space, at_ms)

    def person_at(self, space: str, at_ms: int) -> int | None:
        """Who is at ``space`` then; None if nobody is."""
        return self._agenda(day_of(at_ms)).person_at(space, at_ms)

    def next_arrival(self, space: str, after_ms: int, until_ms: int) -> int | None:
        """When somebody comes to ``space`` next, later than ``after_ms`` and not later than ``until_ms``."""
        for event in self.events(after_ms + 1, until_ms + 1):
            if isinstance(event, Presence) and event.space == space and event.occupied:
                return event.at_ms
        return None

    def counters_at(self, mfp: str, at_ms: int) -> Counters:
        """The counters of ``mfp`` once the jobs at ``at_ms`` are done."""
        day = day_of(at_ms)
        if day < self.inputs.opened_on:
            return self._base[mfp]
        return self._counters_at_midnight(day)[mfp] + self._agenda(day).counted_by(mfp, at_ms)

    def _agenda_of(self, day: date) -> Agenda:
        return agenda_of(day, self._stays(day), self._jobs(day))

    def _bookings_of(self, day: date) -> list[Booking]:
        return with_changes(self.inputs, bookings_of(self.inputs, day, self._stays(day)))

    def _wishes_of(self, day: date) -> list[Wish]:
        return wishes_of(self.inputs, self._bookings(day))

    def _counters_at_midnight(self, day: date) -> dict[str, Counters]:
        days_open = (day - self.inputs.opened_on).days
        while len(self._at_midnight) <= days_open:
            past = self.inputs.opened_on + timedelta(days=len(self._at_midnight) - 1)
            self._at_midnight.append(self._after(self._at_midnight[-1], past))
        return self._at_midnight[days_open]

    def _after(self, counters: dict[str, Counters], day: date) -> dict[str, Counters]:
        added = Tally(self._jobs(day)).total
        return {mfp: before + added.get(mfp, Counters()) for mfp, before in counters.items()}
