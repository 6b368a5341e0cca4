"""Who was where from when to when: the movements of a stretch of time as closed spells.

Responsible for pairing arrivals with departures, and for cutting what reaches over either end. Refuses to keep more
than the places that are taken at the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from shigotoba_sim.plan.events import Event, Presence
from shigotoba_sim.plan.timeline import Timeline


class Spell(msgspec.Struct, frozen=True, gc=False):
    """``person`` was at ``space`` from ``start_ms`` until before ``end_ms``; None is somebody on command."""

    space: str
    person: int | None
    start_ms: int
    end_ms: int


class Spells:
    """The spells of one stretch of time that begins at ``start_ms``."""

    def __init__(self, timeline: Timeline, spaces: Iterable[str], start_ms: int) -> None:
        before_ms = start_ms - 1
        self._open = {
            space: (timeline.person_at(space, before_ms), start_ms)
            for space in spaces
            if timeline.occupied_at(space, before_ms)
        }

    def follow(self, event: Event) -> Spell | None:
        """Take in what happens next; a departure ends a spell."""
        if not isinstance(event, Presence):
            return None
        if event.occupied:
            self._open.setdefault(event.space, (event.person, event.at_ms))
            return None
        begun = self._open.pop(event.space, None)
        return None if begun is None else _spell(event.space, *begun, event.at_ms)

    def end(self, end_ms: int) -> Iterator[Spell]:
        """What goes on at the end of the stretch, cut there."""
        return (_spell(space, *begun, end_ms) for space, begun in self._open.items())


def _spell(space: str, person: int | None, start_ms: int, end_ms: int) -> Spell:
    return Spell(space, person, start_ms, end_ms)
