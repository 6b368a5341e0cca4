"""One day's events in order of time, and the state at any instant of it.

Responsible for turning stays and jobs into events, once, and for finding the place of an instant among them. Refuses
to look beyond its day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.plan.counters import Counters, Tally
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.plan.stays import Stay


class Agenda:
    """The events of the half-open interval from ``start_ms`` to ``end_ms``."""

    def __init__(self, stays: Iterable[Stay], jobs: list[Job], start_ms: int, end_ms: int) -> None:
        stays = list(stays)
        happenings = [event for stay in stays for event in _events_of(stay) if start_ms <= event.at_ms < end_ms]
        self._events: list[Event] = sorted([*happenings, *jobs], key=_order)
        self._times = [event.at_ms for event in self._events]
        self._seated = {stay.space: stay.person for stay in stays if stay.start_ms < start_ms < stay.end_ms}
        self._changes = _by_space(self._events)
        self._printed = Tally(jobs)

    def between(self, start_ms: int, end_ms: int) -> list[Event]:
        """The events from ``start_ms`` until before ``end_ms``."""
        return self._events[bisect_left(self._times, start_ms) : bisect_left(self._times, end_ms)]

    def occupied_at(self, space: str, at_ms: int) -> bool:
        """Whether ``space`` is occupied once the events at ``at_ms`` have happened."""
        last = self._last_change(space, at_ms)
        return last.occupied if last else space in self._seated

    def person_at(self, space: str, at_ms: int) -> int | None:
        """Who is at ``space`` then; None if nobody is."""
        last = self._last_change(space, at_ms)
        if last is None:
            return self._seated.get(space)
        return last.person if last.occupied else None

    def counted_by(self, mfp: str, at_ms: int) -> Counters:
        """What the day's jobs have added to ``mfp`` once those at ``at_ms`` are done."""
        return self._printed.by(mfp, at_ms)

    def _last_change(self, space: str, at_ms: int) -> Presence | None:
        times, changes = self._changes.get(space, ([], []))
        position = bisect_right(times, at_ms)
        return changes[position - 1] if position else None


def agenda_of(day: date, stays: Iterable[Stay], jobs: list[Job]) -> Agenda:
    """The agenda of ``day`` with its stays, on which these ``jobs`` are done."""
    return Agenda(stays, jobs, midnight_ms(day), midnight_ms(next_day(day)))


def _events_of(stay: Stay) -> Iterator[Presence | Press]:
    yield Presence(stay.start_ms, stay.space, True, stay.person)
    yield from stay.presses
    yield Presence(stay.end_ms, stay.space, False, stay.person)


def _order(event: Event) -> tuple[int, str]:
    return event.at_ms, event.mfp if isinstance(event, Job) else event.space


def _by_space(events: Iterable[Event]) -> dict[str, tuple[list[int], list[Presence]]]:
    by_space: dict[str, tuple[list[int], list[Presence]]] = {}
    for event in events:
        if isinstance(event, Presence):
            times, changes = by_space.setdefault(event.space, ([], []))
            times.append(event.at_ms)
            changes.append(event)
    return by_space
