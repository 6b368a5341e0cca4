"""The timeline: the plan and the commands together, which is what really happened.

Like the plan it can be asked about any time and cut anywhere; whoever reads the same commands comes to the same
state. Responsible for merging. Refuses to read files (see ``commands``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from heapq import merge
from operator import attrgetter
from typing import TypeVar

from shigotoba_sim.commands import Command, Leave, Sit, event_of
from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.counters import Counters, Tally
from shigotoba_sim.plan.events import Event, Job, Press
from shigotoba_sim.plan.grip import UNTOUCHED, Grip, Hold, after
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.wishes import Wish

Happening = TypeVar("Happening", bound=Event | Command)

_at_ms = attrgetter("at_ms")


class Timeline:
    """What happens in a building of which a plan is made and which obeys commands."""

    def __init__(self, plan: Plan, commands: Iterable[Command] = ()) -> None:
        self._plan = plan
        self._moves: list[Sit | Leave] = []
        self._deeds: list[Press | Job] = []
        self._printed = Tally(())
        self._arrivals: dict[Leave, int] = {}
        self.obey(commands)

    def obey(self, commands: Iterable[Command]) -> None:
        """Take in more commands; those for the same instant take effect in the order in which they came."""
        for command in commands:
            if isinstance(command, Sit | Leave):
                self._moves.append(command)
            else:
                self._deeds.append(event_of(command, self._plan.inputs.place))
        self._moves.sort(key=_at_ms)
        self._deeds.sort(key=_at_ms)
        self._printed = Tally(event for event in self._deeds if isinstance(event, Job))

    def events(self, start_ms: int, end_ms: int) -> Iterator[Event]:
        """What happens from ``start_ms`` until before ``end_ms``, in order of time."""
        return merge(self._movements(start_ms, end_ms), _between(self._deeds, start_ms, end_ms), key=_at_ms)

    def bookings(self, start_ms: int, end_ms: int) -> Iterator[Booking]:
        """The bookings that begin from ``start_ms`` until before ``end_ms``; no command makes or changes one."""
        return self._plan.bookings(start_ms, end_ms)

    def wishes(self, start_ms: int, end_ms: int) -> Iterator[Wish]:
        """The wishes in vain for a time that begins from ``start_ms`` until before ``end_ms``."""
        return self._plan.wishes(start_ms, end_ms)

    def _movements(self, start_ms: int, end_ms: int) -> Iterator[Event]:
        holds = {space: self._hold(space, start_ms - 1) for space in {move.space for move in self._moves}}
        moves = _between(self._moves, start_ms, end_ms)
        for happening in merge(self._plan.events(start_ms, end_ms), moves, key=_at_ms):
            if isinstance(happening, Job):
                yield happening
                continue
            holds[happening.space], shows = after(holds.get(happening.space, UNTOUCHED), happening)
            if shows is not None:
                yield shows

    def _hold(self, space: str, at_ms: int) -> Hold:
        """The state of ``space`` at ``at_ms``: it depends on the last command there alone."""
        last = next((move for move in reversed(self._moves) if move.space == space and move.at_ms <= at_ms), None)
        if isinstance(last, Sit):
            return Hold(Grip.HELD, occupied=True)
        if isinstance(last, Leave) and not self._taken_again(last, at_ms):
            return Hold(Grip.CLEARED, occupied=False)
        return Hold(Grip.FREE, self._plan.occupied_at(space, at_ms))

    def _taken_again(self, leave: Leave, by_ms: int) -> bool:
        # Who came first after a command never changes, and finding it again would cost its day again.
        found_ms = self._arrivals.get(leave)
        if found_ms is None:
            found_ms = self._plan.next_arrival(leave.space, leave.at_ms, by_ms)
        if found_ms is None:
            return False
        self._arrivals[leave] = found_ms
        return found_ms <= by_ms

    def occupied_at(self, space: str, at_ms: int) -> bool:
        """Whether somebody is at ``space`` once everything at ``at_ms`` has happened."""
        return self._hold(space, at_ms).occupied

    def person_at(self, space: str, at_ms: int) -> int | None:
        """Who is at ``space`` then; None if nobody is, or somebody on command."""
        held = self._hold(space, at_ms)
        return self._plan.person_at(space, at_ms) if held.grip is Grip.FREE and held.occupied else None

    def counters_at(self, mfp: str, at_ms: int) -> Counters:
        """The counters of ``mfp`` once everything at ``at_ms`` is done."""
        return self._plan.counters_at(mfp, at_ms) + self._printed.by(mfp, at_ms)


def _between(happenings: list[Happening], start_ms: int, end_ms: int) -> list[Happening]:
    first, last = (bisect_left(happenings, at_ms, key=_at_ms) for at_ms in (start_ms, end_ms))
    return happenings[first:last]
